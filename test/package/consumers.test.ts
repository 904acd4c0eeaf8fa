import { randomInt } from "node:crypto";
import { renameSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stackPrefix } from "../../src/core/naming.ts";
import { portBlock } from "../../src/platforms/docker/allocations.ts";
import { actionlint, actionlintMissing } from "../support/actionlint.ts";
import { describeDocker, mirror } from "../support/docker-tier.ts";
import { endsWithCode } from "../support/error-code.ts";
import { type Consumer, consumer, install, newProject } from "./consumer.ts";

/** Pulumi's own template for TypeScript, a project that is bundled, and one that `init` writes: ESM with Node's own resolution. */
let commonjs: Consumer;
let bundler: Consumer;
let written: Consumer;

beforeAll(async () => {
  [commonjs, bundler, written] = await Promise.all([
    consumer("commonjs", ["@pulumi/pulumi", "@pulumi/random", "@pulumi/docker"]),
    consumer("bundler", ["@pulumi/pulumi", "@pulumi/random", "@pulumi/docker", "@pulumi/kubernetes", "@pulumi/tls"]).then(bundled),
    newProject().then((project) => install(project)),
  ]);
}, 240_000);
afterAll(() => {
  for (const project of [commonjs, bundler, written]) project?.remove();
});

const fine = { code: 0, output: "" };
const done = { code: 0, output: expect.any(String) as string };

/** Packages stay outside of the bundle: the SDK must be one copy, and the library reads files beside its code. */
async function bundled(project: Consumer): Promise<Consumer> {
  const outside = ["--packages=external", "--platform=node", "--format=esm"];
  const made = await project.run("esbuild", ["index.ts", "--bundle", ...outside, "--outfile=build/index.js", "--log-level=warning"]);
  expect(made).toEqual(fine);
  return project;
}

/** Folders of packages of Pulumi among paths of modules: two copies of a package are two. */
const loaded = (modules: readonly string[]) =>
  [...new Set(modules.flatMap((path) => /^.*node_modules\/@pulumi\/[^/]+/.exec(path)?.[0] ?? []))].toSorted();

/** Copies of the SDK in the tree that npm made. */
async function copies(project: Consumer): Promise<string[]> {
  const { output } = await project.run("npm", ["ls", "@pulumi/pulumi", "--all", "--parseable"]);
  return output.split("\n").filter((line) => line.endsWith("@pulumi/pulumi"));
}

const fromHere = (project: Consumer, ...sdks: readonly string[]) => sdks.map((sdk) => join(project.root, "node_modules", "@pulumi", sdk));

describe.concurrent("Pulumi's TypeScript template: CommonJS through ts-node", () => {
  test("type-checks with the declarations of all packages, as the template was and as it is", async () => {
    expect(await commonjs.run("tsc", ["--noEmit"])).toEqual(fine);
    expect(await commonjs.run("tsc", ["--noEmit", "--project", "tsconfig.nodenext.json"])).toEqual(fine);
  });

  test("is previewed by the SDK's own host, which requires the package, with one copy of the SDK", async () => {
    expect(await copies(commonjs)).toEqual(fromHere(commonjs, "pulumi"));
    const modules = await commonjs.modulesOfPreview("dev");
    expect(loaded(modules)).toEqual(fromHere(commonjs, "docker", "pulumi", "random"));
    expect(modules).toContain(join(commonjs.root, "index.ts"));
    const compilers = modules.filter((path) => path.includes("/ts-node"));
    expect(compilers, "ts-node compiles the program").not.toEqual([]);
  });
});

