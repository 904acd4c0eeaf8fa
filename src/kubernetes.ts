/** The Kubernetes ground: load it when the stack's target is kubernetes. */
export { openGround } from "./platforms/kubernetes/ground.ts";
export { KubernetesPlatform, type KubernetesPlatformArgs } from "./platforms/kubernetes/platform.ts";
