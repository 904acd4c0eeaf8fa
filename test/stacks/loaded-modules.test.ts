import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shownPlan } from "../../src/preview/plan.ts";
import { groundSettings } from "../support/grounds.ts";
import { loadedBy, packagesOf, sdksOf } from "../support/loaded.ts";
import { recorded } from "../support/recorded.ts";

const root = resolve(import.meta.dirname, "..", "..");

/** Modules of the recorded program of the starter. */
const whenRecorded = (settings: Readonly<Record<string, unknown>>) =>
  loadedBy((environment) => recorded({ stack: String(settings.profile), settings, environment }));

/** Modules of a program that imports an entry of the package and does nothing. */
const whenImported = (entry: string) => loadedBy((env) => execa(process.execPath, [resolve(root, "src", entry)], { env }));

/** Modules of the command itself. */
const whenCalled = (...args: readonly string[]) =>
  loadedBy((env) => execa(process.execPath, [resolve(root, "bin", "groundplan.js"), ...args], { cwd: root, env }));

const prod = { profile: "prod", images: { api: "registry.example/shop/api:1.0.0" } };

describe("a run loads the SDK of its own ground", () => {
  test("Docker, and no compiler", async () => {
    const modules = await whenRecorded({ target: "docker", ...prod, components: { api: { replicas: 1 } } });
    expect(sdksOf(modules)).toEqual(["@pulumi/docker", "@pulumi/pulumi", "@pulumi/random"]);
    // What turns functions into text, traces the host and drives the engine; see src/preview/lean-host/index.ts.
    expect(packagesOf(modules).filter((name) => ["typescript", "@npmcli/arborist", "source-map-support", "execa"].includes(name))).toEqual([]);
    expect(packagesOf(modules).filter((name) => name.startsWith("@opentelemetry/"))).toEqual(["@opentelemetry/api"]);
    expect(modules.filter((path) => path.includes("/closure/createClosure"))).toEqual([]);
  });

  test("Kubernetes", async () => {
    const modules = await whenRecorded({ target: "kubernetes", ...prod, ...groundSettings.kubernetes });
    expect(sdksOf(modules)).toEqual(["@pulumi/kubernetes", "@pulumi/pulumi", "@pulumi/random", "@pulumi/tls"]);
  });

  test("AWS", async () => {
    const modules = await whenRecorded({ target: "aws", ...prod, ...groundSettings.aws });
    expect(sdksOf(modules)).toEqual(["@pulumi/aws", "@pulumi/pulumi", "@pulumi/random", "@pulumi/tls"]);
  });

  test("Kubernetes with an image that is built here, and then what builds it", async () => {
    const modules = await whenRecorded({ target: "kubernetes", profile: "dev", ...groundSettings.kubernetes });
    expect(sdksOf(modules)).toEqual(["@pulumi/docker", "@pulumi/kubernetes", "@pulumi/pulumi", "@pulumi/random", "@pulumi/tls"]);
  });
});

describe("an import of the package loads no more than it names", () => {
  test.each([
    ["index.ts", ["@pulumi/pulumi"]],
    ["docker.ts", ["@pulumi/docker", "@pulumi/pulumi", "@pulumi/random"]],
    ["kubernetes.ts", ["@pulumi/kubernetes", "@pulumi/pulumi", "@pulumi/random", "@pulumi/tls"]],
    ["aws.ts", ["@pulumi/aws", "@pulumi/pulumi", "@pulumi/random", "@pulumi/tls"]],
  ])("src/%s", async (entry, sdks) => {
    expect(sdksOf(await whenImported(entry))).toEqual(sdks);
  });
});

describe("what needs no plan loads no SDK", () => {
  const kept = mkdtempSync(join(tmpdir(), "groundplan-loaded-plan-"));
  const plan = join(kept, "plan.json");
  beforeAll(async () => writeFileSync(plan, JSON.stringify(shownPlan(await recorded()))));
  afterAll(() => rmSync(kept, { recursive: true }));

  test.each([
    ["--help"],
    ["--version"],
    ["down", "--help"],
    ["config", "dev"],
    ["policy", "path"],
    ["completion", "bash"],
    ["graph", "--plan", plan],
  ])("groundplan %s %s", async (...args) => {
    const modules = await whenCalled(...args);
    expect(packagesOf(modules)).toContain("commander");
    expect(packagesOf(modules).filter((name) => name.startsWith("@pulumi/") || name === "@grpc/grpc-js" || name === "dockerode")).toEqual([]);
  });

  test("the list of verbs and the help of one load no library but the one that reads arguments", async () => {
    expect(packagesOf(await whenCalled("--help"))).toEqual(["commander"]);
    expect(packagesOf(await whenCalled("down", "--help"))).toEqual(["commander"]);
  });
});
