import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Ready } from "../../core/connection.ts";
import { boundOutside, type OutsideAddress } from "../../core/outside.ts";
import type { SystemScope } from "../../core/platform.ts";
import { quietly } from "../../core/quietly.ts";
import type { PartPort, ResolvedBinding, WorkloadSpec } from "../../core/workload.ts";
import type { KubernetesContext } from "./context.ts";
import { tryEndpoint, tryOutside } from "./endpoints.ts";
import type { Part } from "./manifests/names.ts";
import { admission, admissionName, type Outward, partPolicy, type Server } from "./manifests/network-policy.ts";
import { openInMesh } from "./mesh/paths.ts";

/** Opens both ends of every declared path of a part; the rest of the namespace stays closed. */
export function openPaths(context: KubernetesContext, parent: pulumi.Resource, part: Part, outward: Outward): Ready {
  const { place, cluster, mesh } = context;
  return quietly(() => {
    const whole = { ...outward, nameServers: cluster.nameServers, controlPlane: mesh?.controlPlane };
    const own = new NetworkPolicy(part.name, partPolicy(place, part, whole), context.child(parent));
    const admissions = outward.servers.map(
      (server) => new NetworkPolicy(admissionName(part, server), admission(place, part, server), context.child(parent)),
    );
    return [own, ...admissions, ...openInMesh(context, parent, part, outward)];
  });
}

/** Workloads of the same system that a part connects to, on the ports that it asks for and no others. */
export function siblingServers(reaches: readonly PartPort[] = [], scope: Pick<SystemScope, "system" | "ports">): Server[] {
  const asked = reaches.map(({ workload, port }) => {
    const number = scope.ports[workload]?.[port]?.port;
    if (number === undefined) throw new Error(`${scope.system}: a spec reaches "${workload}" on "${port}", which it does not declare`);
    return { workload, number };
  });
  return [...Map.groupBy(asked, ({ workload }) => workload)].map(([name, ports]) => ({
    system: scope.system,
    name,
    ports: ports.map(({ number }) => number),
  }));
}

/** Ports on which replicas of a part reach each other: those that it names of itself, and all of a quorum. */
export function siblingPorts({ name, identity, replicas, ports, reaches = [] }: WorkloadSpec): number[] {
  const named = reaches.flatMap(({ workload, port }) => (workload === name ? [port] : []));
  const quorum = identity === "stable" && replicas > 1;
  return Object.entries(ports).flatMap(([key, { port }]) => (quorum || named.includes(key) ? [port] : []));
}

/** The servers behind bindings, each once, with the ports that are bound. */
export function boundServers(bindings: readonly ResolvedBinding[]): Server[] {
  const servers = new Map<string, Server>();
  for (const { to } of bindings) {
    const server = tryEndpoint(to.endpoint);
    if (!server) continue;
    const ports = [...(servers.get(server.name)?.ports ?? []), to.summary.port];
    servers.set(server.name, { ...server, ports: [...new Set(ports)] });
  }
  return [...servers.values()];
}

/** Ways out of a part: what it declares, and the systems outside that it is bound to. */
export const waysOut = (bindings: readonly ResolvedBinding[] | undefined, egress: readonly OutsideAddress[]): OutsideAddress[] => [
  ...egress,
  ...boundOutside(bindings, tryOutside),
];
