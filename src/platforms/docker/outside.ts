import type { External } from "../../core/connection.ts";
import { thisMachine } from "../../core/existing.ts";
import { boundOutside } from "../../core/outside.ts";
import type { ResolvedBinding } from "../../core/workload.ts";
import type { DockerContext } from "./context.ts";
import { tryOutside } from "./endpoints.ts";
import { egressNetwork } from "./networks.ts";

/** How the developer's own tools reach what runs elsewhere: as containers do, but for the name of the machine. */
export function seenFromHere(host: string, port: number): External {
  const here = host === thisMachine ? "127.0.0.1" : host;
  return { host: here, port, address: `${here}:${port}` };
}

/** The way out of a container that declares hosts outside or is bound to a system there, and the name of the machine where it asks for that. */
export function wayOut(context: DockerContext, bindings: readonly ResolvedBinding[] | undefined, declares: boolean) {
  const servers = boundOutside(bindings, tryOutside);
  return {
    networks: declares || servers.length > 0 ? [{ name: egressNetwork(context).name }] : [],
    hosts: servers.some(({ host }) => host === thisMachine) ? { hosts: [{ host: thisMachine, ip: "host-gateway" }] } : {},
  };
}
