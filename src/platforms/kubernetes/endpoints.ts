import type { Endpoint } from "../../core/connection.ts";
import type { Server } from "./manifests/network-policy.ts";

/** What a connection's opaque endpoint is on Kubernetes: the pods that serve it. */
const servers = new WeakMap<object, Server>();

export function sealEndpoint(server: Server): Endpoint {
  const endpoint = Object.freeze({}) as Endpoint;
  servers.set(endpoint, server);
  return endpoint;
}

export function openEndpoint(endpoint: Endpoint): Server {
  const server = servers.get(endpoint);
  if (!server) throw new Error("this connection belongs to another platform");
  return server;
}

/** Undefined for the stub of a component that has problems. */
export const tryEndpoint = (endpoint: Endpoint): Server | undefined => servers.get(endpoint);
