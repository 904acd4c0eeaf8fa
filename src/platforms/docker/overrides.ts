import type { ContainerArgs } from "@pulumi/docker/container.js";
import type { NetworkArgs } from "@pulumi/docker/network.js";
import type { RemoteImageArgs } from "@pulumi/docker/remoteImage.js";
import type { VolumeArgs } from "@pulumi/docker/volume.js";
import type { Children } from "../../core/overrides.ts";

/** Kinds of children on Docker. */
interface Kinds {
  Container: ContainerArgs;
  Network: NetworkArgs;
  RemoteImage: RemoteImageArgs;
  Volume: VolumeArgs;
}

declare module "../../core/overrides.ts" {
  interface DockerOverrides extends Children<Kinds> {}
}