describe.concurrent("a bundler's resolution, and a bundle", () => {
  test("type-checks, and the bundle is previewed with one copy of the SDK; what is not installed is named", async () => {
    expect(await bundler.run("tsc", [])).toEqual(fine);
    expect(await copies(bundler)).toEqual(fromHere(bundler, "pulumi"));
    expect(loaded(await bundler.modulesOfPreview("staging"))).toEqual(fromHere(bundler, "kubernetes", "pulumi", "random", "tls"));

    // This one is loaded late, by runStack.
    const { code, output } = await bundler.run("groundplan", ["preview", "cloud"]);
    expect(code).toBe(2);
    expect(output).toMatch(endsWithCode("GP112"));
    expect(output.split("\n").map((line) => line.trim())).toEqual([
      "target aws needs @pulumi/aws, which is not installed",
      'Install: npm install "@pulumi/aws@^7.48.0"',
      "GP112  groundplan explain GP112",
    ]);

    // The ground of Kubernetes is imported with the program, not late.
    expect(await previewWithout("@pulumi/kubernetes")).toEqual({
      code: 2,
      output: expect.stringMatching(
        /^the program needs @pulumi\/kubernetes, which is not installed\n {2}Install: npm install "@pulumi\/kubernetes@\^4\.34\.2"\n {2}GP112 .*$/,
      ),
    });
    expect(await previewWithout("@pulumi/pulumi")).toEqual({
      code: 2,
      output: expect.stringMatching(
        /^groundplan needs @pulumi\/pulumi, which is not installed\n {2}Install: npm install "@pulumi\/pulumi@\^3\.270\.0"\n {2}GP112 .*$/,
      ),
    });
  });

  async function previewWithout(name: string) {
    const [from, to] = [join(bundler.root, "node_modules", name), join(bundler.root, "away")];
    renameSync(from, to);
    try {
      return await bundler.run("groundplan", ["preview", "staging"]);
    } finally {
      renameSync(to, from);
    }
  }
});

describe.concurrent("a project that init writes", () => {
  test("type-checks with the declarations of all packages, and has one copy of the SDK", async () => {
    expect(await written.run("tsc", ["--skipLibCheck", "false"])).toEqual(fine);
    expect(await copies(written)).toEqual(fromHere(written, "pulumi"));
  });

  test.each([
    ["dev", ["docker", "pulumi", "random"]],
    ["staging", ["kubernetes", "pulumi", "random", "tls"]],
    ["prod", ["aws", "pulumi", "random", "tls"]],
  ])("%s is previewed, with the SDK of its target, and passes its policies", async (env, sdks) => {
    expect(loaded(await written.modulesOfPreview(env))).toEqual(fromHere(written, ...sdks));
    const { code, output } = await written.run("groundplan", ["policy", env]);
    expect(output).toContain(`Policies of shop-${env}, stage ${env}`);
    expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/^0 mandatory, /m) });
  });

  const unchecked = actionlintMissing();
  test.skipIf(unchecked)(`has a workflow that GitHub reads${unchecked ? ` (not checked: ${unchecked})` : ""}`, () => {
    expect(actionlint(join(written.root, ".github", "workflows", "policies.yml"))).toBe("");
  });
});

/** The key of a copy whose block of ports nobody has on this machine. */
async function freeCopy(): Promise<string> {
  const key = `p${randomInt(36 ** 4).toString(36)}`;
  const first = portBlock(stackPrefix({ project: "shop", env: "dev", isolation: key }), key) ?? 0;
  return (await Promise.all([first, first + 1].map(isFree))).every(Boolean) ? key : freeCopy();
}

const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });

describeDocker("on containers", () => {
  const copies: { project: Consumer; isolation: Record<string, string> }[] = [];
  const inCopy = async (project: Consumer) => {
    const isolation = { GROUNDPLAN_ISOLATION: await freeCopy(), GROUNDPLAN_IMAGE_MIRROR: mirror ?? "" };
    copies.push({ project, isolation });
    return (...args: readonly string[]) => project.run("groundplan", args, isolation);
  };
  beforeAll(() => {
    copies.length = 0;
  });
  afterAll(() => Promise.all(copies.map(({ project, isolation }) => project.run("groundplan", ["down", "dev", "--volumes"], isolation))), 120_000);

  test.each<[string, () => Consumer]>([
    ["the template's program in CommonJS", () => commonjs],
    ["a bundle", () => bundler],
    ["the program that init writes, in ESM", () => written],
  ])("%s comes up, its placeholder built from the package, answers, and goes", async (_, project) => {
    const groundplan = await inCopy(project());
    const up = await groundplan("up", "dev", "--engine", "compose");
    expect(up).toEqual(done);
    const [url = ""] = /http:\/\/127\.0\.0\.1:\d+/.exec(up.output) ?? [];
    const health = await fetch(`${url}/health`);
    expect(health.status, await health.text()).toBe(200);
    expect(await groundplan("down", "dev", "--volumes")).toEqual(done);
    await expect(fetch(`${url}/health`)).rejects.toThrow();
  });
});
