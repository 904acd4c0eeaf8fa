import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { newProject, testedVersions } from "../../../src/cli/new-project.ts";
import { settleSettings } from "../../../src/config/settings.ts";

const repository = resolve(import.meta.dirname, "..", "..", "..");
const folder = mkdtempSync(join(tmpdir(), "groundplan-init-"));
afterAll(() => rmSync(folder, { recursive: true }));

const init = async (...args: readonly string[]) => {
  const { exitCode, all } = await execa(process.execPath, [join(repository, "bin", "groundplan.js"), "init", ...args], {
    cwd: folder,
    reject: false,
    all: true,
    stdin: "ignore",
    env: { NO_COLOR: "1" },
  });
  return { code: exitCode, output: all };
};

describe("the files of a new project", () => {
  const files = new Map(newProject({ ...testedVersions(), name: "shop" }).map(({ path, content }) => [path, content]));

  test("nothing of a template is left in them", () => {
    expect([...files.keys()].filter((path) => path.endsWith(".template"))).toEqual([]);
    // Workflows of GitHub have braces of their own.
    expect([...files].filter(([path, content]) => !path.endsWith(".yml") && content.includes("{{")).map(([path]) => path)).toEqual([]);
  });

  test("its SDKs are those that were tested with the package, exactly", () => {
    const manifest = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
    const { dependencies, devDependencies } = JSON.parse(files.get("package.json") ?? "");
    const { groundplan, ...sdks } = dependencies;
    expect(groundplan).toBe(manifest.version);
    for (const [name, version] of Object.entries({ ...sdks, ...devDependencies })) expect(version, name).toBe(manifest.devDependencies[name]);
    expect(Object.keys({ ...sdks, ...devDependencies })).toEqual(expect.arrayContaining(Object.keys(manifest.peerDependencies)));
  });

  test.each([
    ["dev", "docker"],
    ["staging", "kubernetes"],
    ["prod", "aws"],
  ])("the settings of %s are right, for %s", (env, target) => {
    const document = parse(files.get(`Pulumi.${env}.yaml`) ?? "").config["groundplan:stack"];
    const result = settleSettings({ project: "shop", env, document, file: `Pulumi.${env}.yaml`, environment: {} });
    expect(result).toMatchObject({ settings: { target, topology: "app", profile: { name: env } } });
  });

  test("the gate of pull requests is the documented one", () => {
    const body = (text: string) => text.slice(text.indexOf("\nname: policies"));
    const documented = readFileSync(join(repository, "docs", "ci", "github-actions.yml"), "utf8");
    expect(body(files.get(".github/workflows/policies.yml") ?? "")).toBe(body(documented));
  });
});

describe("groundplan init", () => {
  test("writes them into a new folder, which gives the project its name, and says what comes next", async () => {
    const { code, output } = await init("shop");
    expect(code).toBe(0);
    expect(output).toMatch(/^shop: 13 files in shop$/m);
    expect(output).toMatch(/^ {2}cd shop\n {2}npm install\n {2}npm start /m);
    expect(parse(readFileSync(join(folder, "shop", "Pulumi.yaml"), "utf8")).name).toBe("shop");
    expect(readdirSync(join(folder, "shop"))).toContain(".gitignore");
  });

  test("takes a folder where only Git is, and a name", async () => {
    mkdirSync(join(folder, "My_Shop", ".git"), { recursive: true });
    expect(await init("My_Shop", "--name", "my-shop")).toMatchObject({ code: 0 });
    expect(parse(readFileSync(join(folder, "My_Shop", "Pulumi.yaml"), "utf8")).name).toBe("my-shop");
  });

  test("a folder with files is left alone, and they are named", async () => {
    mkdirSync(join(folder, "taken"));
    writeFileSync(join(folder, "taken", "notes.txt"), "mine");
    const { code, output } = await init("taken");
    expect(code).toBe(2);
    expect(output).toMatch(/taken is not empty: notes\.txt\n {2}Name a new folder, or an empty one; nothing was written$/);
    expect(readdirSync(join(folder, "taken"))).toEqual(["notes.txt"]);
  });

  test.each(["Shop", "1shop", "shop--a", "a".repeat(25)])("the name %s is refused before anything is written", async (name) => {
    const { code, output } = await init("new", "--name", name);
    expect(code).toBe(3);
    expect(output).toContain(`project: name = "${name}"`);
    expect(output).toMatch(/rule .*\n {4}fix {3}choose another name$/);
    expect(readdirSync(folder)).not.toContain("new");
  });
});
