/** The Docker ground: load it when the stack's target is docker. */
export { resolveEndpoint } from "./platforms/docker/endpoint.ts";
export { openGround } from "./platforms/docker/ground.ts";
export type * from "./platforms/docker/overrides.ts";
export { DockerPlatform, type DockerPlatformArgs } from "./platforms/docker/platform.ts";
