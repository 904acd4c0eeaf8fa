import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parse } from "yaml";
import { imageReference } from "../../src/core/images.ts";
import { mirror } from "./docker-tier.ts";
import { port } from "./stack.ts";
import { type TempProject, tempProject } from "./temp-project.ts";

const repository = resolve(import.meta.dirname, "..", "..");
const source = (...path: string[]) => JSON.stringify(pathToFileURL(join(repository, ...path)).href);

/** The pool that is meant to be enough for the whole topology. */
const pool = "10.213.0.0/16";

/** No image on the test ground keeps traces. */
const telemetry = { traces: "none" };

/** GitGuard as the repository has it, in a project of its own. */
export function gitguardProject(isolation: string): TempProject {
  const project = tempProject(isolation);
  symlinkSync(join(repository, "stacks", "gitguard"), join(project.root, "stacks", "gitguard"));
  writeFileSync(
    join(project.root, "stacks", "index.ts"),
    `import { runStack } from ${source("src", "index.ts")};
import { gitguard } from ${source("stacks", "gitguard.ts")};
export const run = () => runStack({ topologies: { gitguard }, grounds: {
  docker: () => import(${source("src", "docker.ts")}),
  kubernetes: () => import(${source("src", "kubernetes.ts")}),
} });
`,
  );
  project.settings({ topology: "gitguard", subnetPool: pool, components: { telemetry } });
  return project;
}

/** What Pulumi.staging-docker.yaml of the repository has, in the pool of the other copy. */
export function stagingSettings(): Record<string, unknown> {
  const file = parse(readFileSync(join(repository, "Pulumi.staging-docker.yaml"), "utf8")) as { config: Record<string, { components: object }> };
  const settings = file.config["groundplan:stack"];
  const components = mapValues(settings?.components as Components, ({ image, ...args }) => ({
    ...args,
    ...(image ? { image: fromMirror(image) } : {}),
  }));
  return { ...settings, subnetPool: pool, components: { ...components, telemetry } };
}

/** What a stack file of the repository for a cluster has, on another cluster, which has its mesh. */
export function clusterSettings(env: "staging" | "prod", kubernetes: object = {}): Record<string, unknown> {
  const file = parse(readFileSync(join(repository, `Pulumi.${env}.yaml`), "utf8")) as { config: Record<string, { kubernetes: { mesh: object } }> };
  const settings = file.config["groundplan:stack"];
  const { kubernetes: own } = settings ?? {};
  return { ...settings, kubernetes: { ...own, mesh: { ...own?.mesh, install: false }, ...kubernetes } };
}

type Components = Readonly<Record<string, { readonly image?: { readonly build: object } }>>;

const mapValues = <T, R>(map: Readonly<Record<string, T>>, change: (value: T) => R): Record<string, R> =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));

/** A Dockerfile of somebody's own names its base image itself: the mirror does not reach into it. */
const fromMirror = ({ build }: { readonly build: object }) => ({
  build: { ...build, ...(mirror ? { args: { BASE: imageReference({ table: "node" }, { mirror }) } } : {}) },
});

/** What Prometheus answers to a query, by its labels. */
export async function prometheus(project: TempProject, query: string): Promise<{ labels: Record<string, string>; value: number }[]> {
  const url = `http://127.0.0.1:${port(project, "telemetry-prometheus.http")}/api/v1/query?query=${encodeURIComponent(query)}`;
  const { data } = (await (await fetch(url)).json()) as { data: { result: { metric: Record<string, string>; value: [number, string] }[] } };
  return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
}

/** The services of the repository's example in place of your own; none has a copy of a repository, which nobody here serves. */
export const exampleService = (): Record<string, object> =>
  Object.fromEntries(
    ["guard-api", "guard-codex"].map((name) => [
      name,
      { ...fromMirrored(), env: { LOG_LEVEL: "debug" }, mounts: null, checkouts: null, publish: [] },
    ]),
  );

const fromMirrored = () => ({ image: fromMirror({ build: { context: join(repository, "stacks", "gitguard", "example-service") } }) });
