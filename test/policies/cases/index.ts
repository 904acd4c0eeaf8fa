import type { PolicyCases } from "../cases.ts";
import { awsCacheCases } from "./aws-cache.ts";
import { awsContainerCases } from "./aws-containers.ts";
import { awsDatabaseCases } from "./aws-database.ts";
import { awsDatabaseInsightCases } from "./aws-database-insight.ts";
import { awsDatabaseUpkeepCases } from "./aws-database-upkeep.ts";
import { awsDeadLetterCases } from "./aws-dead-letters.ts";
import { awsGatewayCases } from "./aws-gateway.ts";
import { awsIdentityCases } from "./aws-identity.ts";
import { awsMessagingCases } from "./aws-messaging.ts";
import { awsNetworkCases } from "./aws-network.ts";
import { awsOperationCases } from "./aws-operations.ts";
import { awsStorageCases } from "./aws-storage.ts";
import { awsStorageUpkeepCases } from "./aws-storage-upkeep.ts";
import { awsStreamCases } from "./aws-streams.ts";
import { componentCases } from "./components.ts";
import { componentDataCases } from "./components-data.ts";
import { dockerCases } from "./docker.ts";
import { dockerPrivilegeCases } from "./docker-privileges.ts";
import { dockerRunningCases } from "./docker-running.ts";
import { dockerStorageCases } from "./docker-storage.ts";
import { imageCases } from "./images.ts";
import { istioCases } from "./istio.ts";
import { istioEdgeCases } from "./istio-edges.ts";
import { istioRouteCases } from "./istio-routes.ts";
import { kubernetesAccessCases } from "./kubernetes-access.ts";
import { kubernetesContainerCases } from "./kubernetes-containers.ts";
import { kubernetesIngressCases } from "./kubernetes-ingress.ts";
import { kubernetesNamespaceCases } from "./kubernetes-namespaces.ts";
import { kubernetesPodGuardCases } from "./kubernetes-pod-guards.ts";
import { kubernetesPodCases } from "./kubernetes-pods.ts";
import { kubernetesReferenceCases } from "./kubernetes-references.ts";
import { kubernetesStatefulCases } from "./kubernetes-stateful.ts";
import { kubernetesWorkloadCases } from "./kubernetes-workloads.ts";
import { secretCases } from "./secrets.ts";
import { unreadCases } from "./unread.ts";

/** Cases of every policy by its id. */
export const cases: Readonly<Record<string, PolicyCases>> = {
  ...awsCacheCases,
  ...awsContainerCases,
  ...awsDatabaseCases,
  ...awsDatabaseUpkeepCases,
  ...awsDatabaseInsightCases,
  ...awsGatewayCases,
  ...awsIdentityCases,
  ...awsMessagingCases,
  ...awsDeadLetterCases,
  ...awsNetworkCases,
  ...awsOperationCases,
  ...awsStorageCases,
  ...awsStorageUpkeepCases,
  ...awsStreamCases,
  ...componentCases,
  ...componentDataCases,
  ...dockerCases,
  ...dockerPrivilegeCases,
  ...dockerRunningCases,
  ...dockerStorageCases,
  ...imageCases,
  ...istioCases,
  ...istioRouteCases,
  ...istioEdgeCases,
  ...kubernetesAccessCases,
  ...kubernetesStatefulCases,
  ...kubernetesReferenceCases,
  ...kubernetesNamespaceCases,
  ...kubernetesIngressCases,
  ...kubernetesContainerCases,
  ...kubernetesPodCases,
  ...kubernetesPodGuardCases,
  ...kubernetesWorkloadCases,
  ...secretCases,
  ...unreadCases,
};
