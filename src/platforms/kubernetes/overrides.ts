import type { DaemonSetArgs } from "@pulumi/kubernetes/apps/v1/daemonSet.js";
import type { DeploymentArgs } from "@pulumi/kubernetes/apps/v1/deployment.js";
import type { StatefulSetArgs } from "@pulumi/kubernetes/apps/v1/statefulSet.js";
import type { HorizontalPodAutoscalerArgs } from "@pulumi/kubernetes/autoscaling/v2/horizontalPodAutoscaler.js";
import type { CronJobArgs } from "@pulumi/kubernetes/batch/v1/cronJob.js";
import type { JobArgs } from "@pulumi/kubernetes/batch/v1/job.js";
import type { ConfigMapArgs } from "@pulumi/kubernetes/core/v1/configMap.js";
import type { LimitRangeArgs } from "@pulumi/kubernetes/core/v1/limitRange.js";
import type { NamespaceArgs } from "@pulumi/kubernetes/core/v1/namespace.js";
import type { PersistentVolumeClaimArgs } from "@pulumi/kubernetes/core/v1/persistentVolumeClaim.js";
import type { ResourceQuotaArgs } from "@pulumi/kubernetes/core/v1/resourceQuota.js";
import type { SecretArgs } from "@pulumi/kubernetes/core/v1/secret.js";
import type { ServiceArgs } from "@pulumi/kubernetes/core/v1/service.js";
import type { ServiceAccountArgs } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import type { NetworkPolicyArgs } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type { PodDisruptionBudgetArgs } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import type { Children } from "../../core/overrides.ts";
import type { CustomManifest } from "./custom-object.ts";

/** Kinds of children of components in a cluster; those that are not Kubernetes' own have no types. */
interface Kinds {
  Deployment: DeploymentArgs;
  StatefulSet: StatefulSetArgs;
  DaemonSet: DaemonSetArgs;
  Job: JobArgs;
  CronJob: CronJobArgs;
  HorizontalPodAutoscaler: HorizontalPodAutoscalerArgs;
  ConfigMap: ConfigMapArgs;
  LimitRange: LimitRangeArgs;
  Namespace: NamespaceArgs;
  PersistentVolumeClaim: PersistentVolumeClaimArgs;
  ResourceQuota: ResourceQuotaArgs;
  Secret: SecretArgs;
  Service: ServiceArgs;
  ServiceAccount: ServiceAccountArgs;
  NetworkPolicy: NetworkPolicyArgs;
  PodDisruptionBudget: PodDisruptionBudgetArgs;
  AuthorizationPolicy: CustomManifest;
  Certificate: CustomManifest;
  DestinationRule: CustomManifest;
  EnvoyFilter: CustomManifest;
  Gateway: CustomManifest;
  HTTPRoute: CustomManifest;
  Issuer: CustomManifest;
  PeerAuthentication: CustomManifest;
  PodMonitor: CustomManifest;
  PrometheusRule: CustomManifest;
  Telemetry: CustomManifest;
  VirtualService: CustomManifest;
}

declare module "../../core/overrides.ts" {
  interface KubernetesOverrides extends Children<Kinds> {}
}
