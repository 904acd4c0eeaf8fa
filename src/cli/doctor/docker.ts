import { existsSync } from "node:fs";
import { readFile, statfs } from "node:fs/promises";
import { containersOf } from "../../preview/containers.ts";
import type { Plan } from "../../preview/plan.ts";
import { type Check, notLookedAt, ok, problem, type Verdict, warning } from "./check.ts";
import type { DaemonFacts, Examined } from "./examined.ts";

/** The oldest daemon that the library was tried with. */
const oldestDaemon = [20, 10] as const;

export function judgeDaemon({ daemon, endpoint, silence, needsDocker, project }: Omit<Examined, "env" | "engine">): Verdict {
  const where = endpoint ? `${endpoint.host} (${endpoint.origin})` : "an endpoint that cannot be resolved";
  if (!daemon) {
    const found = `none answers at ${where}: ${silence?.message ?? "no reason"}`;
    return needsDocker ? problem(found, silenceFix(silence?.code ?? "", endpoint?.host ?? "")) : ok(`${found}; ${project?.env} does not need one`);
  }
  const { version } = daemon.facts;
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const fits = major > oldestDaemon[0] || (major === oldestDaemon[0] && minor >= oldestDaemon[1]);
  return fits ? ok(`${version} at ${where}`) : warning(`${version} at ${where}; tried with ${oldestDaemon.join(".")} or later`, "update Docker");
}

function silenceFix(code: string, host: string): string {
  if (code === "EACCES") return `let your user use ${host.replace("unix://", "")}: sudo usermod -aG docker "$USER", then log in again`;
  if (code === "ENOENT") return "start Docker; where it listens elsewhere, name it with DOCKER_HOST or docker context use";
  if (code === "ECONNREFUSED") return "start Docker: its socket is there, and nobody listens on it";
  return "start Docker, or name another daemon with DOCKER_HOST or docker context use";
}

const secondMs = 1000;
/** Beyond it the times of logs and of health checks cannot be compared. */
const noticedMs = 2 * secondMs;
/** Beyond it certificates that were just made are not valid yet. */
const harmfulMs = 60 * secondMs;

export function judgeClock(aheadMs: number): Verdict {
  const apart = Math.abs(aheadMs);
  const found = `the daemon's is ${(apart / secondMs).toFixed(1)} s ${aheadMs < 0 ? "behind" : "ahead"}`;
  if (apart <= noticedMs) return ok(found);
  const fix = "let both take their time from the network; a virtual machine that slept: restart Docker";
  return apart <= harmfulMs ? warning(found, fix) : problem(found, fix);
}

const gib = 1024 ** 3;

export interface Disk {
  readonly folder: string;
  readonly freeBytes: number;
}

/** A PostgreSQL, a NATS and their images take about 2 GiB; below 1 none of them starts. */
export function judgeDisks(disks: readonly Disk[]): Verdict {
  const found = disks.map(({ folder, freeBytes }) => `${(freeBytes / gib).toFixed(1)} GiB free at ${folder}`).join(", ");
  const least = Math.min(...disks.map(({ freeBytes }) => freeBytes));
  const fix = "make room: docker system df shows what images and build caches take; volumes are data";
  if (least < gib) return problem(found, fix);
  return least < 5 * gib ? warning(found, fix) : ok(found);
}

/** `availableBytes`: without pushing anything out; undefined when the daemon's machine is another one. */
export function judgeMemory(limitsMiB: number, totalBytes: number, availableBytes: number | undefined): Verdict {
  const limits = limitsMiB / 1024;
  const found = `limits of all parts ${limits.toFixed(1)} GiB of ${(totalBytes / gib).toFixed(1)} GiB${availableBytes === undefined ? "" : `, ${(availableBytes / gib).toFixed(1)} GiB available`}`;
  const fix = "give Docker more memory, or leave parts out; what exceeds it may be stopped";
  if (limits * gib > totalBytes) return warning(found, fix);
  return availableBytes !== undefined && limits * gib > availableBytes ? warning(found, "end other programs, or give Docker more memory") : ok(found);
}

/** Memory in MiB that the servers of a plan may take together. */
export const limitsOf = (plan: Plan): number =>
  containersOf(plan)
    .filter(({ role }) => role === "server" || role === "prober")
    .reduce((sum, { inputs }) => sum + Number(inputs.memory ?? 0), 0);

async function availableBytes(): Promise<number | undefined> {
  const text = await readFile("/proc/meminfo", "utf8").catch(() => "");
  const kib = /^MemAvailable:\s+(\d+) kB/m.exec(text)?.[1];
  return kib === undefined ? undefined : Number(kib) * 1024;
}

async function freeAt(folder: string): Promise<Disk> {
  const { bavail, bsize } = await statfs(folder);
  return { folder, freeBytes: bavail * bsize };
}

const withDaemon =
  (look: (facts: DaemonFacts, about: Examined) => Promise<Verdict> | Verdict) =>
  (about: Examined): Promise<Verdict> | Verdict =>
    about.daemon ? look(about.daemon.facts, about) : notLookedAt("no Docker daemon answers");

const isLocal = ({ endpoint }: Examined) => endpoint?.host.startsWith("unix://") ?? false;

export const dockerChecks: readonly Check<Examined>[] = [
  { id: "docker", title: "Docker daemon", look: judgeDaemon },
  { id: "clock", title: "Clocks", look: withDaemon(({ aheadMs }) => judgeClock(aheadMs)) },
  {
    id: "disk",
    title: "Disk",
    look: async (about) => {
      const root = about.daemon?.facts.rootFolder;
      const folders = [about.project?.root ?? process.cwd(), ...(root && isLocal(about) && existsSync(root) ? [root] : [])];
      return judgeDisks(await Promise.all(folders.map(freeAt)));
    },
  },
  {
    id: "memory",
    title: "Memory",
    look: withDaemon(async ({ memoryBytes }, about) => {
      const { plan, project } = about;
      if (!plan || project?.settings.target !== "docker") return notLookedAt("no containers are planned here");
      return judgeMemory(limitsOf(plan), memoryBytes, isLocal(about) ? await availableBytes() : undefined);
    }),
  },
];
