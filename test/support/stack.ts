import { readFileSync } from "node:fs";
import { join } from "node:path";
import type Docker from "dockerode";
import { expect } from "vitest";
import { labelKeys } from "../../src/core/labels.ts";
import { openDaemon, type StackContainer, stackContainers } from "../../src/platforms/docker/daemon.ts";
import { resolveEndpoint } from "../../src/platforms/docker/endpoint.ts";
import { sweep } from "../../src/platforms/docker/sweep.ts";
import type { Ran, TempProject } from "./temp-project.ts";

export const daemon = openDaemon(resolveEndpoint());

export const upArgs = ["up", "dev", "--engine", "compose"] as const;

/** Runs the command and expects it to end with a code; what it printed is the message when it does not. */
export async function ran(project: TempProject, args: readonly string[], code = 0): Promise<string> {
  const result: Ran = await project.run(args);
  expect(result.code, `groundplan ${args.join(" ")}\n${result.output}`).toBe(code);
  return result.output;
}

export const up = (project: TempProject) => ran(project, ["up", project.env, "--engine", "compose"]);

/** Every row of `verify` is ok. */
export async function verifies(project: TempProject, ...args: string[]): Promise<string> {
  const output = await ran(project, ["verify", project.env, ...args]);
  expect(output).not.toContain("FAILED");
  expect(output).toContain("everything is as planned");
  return output;
}

/** Takes a stack down with its data. */
export const down = (project: TempProject) => project.run(["down", project.env, "--volumes", "--yes"]);

/** For afterAll: takes everything down, also when the setup failed halfway, and expects that nothing is left. */
export async function discard(...projects: readonly (TempProject | undefined)[]): Promise<void> {
  const made = projects.filter((project) => project !== undefined);
  const unnamed = (await Promise.all(made.map(unnamedVolumes))).flat();
  const downs = await Promise.all(made.map(down));
  const excused = await Promise.all(made.map(({ prefix }, index) => heldByDaemon(prefix, downs[index]?.output ?? "")));
  // Nothing may stay behind because the command is broken, either.
  for (const [index, { code }] of downs.entries()) {
    if (code !== 0 && excused[index]?.length === 0) await sweep(daemon, { prefix: made[index]?.prefix ?? "", data: true });
  }
  // Copies of one project share its folder.
  for (const project of made) project.remove();
  for (const [index, { code, output }] of downs.entries()) if (excused[index]?.length === 0) expect(code, output).toBe(0);
  for (const [index, { prefix }] of made.entries()) {
    expect(await remains(prefix), `what is left of ${prefix}`).toEqual((excused[index] ?? []).map((name) => `network ${name}`));
  }
  expect(await existing(unnamed), "unnamed volumes that are left").toEqual([]);
}

/**
 * Networks that daemon 20.10 does not let go of though nothing is on them: it counts an endpoint that is gone, until it is
 * started again. The command can only say so; what it does not name, and what is not empty, is no fault of the daemon.
 */
async function heldByDaemon(prefix: string, output: string): Promise<string[]> {
  const [, named = ""] = /the daemon holds on to (.+), and everything else is gone/.exec(output) ?? [];
  const names = named.split(", ").filter((name) => name !== "");
  const networks = await daemon.listNetworks({ filters: { label: [`${labelKeys.stack}=${prefix}`] } });
  const empty = await Promise.all(
    names.map(async (name) => {
      const found = networks.find(({ Name }) => Name === name);
      if (!found) return false;
      const { Containers } = (await daemon.getNetwork(found.Id).inspect()) as { Containers?: object };
      return Object.keys(Containers ?? {}).length === 0;
    }),
  );
  return empty.every(Boolean) ? names.toSorted() : [];
}

/** Volumes that images ask for and nobody named: they must go with their containers. */
export async function unnamedVolumes({ prefix }: TempProject): Promise<string[]> {
  const all = await daemon.listContainers({ all: true, filters: { label: [`${labelKeys.stack}=${prefix}`] } });
  return all.flatMap(({ Mounts }) => Mounts.flatMap(({ Name = "" }) => (/^[0-9a-f]{64}$/.test(Name) ? [Name] : [])));
}

export async function existing(volumes: readonly string[]): Promise<string[]> {
  const { Volumes } = await daemon.listVolumes();
  return volumes.filter((volume) => (Volumes ?? []).some(({ Name }) => Name === volume));
}

export const containers = (project: TempProject): Promise<StackContainer[]> => stackContainers(daemon, project.prefix);

/** The container of a part of the plan: `db`, `bus-0`, `db-databases`. */
export const inspect = (project: TempProject, part: string): Promise<Docker.ContainerInspectInfo> =>
  daemon.getContainer(`${project.prefix}-${part}`).inspect();

export async function servers(project: TempProject): Promise<string[]> {
  const all = await containers(project);
  return all.filter(({ role }) => role === "server").map(({ name }) => name.slice(project.prefix.length + 1));
}

/** What changes when a container is made anew or started again. */
export async function lives(project: TempProject, parts: readonly string[]): Promise<Record<string, string>> {
  const all = await Promise.all(parts.map((part) => inspect(project, part)));
  return Object.fromEntries(all.map(({ Id, State }, index) => [parts[index] ?? "", `${Id.slice(0, 12)} since ${State.StartedAt}`]));
}

/** Everything that the daemon holds of a stack, by label, by Compose project and by name. */
export async function remains(prefix: string): Promise<string[]> {
  const labels = [`${labelKeys.stack}=${prefix}`, `com.docker.compose.project=${prefix}`];
  const found = await Promise.all(
    labels.map(async (label) => {
      const filters = { label: [label] };
      const [held, networks, { Volumes }] = await Promise.all([
        daemon.listContainers({ all: true, filters }),
        daemon.listNetworks({ filters }),
        daemon.listVolumes({ filters }),
      ]);
      return [
        ...held.map(({ Names }) => `container ${Names[0]}`),
        ...networks.map(({ Name }) => `network ${Name}`),
        ...(Volumes ?? []).map(({ Name }) => `volume ${Name}`),
      ];
    }),
  );
  const images = (await daemon.listImages()).flatMap(({ RepoTags }) => RepoTags ?? []).filter((tag) => tag.replace(/-\w+:\w+$/, "") === prefix);
  return [...new Set([...found.flat(), ...images.map((tag) => `image ${tag}`)])].toSorted();
}

export function credentials(project: TempProject): Record<string, string> {
  return JSON.parse(readFileSync(join(project.state, "credentials.json"), "utf8")) as Record<string, string>;
}

/** Port on this machine of `db.sql`, `bus.nats`, `cache.redis` ... */
export function port(project: TempProject, key: string): number {
  const { ports } = JSON.parse(readFileSync(join(project.state, "allocations.json"), "utf8")) as { ports: Record<string, number> };
  const number = ports[key];
  if (number === undefined) throw new Error(`no port ${key}; there are ${Object.keys(ports).join(", ")}`);
  return number;
}

/** Asks until the answer is there; fails with the last answer when the time is over. */
export async function until<T>(what: string, seconds: number, ask: () => Promise<T | undefined | false>): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  let last: unknown;
  while (Date.now() < deadline) {
    try {
      const answer = await ask();
      if (answer) return answer;
      last = answer;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`${what}: not within ${seconds} s; last ${last instanceof Error ? last.message : JSON.stringify(last)}`);
}
