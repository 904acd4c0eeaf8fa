import { type CapabilityKey, capabilities, refusal } from "./capabilities.ts";
import type { Target } from "./platform.ts";
import type { Problem } from "./problems.ts";
import type { Ask, SystemSpec } from "./system.ts";
import type { WorkloadSpec } from "./workload.ts";

/**
 * What a target cannot honour, as problems that name the row of the capability matrix. A cell that depends on the settings of
 * the stack is refused unless it is among what this stack can.
 */
export function unsupportedOn(target: Target, spec: SystemSpec, can: readonly CapabilityKey[] = []): Problem[] {
  return asksOf(spec)
    .filter(({ capability }) => !can.includes(capability) && capabilities[capability].cells[target].state === "refused")
    .map(({ capability, path, value }) => ({ component: spec.name, path, value, ...refusal(capability, target) }));
}

/** What a target honours only more coarsely than the topology says, as warnings that name the row. */
export function coarserOn(target: Target, spec: SystemSpec): string[] {
  const asked = (spec.asks ?? []).map(({ capability }) => capability);
  return [...new Set([...declaredBy(spec), ...asked])].flatMap((key) => {
    const { capability, cells } = capabilities[key];
    const { state, how } = cells[target];
    return state === "coarser" ? [`${capability}: ${target} gives ${how}`] : [];
  });
}

/** What the topology itself declares and a target may honour in part. Ports of data systems are published by the profile, not by it. */
function declaredBy({ kind, workloads }: SystemSpec): CapabilityKey[] {
  const any = (declares: (workload: WorkloadSpec) => boolean) => workloads.some(declares);
  return [
    ...(any(({ egress }) => egress.length > 0) ? (["egress"] as const) : []),
    ...(kind === "AppService" && any(({ ports }) => Object.values(ports).some(({ published }) => published)) ? (["published"] as const) : []),
    ...(kind === "AppService" && any(({ volumes }) => volumes.length > 0) ? (["volumes"] as const) : []),
    ...(any(({ autoscale }) => autoscale !== undefined) ? (["autoscale"] as const) : []),
  ];
}

/** What its containers ask for by their form, and what the component says that it asks for. */
function asksOf(spec: SystemSpec): Ask[] {
  return [...spec.workloads.flatMap(formOf), ...(spec.asks ?? [])];
}

function formOf({ identity, replicas, autoscale, ports, volumes, mounts = [] }: WorkloadSpec): Ask[] {
  const folders: Ask[] = mounts.length > 0 ? [{ capability: "mounts", path: "mounts", value: mounts.map(({ from }) => from) }] : [];
  if (identity === "stable") return folders;
  const keeps = volumes.length > 0;
  const published = Object.values(ports).some((port) => port.published);
  const asks: Ask[] = [...folders];
  if (replicas > 1 && published) asks.push({ capability: "publishReplicas", path: "replicas", value: replicas });
  if (replicas > 1 && keeps) asks.push({ capability: "volumeReplicas", path: "replicas", value: replicas });
  if (replicas === 1 && autoscale && autoscale.max > 1 && keeps) {
    asks.push({ capability: "volumeReplicas", path: "autoscale.max", value: autoscale.max });
  }
  return asks;
}
