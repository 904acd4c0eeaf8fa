import { randomInt } from "node:crypto";
import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeDocker } from "../support/docker-tier.ts";
import { type Consumer, consumer } from "./consumer.ts";

/** Pulumi's own template for TypeScript, an ESM project of Node, and one that is bundled. */
let commonjs: Consumer;
let nodenext: Consumer;
let bundler: Consumer;

beforeAll(async () => {
  [commonjs, nodenext, bundler] = await Promise.all([
    consumer("commonjs", ["@pulumi/pulumi", "@pulumi/random", "@pulumi/docker"]),
    consumer("nodenext", ["@pulumi/pulumi", "@pulumi/random", "@pulumi/kubernetes", "@pulumi/tls"]),
    consumer("bundler", ["@pulumi/pulumi", "@pulumi/random", "@pulumi/docker"]),
  ]);
}, 240_000);
afterAll(() => {
  for (const project of [commonjs, nodenext, bundler]) project?.remove();
});

const ok = { code: 0, output: expect.any(String) as string };

/** Packages of Pulumi among paths of modules, each with the folder that it was loaded from. */
const loaded = (modules: readonly string[]) =>
  [...new Set(modules.flatMap((path) => /^.*node_modules\/@pulumi\/[^/]+/.exec(path)?.[0] ?? []))].toSorted();

const installed = async (project: Consumer) => {
  const { output } = await project.run("npm", ["ls", "@pulumi/pulumi", "--all", "--parseable"]);
  return output.split("\n").filter((line) => line.endsWith("@pulumi/pulumi"));
};

/** All of the project's SDKs, from its own node_modules and from nowhere else. */
const fromHere = (project: Consumer, ...sdks: readonly string[]) => sdks.map((sdk) => join(project.root, "node_modules", "@pulumi", sdk));

describe.concurrent("Pulumi's TypeScript template: CommonJS through ts-node", () => {
  test("type-checks with the declarations of all packages, as the template was and as it is; a wrong type would be found", async () => {
    expect(await commonjs.run("tsc", ["--noEmit"])).toEqual({ code: 0, output: "" });
    expect(await commonjs.run("tsc", ["--noEmit", "--project", "tsconfig.nodenext.json"])).toEqual({ code: 0, output: "" });
  });

  test("is previewed by the SDK's own host, which requires the package, with one copy of the SDK", async () => {
    expect(await installed(commonjs)).toEqual(fromHere(commonjs, "pulumi"));
    const modules = await commonjs.modulesOfPreview("dev");
    expect(loaded(modules)).toEqual(fromHere(commonjs, "docker", "pulumi", "random"));
    expect(
      modules.some((path) => path.includes("/ts-node")),
      "ts-node compiles the program",
    ).toBe(true);
    expect(modules).toContain(join(commonjs.root, "index.ts"));
  });
});

describe.concurrent("ESM with Node's own resolution", () => {
  test("type-checks", async () => {
    expect(await nodenext.run("tsc", [])).toEqual({ code: 0, output: "" });
  });

  test("is previewed on Kubernetes with one copy of the SDK", async () => {
    expect(await installed(nodenext)).toEqual(fromHere(nodenext, "pulumi"));
    expect(loaded(await nodenext.modulesOfPreview("staging"))).toEqual(fromHere(nodenext, "kubernetes", "pulumi", "random", "tls"));
  });

  test("has the pack of policies in the package", async () => {
    const { output } = await nodenext.run("groundplan", ["policy", "path"]);
    expect(output).toBe(join(nodenext.root, "node_modules", "groundplan", "dist", "policies"));
    expect(existsSync(join(output, "PulumiPolicy.yaml"))).toBe(true);
  });

  test.each([
    ["dev", "target docker needs @pulumi/docker, which is not installed", 'npm install "@pulumi/docker@^5.2.0"'],
    ["prod", "target aws needs @pulumi/aws, which is not installed", 'npm install "@pulumi/aws@^7.48.0"'],
  ])("a ground whose SDK is not installed says what to install: %s", async (env, what, line) => {
    const { code, output } = await nodenext.run("groundplan", ["preview", env]);
    expect(code).toBe(2);
    expect(output.split("\n").map((text) => text.trim())).toEqual([
      "the program could not be recorded",
      what,
      `Install: ${line}`,
      "run with GROUNDPLAN_DEBUG=1 for the whole message",
    ]);
  });
});

describe.concurrent("a bundler's resolution, and a bundle", () => {
  test("type-checks, and the bundle is previewed with one copy of the SDK; what is not installed is named", async () => {
    expect(await bundler.run("tsc", [])).toEqual({ code: 0, output: "" });
    // Packages stay outside: the SDK must be one copy, and the library reads files beside its code.
    const bundle = [
      "index.ts",
      "--bundle",
      "--packages=external",
      "--platform=node",
      "--format=esm",
      "--outfile=build/index.js",
      "--log-level=warning",
    ];
    expect(await bundler.run("esbuild", bundle)).toEqual({ code: 0, output: "" });
    expect(await installed(bundler)).toEqual(fromHere(bundler, "pulumi"));
    expect(loaded(await bundler.modulesOfPreview("dev"))).toEqual(fromHere(bundler, "docker", "pulumi", "random"));

    // Its ground is imported with the program, not late.
    expect(await previewWithout("@pulumi/docker")).toEqual({
      code: 2,
      output: 'the program needs @pulumi/docker, which is not installed\n  Install: npm install "@pulumi/docker@^5.2.0"',
    });
    expect(await previewWithout("@pulumi/pulumi")).toEqual({
      code: 2,
      output: 'groundplan needs @pulumi/pulumi, which is not installed\n  Install: npm install "@pulumi/pulumi@^3.270.0"',
    });
  });
});

async function previewWithout(name: string) {
  const [from, to] = [join(bundler.root, "node_modules", name), join(bundler.root, "away")];
  renameSync(from, to);
  try {
    return await bundler.run("groundplan", ["preview", "dev"]);
  } finally {
    renameSync(to, from);
  }
}

describeDocker("the template's program on containers", () => {
  const isolation = { GROUNDPLAN_ISOLATION: `p${randomInt(36 ** 4).toString(36)}` };

  afterAll(async () => {
    await commonjs.run("groundplan", ["down", "dev", "--volumes", "--yes"], isolation);
  }, 120_000);

  test("comes up, its placeholder built from the package, answers, and goes", { timeout: 240_000 }, async () => {
    const up = await commonjs.run("groundplan", ["up", "dev", "--engine", "compose"], isolation);
    expect(up).toEqual(ok);
    const [url = ""] = /http:\/\/127\.0\.0\.1:\d+/.exec(up.output) ?? [];
    expect((await fetch(`${url}/health`)).status).toBe(200);
    expect(await commonjs.run("groundplan", ["down", "dev", "--volumes", "--yes"], isolation)).toEqual(ok);
    await expect(fetch(`${url}/health`)).rejects.toThrow();
  });
});
