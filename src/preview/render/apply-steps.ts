import { labelKeys } from "../../core/labels.ts";
import type { PlanObject } from "../kubernetes.ts";
import type { ManifestFolder } from "./manifests.ts";

/** Kinds whose rollout is waited for. */
export const serving = ["Deployment", "StatefulSet", "DaemonSet"];

const isGateway = ({ kind, manifest }: PlanObject) => kind === "Gateway" && manifest.apiVersion.startsWith("gateway.networking.k8s.io/");
/** What the next step waits for. */
const isGate = (object: PlanObject) => serving.includes(object.kind) || object.kind === "Job" || isGateway(object);

/** Longest that its readiness is waited for: what the plan gives it. */
const patience = ({ resource }: PlanObject) => Number.parseInt(resource.createTimeout ?? "600", 10);
const deadline = ({ manifest }: PlanObject) =>
  Number((manifest.spec as { activeDeadlineSeconds?: number } | undefined)?.activeDeadlineSeconds ?? 600);
const partOf = ({ manifest }: PlanObject) => manifest.metadata.labels?.[labelKeys.part];

/** The gates of a component in rounds: each round needs only gates of those before it. */
function rounds({ objects }: ManifestFolder): PlanObject[][] {
  const byUrn = new Map(objects.map((object) => [object.resource.urn, object]));
  const needs = (object: PlanObject, seen = new Set<PlanObject>()): Set<PlanObject> => {
    for (const urn of object.resource.dependencies) {
      const other = byUrn.get(urn);
      if (!other || seen.has(other)) continue;
      seen.add(other);
      needs(other, seen);
    }
    return seen;
  };
  const done = new Set<PlanObject>();
  const made: PlanObject[][] = [];
  for (let left = objects.filter(isGate); left.length > 0; left = left.filter((gate) => !done.has(gate))) {
    const next = left.filter((gate) => [...needs(gate)].every((other) => !isGate(other) || other === gate || done.has(other)));
    // Gates that need each other are one round: nothing else could come first.
    const round = next.length > 0 ? next : left;
    for (const gate of round) done.add(gate);
    made.push(round);
  }
  return made;
}

const wait = (gate: PlanObject, home: string): string => {
  const { kind, name, namespace } = gate;
  if (kind === "Job") return `job_done ${name} ${deadline(gate)}`;
  if (isGateway(gate)) return `programmed ${name}`;
  return `ready ${kind.toLowerCase()}/${name} ${patience(gate)}${namespace === home ? "" : ` ${namespace}`}`;
};

/**
 * Lines of the script for one component: whatever must have ended or be ready before something else of it starts comes
 * first, a schema before its server. What nothing waits for, checks for example, comes last.
 */
export function applySteps(folder: ManifestFolder, home: string): string[] {
  const { name, objects } = folder;
  const all = rounds(folder);
  const gated = new Set(all.flat().map(partOf));
  const one = all.length <= 1 && all.flat().every(({ kind }) => kind !== "Job");
  if (one) return [`begin ${name}`, `apply ${name}`, ...all.flat().map((gate) => wait(gate, home))];
  const chosen = (round: readonly PlanObject[]) => `--selector '${labelKeys.part} in (${[...new Set(round.map(partOf))].join(",")})'`;
  const rest = objects.some((object) => !gated.has(partOf(object)));
  return [
    `begin ${name}`,
    ...all.flatMap((round) => [`apply ${name} ${chosen(round)}`, ...round.map((gate) => wait(gate, home))]),
    ...(rest ? [`apply ${name}`] : []),
  ];
}
