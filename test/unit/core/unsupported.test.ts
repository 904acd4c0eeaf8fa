import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Capability, type CapabilityKey, capabilities, refusal } from "../../../src/core/capabilities.ts";
import { missingPaths } from "../../../src/core/missing-paths.ts";
import type { Target } from "../../../src/core/platform.ts";
import { tcp } from "../../../src/core/probe.ts";
import type { Ask } from "../../../src/core/system.ts";
import { coarserOn, unsupportedOn } from "../../../src/core/unsupported.ts";
import { soundSpec } from "../../support/settings.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const service = (args: object) => soundSpec("AppService", "api", { image: "acme/api:1.0", ports: { http: 8000 }, health: tcp(), ...args });
const refused = Object.entries(capabilities as Readonly<Record<string, Capability>>).flatMap(([key, { cells }]) =>
  Object.entries(cells).flatMap(([target, { state }]) => (state === "refused" ? [[key as CapabilityKey, target as Target] as const] : [])),
);

describe("refusals", () => {
  test.each(refused)("%s on %s names its row and the alternative", (key, target) => {
    const { component, capability } = capabilities[key];
    const { rule, fix } = refusal(key, target);
    expect(rule).toMatch(new RegExp(`^${component}: ${capability.replace(/[+().]/g, "\\$&")} is not supported on ${target}: .+`));
    expect(fix).toMatch(/\w+ \w+/);
  });

  test("a folder of the machine, also of a workload whose replicas have names", () => {
    const sound = service({ mounts: { repository: { from: ".", path: "/repository" } } });
    for (const identity of ["any", "stable"] as const) {
      const spec = { ...sound, workloads: sound.workloads.map((workload) => ({ ...workload, identity })) };
      expect(unsupportedOn("docker", spec)).toEqual([]);
      for (const target of ["kubernetes", "aws"] as const) {
        expect(unsupportedOn(target, spec)).toEqual([{ component: "api", path: "mounts", value: ["."], ...refusal("mounts", target) }]);
      }
    }
  });

  test("publishing or keeping data with several replicas that are alike", () => {
    const problems = unsupportedOn("docker", service({ replicas: 2, publish: ["http"], volumes: { data: { path: "/data" } } }));
    expect(problems).toEqual([
      { component: "api", path: "replicas", value: 2, ...refusal("publishReplicas", "docker") },
      { component: "api", path: "replicas", value: 2, ...refusal("volumeReplicas", "docker") },
    ]);
  });

  test("either of them with one replica, and several replicas with neither, are fine", () => {
    expect(unsupportedOn("docker", service({ replicas: 1, publish: ["http"], volumes: { data: { path: "/data" } } }))).toEqual([]);
    expect(unsupportedOn("docker", service({ replicas: 3 }))).toEqual([]);
  });

  test("what a component says that it asks for, where the target does not have it", () => {
    const managed = { instanceClass: "db.r7g.large" };
    const asks: Ask[] = [
      { capability: "managed", path: "aws", value: managed },
      { capability: "topics", path: "topics.events", value: "events" },
    ];
    const spec = { ...soundSpec("PostgresDb", "db"), asks };
    expect(unsupportedOn("docker", spec)).toEqual([
      { component: "db", path: "aws", value: managed, ...refusal("managed", "docker") },
      { component: "db", path: "topics.events", value: "events", ...refusal("topics", "docker") },
    ]);
    expect(unsupportedOn("aws", spec)).toEqual([]);
  });

  test("egress that is honoured more coarsely is a warning that says how", () => {
    const reaching = service({ egress: [{ host: "api.github.com", port: 443 }] });
    expect(coarserOn("docker", reaching)).toEqual([`${capabilities.egress.capability}: docker gives ${capabilities.egress.cells.docker.how}`]);
    expect(coarserOn("docker", service({}))).toEqual([]);
  });

  test.each<[CapabilityKey, () => ReturnType<typeof service>, Target[]]>([
    ["liveness", () => service({ liveness: tcp() }), ["docker", "aws"]],
    ["architecture", () => service({ architecture: "arm64" }), ["docker"]],
    ["storageSize", () => service({ replicas: 1, volumes: { data: { path: "/data", storageGiB: 9 } } }), ["docker", "aws"]],
    ["volumes", () => service({ replicas: 1, volumes: { data: { path: "/data" } } }), ["aws"]],
    ["checkouts", () => service({ checkouts: { docs: { url: "https://git.example/docs.git", ref: "main", path: "/docs" } } }), ["aws"]],
    ["storageSize", () => soundSpec("RedisCache", "cache", { storageGiB: 9 }), ["docker", "aws"]],
    ["memorySize", () => soundSpec("MessageQueue", "queue", { queues: { jobs: {} }, memoryMiB: 512 }), ["aws"]],
  ])("%s that somebody set is a warning where it is honoured more coarsely, and nowhere else", (key, spec, coarser) => {
    const { capability } = capabilities[key];
    for (const target of ["docker", "kubernetes", "aws"] as const) {
      const warned = coarserOn(target, spec()).some((warning) => warning.startsWith(`${capability}: ${target} gives`));
      expect(warned, target).toBe(coarser.includes(target));
    }
  });

  test("what the topology publishes is a warning where it is not reached at once; what the profile publishes is none", () => {
    const said = (target: "kubernetes" | "aws") => [
      `${capabilities.published.capability}: ${target} gives ${capabilities.published.cells[target].how}`,
    ];
    const published = service({ replicas: 1, publish: ["http"] });
    expect([coarserOn("kubernetes", published), coarserOn("aws", published), coarserOn("docker", published)]).toEqual([
      said("kubernetes"),
      said("aws"),
      [],
    ]);
    const data = soundSpec("PostgresDb", "db");
    expect(data.workloads.some(({ ports }) => Object.values(ports).some((port) => port.published))).toBe(true);
    expect([coarserOn("kubernetes", data), coarserOn("kubernetes", service({}))]).toEqual([[], []]);
  });

  test("replicas by load are a warning where the smallest number runs", () => {
    const spec = service({ autoscale: { min: 2, max: 4 } });
    expect(coarserOn("docker", spec)).toEqual(["replicas by load: docker gives the smallest number of replicas"]);
    expect([coarserOn("kubernetes", spec), coarserOn("aws", spec)]).toEqual([[], []]);
  });

  test("a quorum has volumes of its own for each node", () => {
    const spec = soundSpec("NatsCluster", "bus", { replicas: 3 });
    expect(spec.workloads.map(({ replicas, volumes }) => [replicas, volumes.length])).toEqual([[3, 1]]);
    expect(unsupportedOn("docker", spec)).toEqual([]);
  });
});

describe("build folders", () => {
  const build = (context: string, dockerfile?: string) =>
    missingPaths(service({ image: { build: { context, ...(dockerfile ? { dockerfile } : {}) } } }), root);

  test("that are not there, or have no Dockerfile", () => {
    expect(build("services/none").map(({ path, value }) => [path, value])).toEqual([["image.build.context", "services/none"]]);
    expect(build("src").map(({ path, value }) => [path, value])).toEqual([["image.build.dockerfile", "Dockerfile"]]);
    expect(build("src", "other/Dockerfile").map(({ path, value }) => [path, value])).toEqual([["image.build.dockerfile", "other/Dockerfile"]]);
  });

  test("are looked for from the directory of Pulumi.yaml; images from a registry are not looked for", () => {
    expect(build("components/app-service/placeholder")).toEqual([]);
    expect(build("components/app-service", "placeholder/Dockerfile")).toEqual([]);
    expect(missingPaths(service({}), root)).toEqual([]);
  });
});
