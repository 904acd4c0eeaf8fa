import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { imageCheck } from "../../../src/core/image-checks.ts";
import { missingPaths } from "../../../src/core/missing-paths.ts";
import { http } from "../../../src/core/probe.ts";
import { goodDocument, settleDocument, soundSpec } from "../../support/settings.ts";

const build = (args: Record<string, string>) => ({ build: { context: "services/api", args } });

describe("arguments of a build", () => {
  test.each([
    ["NPM_TOKEN", "abc"],
    ["DB_PASSWORD", "hunter2"],
    ["REGISTRY", "https://me:hunter2@registry.example"],
    ["SIGNING", "-----BEGIN RSA PRIVATE KEY-----\nhunter2"],
  ])("%s is refused as a secret, with the alternative and without its value", (name, value) => {
    const found = imageCheck(build({ [name]: value }), "image");
    expect(found.map(({ path, rule }) => [path, rule])).toEqual([
      [`image.build.args.${name}`, "no secret: arguments of a build stay in the history of the image"],
    ]);
    expect(found[0]?.fix).toMatch(/under env.*secret mount.*reference/);
    expect(JSON.stringify(found)).not.toMatch(/hunter2|abc/);
  });
  test("are taken when they tell nothing", () => {
    expect(imageCheck(build({ BASE: "docker.io/library/node:24.1.0", VERSION: "1.2", SECRETS_FILE_MODE: "0400" }), "image")).toHaveLength(1);
    expect(imageCheck(build({ BASE: "docker.io/library/node:24.1.0", VERSION: "1.2" }), "image")).toEqual([]);
  });
});

describe("images of the stack file", () => {
  const settle = (images: unknown, environment = {}) => {
    const result = settleDocument({ ...goodDocument, images }, environment);
    return "settings" in result ? result.settings.images.overrides : result.problems.map(({ path, rule, fix }) => ({ path, rule, fix }));
  };

  test("may be built, by the rules of an argument", () => {
    const api = { build: { context: "services/api", target: "run", args: { VERSION: "1" } } };
    expect(settle({ api })).toEqual({ api });
    expect(settle({ api: { build: { dockerfile: "../Dockerfile", context: "x" } } })).toMatchObject([
      { path: "images.api.build.dockerfile", rule: "a path below the context" },
    ]);
    expect(settle({ api: { build: {} } })).toMatchObject([{ path: "images.api.build.context" }]);
    expect(settle({ api: { biuld: { context: "x" } } })).toMatchObject([
      { path: "images.api.biuld", fix: "did you mean build?" },
      { path: "images.api.build" },
    ]);
    expect(settle({ api: { build: { context: "x", args: { TOKEN: "hunter2" } } } })).toMatchObject([
      { path: "images.api.build.args.TOKEN", fix: expect.stringContaining("secret mount") },
    ]);
  });
  test("are pulled where they are a row of the image table", () => {
    expect(settle({ nats: { build: { context: "nats" } } })).toMatchObject([
      { path: "images.nats", rule: expect.stringContaining("rows of the image table are pulled") },
    ]);
  });
  test("may be built in the environment, too", () => {
    expect(settle({}, { GROUNDPLAN_IMAGES__API: "{build: {context: services/api}}" })).toEqual({ api: { build: { context: "services/api" } } });
  });
});

describe("a context that holds the state of the environments", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "groundplan-state-"));
    for (const folder of [".groundplan/dev", "services/api"]) mkdirSync(join(root, folder), { recursive: true });
    for (const file of ["Dockerfile", ".groundplan/dev/Dockerfile", "services/api/Dockerfile"]) writeFileSync(join(root, file), "FROM scratch");
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const problems = (context: string, ...ignored: string[]) => {
    if (ignored.length > 0) writeFileSync(join(root, ".dockerignore"), ignored.join("\n"));
    const spec = soundSpec("AppService", "api", { image: { build: { context } }, ports: { http: 8000 }, health: http("/") });
    return missingPaths(spec, root).map(({ path, rule }) => `${path}: ${rule}`);
  };

  test("is refused until its ignore file leaves that out", () => {
    const found = [
      "image.build.context: a context without .groundplan: keys and state of the environments are there, and every image would hold them",
    ];
    expect(problems(".")).toEqual(found);
    expect(problems(".", "node_modules", "groundplan")).toEqual(found);
    expect(problems(".groundplan/dev")).toEqual(found);
    for (const line of [".groundplan", ".groundplan/", "/.groundplan", "**/.groundplan", ".groundplan/**", "*"])
      expect(problems(".", line), line).toEqual([]);
  });
  test("is none when it lies beside", () => {
    expect(problems("services/api")).toEqual([]);
  });
});
