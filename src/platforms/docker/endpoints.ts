import type { Network } from "@pulumi/docker/network.js";
import type { OutsideServer } from "../../core/outside.ts";
import { sealer } from "../../core/seal.ts";

/** What a connection's opaque endpoint is on Docker: the network in which the server's name resolves. */
export interface DockerServer {
  readonly network: Network;
}

export const { seal: sealEndpoint, open: openEndpoint, tryOpen: tryEndpoint } = sealer<DockerServer>();

/** The same of a system that runs outside of the stack. */
export const { seal: sealOutside, tryOpen: tryOutside } = sealer<OutsideServer>();
