import { unknownSecret } from "../../core/given-secret.ts";
import { labelKeys } from "../../core/labels.ts";
import { type SeenContainer, type SeenImage, seenContainers, seenImages } from "../../platforms/docker/seen.ts";
import { containersOf, imageReferences, type PlanContainer } from "../../preview/containers.ts";
import { type Plan, resourcesOfType } from "../../preview/plan.ts";
import type { Daemon } from "../daemon.ts";
import { driftOf, portsOf } from "./drift.ts";
import type { PartStatus } from "./status.ts";

/** What the daemon has of a stack. */
export interface DockerSeen {
  readonly containers: readonly SeenContainer[];
  readonly images: ReadonlyMap<string, SeenImage>;
  /** Data volumes by name. */
  readonly volumes: readonly string[];
}

export async function seeDocker({ docker }: Daemon, prefix: string, plan: Plan): Promise<DockerSeen> {
  const references = imageReferences(plan);
  const planned = containersOf(plan).map(({ inputs }) => references.get(inputs.image) ?? inputs.image);
  const [containers, { Volumes }] = await Promise.all([
    seenContainers(docker, prefix),
    docker.listVolumes({ filters: { label: [`${labelKeys.stack}=${prefix}`, `${labelKeys.role}=data`] } }),
  ]);
  const images = await seenImages(docker, [...planned, ...containers.map(({ imageId }) => imageId)]);
  return { containers, images, volumes: (Volumes ?? []).map(({ Name }) => Name) };
}

/** Every server and job of the plan, every data volume, and what runs beside them. `real` as for `driftOf`. */
export function dockerStatus(plan: Plan, { containers, images, volumes }: DockerSeen, prefix: string, real: boolean): PartStatus[] {
  const all = containersOf(plan);
  const references = imageReferences(plan);
  const standIns = [unknownSecret, ...plan.credentials.map(({ value }) => value)];
  const find = (part: PlanContainer | undefined) => containers.find(({ name }) => name === part?.inputs.name);
  const parts = all
    .filter(({ role }) => role === "server" || role === "job")
    .map((part): PartStatus => {
      const { component, resource, inputs, role } = part;
      const image = references.get(inputs.image) ?? inputs.image;
      const base = { component, part: resource.name, kind: role as "server" | "job", image, ports: portsOf(inputs) };
      const now = find(part);
      if (!now) return { ...base, state: "missing", ok: false, missing: true, restarts: 0, drift: [] };
      const prober = all.find((other) => other.role === "prober" && other.resource.dependencies.includes(resource.urn));
      const { state, fine } = role === "job" ? jobState(now) : serverState(now, prober ? (find(prober) ?? "missing") : undefined);
      const drift = driftOf({ inputs, image, real, standIns }, now, images);
      const since = now.since ? { since: now.since } : {};
      return { ...base, ...since, state, ok: fine && drift.length === 0, missing: false, restarts: now.restarts, drift };
    });
  return [...parts, ...volumeStatus(plan, volumes), ...strangers(containers, all, prefix)];
}

interface Judged {
  readonly state: string;
  readonly fine: boolean;
}

/** A server, with the container that asks for its health where it cannot say by itself. */
function serverState(now: SeenContainer, prober: SeenContainer | "missing" | undefined): Judged {
  if (now.state !== "running") return { state: endOf(now), fine: false };
  if (prober === "missing") return { state: "running, and its prober is missing", fine: false };
  if (prober && prober.state !== "running") return { state: `running, and its prober is ${endOf(prober)}`, fine: false };
  const health = now.health ?? prober?.health;
  const state = health === undefined || health === "none" ? "running" : health;
  return { state: now.restarts > 0 ? `${state} (restarted ${times(now.restarts)})` : state, fine: state === "running" || state === "healthy" };
}

function jobState(now: SeenContainer): Judged {
  if (now.state === "exited" && now.exitCode === 0) return { state: "done", fine: true };
  return { state: now.state === "exited" ? `failed with code ${now.exitCode}` : endOf(now), fine: false };
}

const times = (count: number) => (count === 1 ? "once" : `${count} times`);

/** Why a container does not run. */
function endOf({ state, exitCode, restarts, error, outOfMemory }: SeenContainer): string {
  const why = [...(outOfMemory ? ["out of memory"] : []), ...(error ? [error] : [])].join(": ");
  if (state === "restarting") return `restarting (${times(restarts)}, last code ${exitCode}${why ? `, ${why}` : ""})`;
  if (state === "created") return `never started${why ? `: ${why}` : ""}`;
  if (state === "exited") return `${exitCode === 0 ? "stopped" : `exited with code ${exitCode}`}${why ? `: ${why}` : ""}`;
  return state;
}

const labelOf = (labels: unknown, key: string) =>
  (labels as readonly { label: string; value: string }[] | undefined)?.find(({ label }) => label === key)?.value ?? "";

function volumeStatus(plan: Plan, volumes: readonly string[]): PartStatus[] {
  return resourcesOfType(plan, "docker:index/volume:Volume")
    .filter(({ inputs }) => labelOf(inputs.labels, labelKeys.role) === "data")
    .map(({ name, inputs }): PartStatus => {
      const there = volumes.includes(String(inputs.name));
      const component = labelOf(inputs.labels, labelKeys.component);
      const format = labelOf(inputs.labels, labelKeys.format);
      const state = there ? `kept${format ? ` (${format})` : ""}` : "missing";
      return { component, part: name, kind: "volume", state, ok: there, missing: !there, ports: [], restarts: 0, drift: [] };
    });
}

/** Containers with the label of the stack that the plan does not have. What only carries files, or checked something, is no part of what runs. */
function strangers(containers: readonly SeenContainer[], all: readonly PlanContainer[], prefix: string): PartStatus[] {
  return containers
    .filter(({ name, role }) => ["server", "job", "prober"].includes(role) && !all.some(({ inputs }) => inputs.name === name))
    .map(({ name, component, state, since, ports, restarts, image }) => ({
      component,
      part: name.startsWith(`${prefix}-`) ? name.slice(prefix.length + 1) : name,
      kind: "other",
      state: `${state}, not in the plan`,
      ok: false,
      missing: false,
      ...(since ? { since } : {}),
      image,
      ports,
      restarts,
      drift: [],
    }));
}
