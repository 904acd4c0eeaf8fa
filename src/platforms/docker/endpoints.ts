import type { Network } from "@pulumi/docker/network.js";
import type { Endpoint } from "../../core/connection.ts";

/** What a connection's opaque endpoint is on Docker: the network in which the server's name resolves. */
export interface DockerServer {
  readonly network: Network;
}

const servers = new WeakMap<object, DockerServer>();

export function sealEndpoint(server: DockerServer): Endpoint {
  const endpoint = Object.freeze({}) as Endpoint;
  servers.set(endpoint, server);
  return endpoint;
}

export function openEndpoint(endpoint: Endpoint): DockerServer {
  const server = servers.get(endpoint);
  if (!server) throw new Error("this connection belongs to another platform");
  return server;
}

/** Undefined for the stub of a component that has problems. */
export const tryEndpoint = (endpoint: Endpoint): DockerServer | undefined => servers.get(endpoint);
