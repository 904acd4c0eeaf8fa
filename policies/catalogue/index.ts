import type { Policy } from "../model.ts";
import { awsCachePolicies } from "./aws-cache.ts";
import { awsContainerPolicies } from "./aws-containers.ts";
import { awsDatabasePolicies } from "./aws-database.ts";
import { awsDatabaseInsightPolicies } from "./aws-database-insight.ts";
import { awsDatabaseUpkeepPolicies } from "./aws-database-upkeep.ts";
import { awsDeadLetterPolicies } from "./aws-dead-letters.ts";
import { awsGatewayPolicies } from "./aws-gateway.ts";
import { awsIdentityPolicies } from "./aws-identity.ts";
import { awsMessagingPolicies } from "./aws-messaging.ts";
import { awsNetworkPolicies } from "./aws-network.ts";
import { awsOperationPolicies } from "./aws-operations.ts";
import { awsStoragePolicies } from "./aws-storage.ts";
import { awsStorageUpkeepPolicies } from "./aws-storage-upkeep.ts";
import { awsStreamPolicies } from "./aws-streams.ts";
import { componentPolicies } from "./components.ts";
import { componentDataPolicies } from "./components-data.ts";
import { dockerPolicies } from "./docker.ts";
import { dockerPrivilegePolicies } from "./docker-privileges.ts";
import { dockerRunningPolicies } from "./docker-running.ts";
import { dockerStoragePolicies } from "./docker-storage.ts";
import { imagePolicies } from "./images.ts";
import { istioPolicies } from "./istio.ts";
import { istioEdgePolicies } from "./istio-edges.ts";
import { istioRoutePolicies } from "./istio-routes.ts";
import { kubernetesAccessPolicies } from "./kubernetes-access.ts";
import { kubernetesContainerPolicies } from "./kubernetes-containers.ts";
import { kubernetesIngressPolicies } from "./kubernetes-ingress.ts";
import { kubernetesNamespacePolicies } from "./kubernetes-namespaces.ts";
import { kubernetesPodGuardPolicies } from "./kubernetes-pod-guards.ts";
import { kubernetesPodPolicies } from "./kubernetes-pods.ts";
import { kubernetesReferencePolicies } from "./kubernetes-references.ts";
import { kubernetesSecretPolicies } from "./kubernetes-secrets.ts";
import { kubernetesStatefulPolicies } from "./kubernetes-stateful.ts";
import { kubernetesWorkloadPolicies } from "./kubernetes-workloads.ts";
import { secretPolicies } from "./secrets.ts";
import { unreadPolicies } from "./unread.ts";

/** Policies by area, in the order of reports and documentation. */
export const areas: Readonly<Record<string, readonly Policy[]>> = {
  "Every target": [...componentPolicies, ...componentDataPolicies, ...imagePolicies, ...secretPolicies, ...unreadPolicies],
  Docker: [...dockerPolicies, ...dockerPrivilegePolicies, ...dockerRunningPolicies, ...dockerStoragePolicies],
  Kubernetes: [
    ...kubernetesPodPolicies,
    ...kubernetesPodGuardPolicies,
    ...kubernetesContainerPolicies,
    ...kubernetesSecretPolicies,
    ...kubernetesWorkloadPolicies,
    ...kubernetesStatefulPolicies,
    ...kubernetesNamespacePolicies,
    ...kubernetesReferencePolicies,
    ...kubernetesAccessPolicies,
    ...kubernetesIngressPolicies,
  ],
  Istio: [...istioPolicies, ...istioEdgePolicies, ...istioRoutePolicies],
  AWS: [
    ...awsDatabasePolicies,
    ...awsDatabaseUpkeepPolicies,
    ...awsDatabaseInsightPolicies,
    ...awsCachePolicies,
    ...awsMessagingPolicies,
    ...awsDeadLetterPolicies,
    ...awsStoragePolicies,
    ...awsStorageUpkeepPolicies,
    ...awsStreamPolicies,
    ...awsContainerPolicies,
    ...awsGatewayPolicies,
    ...awsNetworkPolicies,
    ...awsIdentityPolicies,
    ...awsOperationPolicies,
  ],
};

export const catalogue: readonly Policy[] = Object.values(areas).flat();
