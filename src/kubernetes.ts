import { natsOnCluster } from "../components/nats-cluster/kubernetes/routes.ts";
import { observabilityOnKubernetes } from "../components/observability-stack/kubernetes/index.ts";
import { redisOnCluster } from "../components/redis-cache/kubernetes/shape.ts";
import { gatewayOnKubernetes } from "../components/service-mesh-gateway/kubernetes/realise.ts";
import { temporalOnKubernetes } from "../components/temporal-server/kubernetes/shape.ts";
import { openKubernetesGround } from "./platforms/kubernetes/ground.ts";
import type { ClusterSystems } from "./platforms/kubernetes/systems.ts";

/** The Kubernetes ground: load it when the stack's target is kubernetes. */
export { KubernetesPlatform, type KubernetesPlatformArgs } from "./platforms/kubernetes/platform.ts";

/** Systems that a cluster serves by more than their containers, by the class of the component. */
const systems: ClusterSystems = {
  NatsCluster: natsOnCluster,
  ObservabilityStack: observabilityOnKubernetes,
  RedisCache: redisOnCluster,
  ServiceMeshGateway: gatewayOnKubernetes,
  TemporalServer: temporalOnKubernetes,
};

/** Opens the ground for a stack; `runStack` calls it. */
export const openGround = (context: Parameters<typeof openKubernetesGround>[0]) => openKubernetesGround(context, systems);
export type * from "./platforms/kubernetes/overrides.ts";
