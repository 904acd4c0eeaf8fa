import type { Network } from "@pulumi/docker/network.js";
import type { Output } from "@pulumi/pulumi";
import { placeOf, type SystemScope } from "../../core/platform.ts";
import type { PartPort, ResolvedBinding } from "../../core/workload.ts";
import { openEndpoint, tryEndpoint } from "./endpoints.ts";

interface Connects {
  readonly bindings?: readonly ResolvedBinding[];
  readonly reaches?: readonly PartPort[];
}

/** Networks that a container joins beside its own: of the servers it is bound to, and of its siblings. Each once. */
export function otherNetworks({ bindings = [], reaches = [] }: Connects, scope: SystemScope, own?: Network): Output<string>[] {
  const bound = bindings.flatMap(({ to }) => tryEndpoint(to.endpoint)?.network ?? []);
  const siblings = reaches.map(({ workload }) => openEndpoint(placeOf(scope, workload)).network);
  return [...new Set([...bound, ...siblings])].filter((network) => network !== own).map(({ name }) => name);
}
