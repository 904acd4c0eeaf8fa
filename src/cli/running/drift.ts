import type { SeenContainer, SeenImage } from "../../platforms/docker/seen.ts";
import type { ContainerInputs } from "../../preview/containers.ts";

/** What a container was planned with. */
export interface Planned {
  readonly inputs: ContainerInputs;
  /** Reference of its image. */
  readonly image: string;
  /** The plan holds the credentials that the environment really has; otherwise what is made of them cannot be compared. */
  readonly real: boolean;
  /** Stand-ins for credentials in such a plan. */
  readonly standIns: readonly string[];
}

/** What differs between a container and its plan, in words that hold no value of a variable. */
export function driftOf(planned: Planned, now: SeenContainer, images: ReadonlyMap<string, SeenImage>): string[] {
  const { inputs } = planned;
  const { user, memory, cpus, readOnly, command, entrypoints } = inputs as ComparedInputs;
  const says = <T>(what: string, wanted: T | undefined, has: T) =>
    wanted === undefined || JSON.stringify(wanted) === JSON.stringify(has) ? [] : [`${what} ${shown(has)}, planned ${shown(wanted)}`];
  const differs = (what: string, wanted: unknown, has: unknown) => (says(what, wanted, has).length > 0 ? [what] : []);
  return [
    ...imageDrift(planned.image, now, images),
    ...variableDrift(planned, now, images),
    ...differs("command", command, now.command),
    ...differs("entrypoint", entrypoints, now.entrypoint),
    ...says("user", user, now.user),
    ...says("memory in MiB", memory, now.memoryMiB),
    ...says("CPUs", cpus === undefined ? undefined : Number(cpus), now.cpus),
    ...says("read-only root", readOnly, now.readOnlyRoot),
    ...differs("health check", inputs.healthcheck?.tests, now.healthTest),
    ...networkDrift(inputs, now),
    ...says("ports", portsOf(inputs), now.ports),
    ...mountDrift(planned, now),
  ];
}

interface ComparedInputs {
  readonly user?: string;
  readonly memory?: number;
  readonly cpus?: string;
  readonly readOnly?: boolean;
  readonly command?: readonly string[];
  readonly entrypoints?: readonly string[];
}

const shown = (value: unknown) => (Array.isArray(value) ? value.join(" ") || "none" : String(value));

export const portsOf = ({ ports = [] }: ContainerInputs): string[] =>
  ports.map(({ ip, external, internal }) => `${ip}:${external}->${internal}`).toSorted();

/** Another reference; or the same one, which names another image by now. */
function imageDrift(planned: string, now: SeenContainer, images: ReadonlyMap<string, SeenImage>): string[] {
  const wanted = images.get(planned);
  if (wanted?.id === now.imageId) return [];
  if (now.image === planned) return wanted ? [`image ${planned} was made or pulled anew since`] : [];
  return [`image ${now.image}, planned ${planned}`];
}

/** Names of the variables that are missing, that nobody planned, or that have another value. */
function variableDrift({ inputs, real, standIns }: Planned, now: SeenContainer, images: ReadonlyMap<string, SeenImage>): string[] {
  const wanted = new Map((inputs.envs ?? []).map(nameAndValue));
  const has = new Map(now.env.map(nameAndValue));
  const ofImage = new Set((images.get(now.imageId)?.env ?? []).map((entry) => nameAndValue(entry)[0]));
  const unknown = (value: string) => !real && standIns.some((standIn) => value.includes(standIn));
  const changed = [...wanted].filter(([name, value]) => !has.has(name) || (has.get(name) !== value && !unknown(value))).map(([name]) => name);
  const added = [...has.keys()].filter((name) => !wanted.has(name) && !ofImage.has(name));
  const names = [...changed, ...added].toSorted();
  return names.length > 0 ? [`variables ${names.join(", ")}`] : [];
}

function nameAndValue(entry: string): [string, string] {
  const at = entry.indexOf("=");
  return [entry.slice(0, at), entry.slice(at + 1)];
}

function networkDrift({ networksAdvanced }: ContainerInputs, now: SeenContainer): string[] {
  if (!networksAdvanced) return [];
  const wanted = networksAdvanced.map(({ name }) => name).toSorted();
  const gone = wanted.filter((name) => !now.networks.includes(name));
  const more = now.networks.filter((name) => !wanted.includes(name));
  return [...(gone.length > 0 ? [`not in network ${gone.join(", ")}`] : []), ...(more.length > 0 ? [`in network ${more.join(", ")}`] : [])];
}

/** Files are in volumes that the hash of their content names, so another file is another volume. */
function mountDrift({ inputs, real }: Planned, now: SeenContainer): string[] {
  const wanted = (inputs.volumes ?? []).map(({ volumeName, hostPath, containerPath }) => `${volumeName ?? hostPath}:${containerPath}`);
  const isFiles = (mount: string) => /-files-[0-9a-f]{10}:/.test(mount);
  const missing = wanted.filter((mount) => !now.mounts.includes(mount));
  // What holds a credential has another hash in a plan without the real ones.
  const files = real && missing.some(isFiles);
  const others = missing.filter((mount) => !isFiles(mount));
  return [...(files ? ["files"] : []), ...(others.length > 0 ? [`not mounted ${others.join(", ")}`] : [])];
}
