import type { Network } from "@pulumi/docker/network.js";
import { sealer } from "../../core/seal.ts";

/** What a connection's opaque endpoint is on Docker: the network in which the server's name resolves. */
export interface DockerServer {
  readonly network: Network;
}

export const { seal: sealEndpoint, open: openEndpoint, tryOpen: tryEndpoint } = sealer<DockerServer>();
