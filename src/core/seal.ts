import type { Endpoint } from "./connection.ts";

/** Makes endpoints that nobody but this platform can look into. */
export function sealer<S>() {
  const sealed = new WeakMap<object, S>();
  /** Undefined for the stub of a component that has problems. */
  const tryOpen = (endpoint: Endpoint): S | undefined => sealed.get(endpoint);
  return {
    seal(server: S): Endpoint {
      const endpoint = Object.freeze({}) as Endpoint;
      sealed.set(endpoint, server);
      return endpoint;
    },
    open(endpoint: Endpoint): S {
      const server = tryOpen(endpoint);
      if (!server) throw new Error("this connection belongs to another platform");
      return server;
    },
    tryOpen,
  };
}
