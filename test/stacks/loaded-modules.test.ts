import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { groundSettings } from "../support/grounds.ts";
import { recorded } from "../support/recorded.ts";

const folder = mkdtempSync(join(tmpdir(), "groundplan-modules-"));
const hook = join(folder, "hook.cjs");
writeFileSync(
  hook,
  'process.on("exit", () => require("node:fs").writeFileSync(process.env.MODULES_FILE, JSON.stringify(Object.keys(require.cache))));\n',
);
afterAll(() => rmSync(folder, { recursive: true }));

/** Packages of providers, and of libraries that speak to their daemons, that the recorded program loaded. */
async function sdksLoaded(name: string, settings: Readonly<Record<string, unknown>>): Promise<string[]> {
  const file = join(folder, `${name}.json`);
  await recorded({ stack: String(settings.profile), settings, environment: { NODE_OPTIONS: `--require=${hook}`, MODULES_FILE: file } });
  const modules = JSON.parse(readFileSync(file, "utf8")) as string[];
  expect(modules.length, "modules of the program").toBeGreaterThan(50);
  const packages = modules.flatMap(
    (path) => /node_modules\/(@pulumi\/(?!pulumi\/)[^/]+|dockerode|@aws-sdk\/[^/]+)\/(?!.*node_modules\/)/.exec(path)?.[1] ?? [],
  );
  return [...new Set(packages)].toSorted();
}

const prod = { profile: "prod", images: { api: "registry.example/shop/api:1.0.0" } };

describe("a run loads the SDK of its own ground", () => {
  test("Docker", async () => {
    expect(await sdksLoaded("docker", { target: "docker", ...prod, components: { api: { replicas: 1 } } })).toEqual([
      "@pulumi/docker",
      "@pulumi/random",
    ]);
  });

  test("Kubernetes", async () => {
    expect(await sdksLoaded("kubernetes", { target: "kubernetes", ...prod, ...groundSettings.kubernetes })).toEqual([
      "@pulumi/kubernetes",
      "@pulumi/random",
      "@pulumi/tls",
    ]);
  });

  test("AWS", async () => {
    expect(await sdksLoaded("aws", { target: "aws", ...prod, ...groundSettings.aws })).toEqual(["@pulumi/aws", "@pulumi/random", "@pulumi/tls"]);
  });

  test("Kubernetes with an image that is built here, and then what builds it", async () => {
    expect(await sdksLoaded("build", { target: "kubernetes", profile: "dev", ...groundSettings.kubernetes })).toEqual([
      "@pulumi/docker",
      "@pulumi/kubernetes",
      "@pulumi/random",
      "@pulumi/tls",
    ]);
  });
});
