import { observabilityOnKubernetes } from "../components/observability-stack/kubernetes/index.ts";
import { openKubernetesGround } from "./platforms/kubernetes/ground.ts";
import type { ClusterSystems } from "./platforms/kubernetes/systems.ts";

/** The Kubernetes ground: load it when the stack's target is kubernetes. */
export { KubernetesPlatform, type KubernetesPlatformArgs } from "./platforms/kubernetes/platform.ts";

/** Systems that a cluster serves by more than their containers, by the class of the component. */
const systems: ClusterSystems = { ObservabilityStack: observabilityOnKubernetes };

export const openGround = (context: Parameters<typeof openKubernetesGround>[0]) => openKubernetesGround(context, systems);
