import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { reportFormats } from "../../policies/reports/formats.ts";
import { dayOf } from "../../policies/waivers.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

let project: TempProject;
beforeAll(() => {
  project = tempProject("");
  for (const profile of ["dev", "prod"]) {
    const settings = { topology: "raw", target: "docker", profile };
    writeFileSync(join(project.root, `Pulumi.${profile}.yaml`), stringify({ config: { "groundplan:stack": settings } }));
  }
});
afterAll(() => project.remove());
afterEach(() => rmSync(join(project.root, "policies"), { recursive: true, force: true }));

/** The stack as one raw container; `inputs` is the text of a program. */
const container = (inputs: string) =>
  writeFileSync(
    join(project.root, "stacks", "main.js"),
    `import pulumi from "@pulumi/pulumi";\nexport default async () => {\n  new pulumi.CustomResource("docker:index/container:Container", "web", ${inputs});\n};\n`,
  );

const good = `{ image: "registry.example/web:1.0.0@sha256:${"a".repeat(64)}" }`;
const privileged = '{ image: "registry.example/web:1.0.0", privileged: true }';

const file = (name: string, text: string) => {
  mkdirSync(join(project.root, "policies"), { recursive: true });
  writeFileSync(join(project.root, "policies", name), text);
};
const inDays = (days: number) => dayOf(new Date(Date.now() + days * 86_400_000));

const waiverOf = (over: object = {}) =>
  stringify({
    waivers: [
      {
        id: "W-1",
        policy: "docker-no-host-access",
        urn: "*docker:index/container:Container::web",
        stage: ["dev", "prod"],
        reason: "The container is the one that maintains the machine.",
        owner: ["Ada", "Alan"],
        ticket: "T-1",
        expires: inDays(30),
        ...over,
      },
    ],
  });

/** Policies that have an open finding, by the report for programs. */
async function open(...args: string[]) {
  const { code, output } = await project.run(["policy", ...args, "--report", "json"]);
  const { findings, waived, waiverFindings, stage } = JSON.parse(output);
  const ids = (list: { policy: string }[]) => list.map(({ policy }) => policy);
  return { code, stage, open: ids(findings), waived: ids(waived), waivers: waiverFindings.map(({ rule }: { rule: string }) => rule) };
}

describe("groundplan policy", () => {
  test("ends with 0 where nothing mandatory is open, and says what is advisory", async () => {
    container(good);
    const { code, output } = await project.run(["policy"]);
    expect(output).toMatch(/^Policies of \S+-dev, stage dev\n/);
    expect(output).toMatch(/\n0 mandatory, \d+ advisory, 0 waived, 0 not run; \d+ of \d+ policies had something to look at$/);
    expect(code).toBe(0);
  });

  test("ends with 1 for an open mandatory finding, in the stage of the profile or the one that is named", async () => {
    container(privileged);
    expect(await open()).toMatchObject({ code: 1, stage: "dev", open: expect.arrayContaining(["docker-no-host-access"]) });
    expect(await open("prod")).toMatchObject({ code: 1, stage: "prod" });
    expect(await open("dev", "--stage", "prod")).toMatchObject({ code: 1, stage: "prod" });
  });

  test("reads the waivers of the project, or of the file that is named", async () => {
    container(privileged);
    file("waivers.yaml", waiverOf());
    expect(await open()).toMatchObject({ code: 0, waived: ["docker-no-host-access"], waivers: [] });
    file("waivers.yaml", waiverOf({ expires: inDays(-1) }));
    expect(await open()).toMatchObject({ code: 1, waived: [], waivers: ["waiver-expired"] });
    file("others.yaml", waiverOf());
    expect(await open("--waivers", "policies/others.yaml")).toMatchObject({ code: 0, waived: ["docker-no-host-access"] });
  });

  test("reads the overrides of the project, or of the file that is named", async () => {
    container('{ image: "registry.example/web:latest" }');
    expect(await open()).toMatchObject({ code: 0, open: expect.arrayContaining(["image-pinned"]) });
    file("overrides.yaml", "levels: { image-pinned: { dev: mandatory } }\n");
    expect(await open()).toMatchObject({ code: 1 });
    file("others.yaml", "levels: { image-pinned: { dev: disabled } }\n");
    expect((await open("--overrides", "policies/others.yaml")).open).not.toContain("image-pinned");
  });

  test("ends with 3 for files that are wrong, with all that is wrong with them, and looks at nothing", async () => {
    container("{ get image() { throw new Error('the program ran'); } }");
    file("waivers.yaml", waiverOf({ policy: "docker-nohost", expires: "never" }));
    file("overrides.yaml", "levels: { docker-no-host-access: { prod: disabled } }\n");
    const { code, output } = await project.run(["policy"]);
    expect(output).toContain("2 problems in the files of the policies; nothing was checked");
    expect(output).toMatch(/policies\/waivers\.yaml: waivers\[0\]\.expires = "never" \(from policies\/waivers\.yaml:\d+\)/);
    expect(output).toContain('policies/overrides.yaml: levels.docker-no-host-access.prod = "disabled"');
    expect(code).toBe(3);
    const gone = await project.run(["policy", "--waivers", "gone.yaml"]);
    expect(gone.output).toContain("it is not there");
    expect(gone.code).toBe(3);
  });

  test("ends with 3 for an environment that is not there, and with 2 where it could not run", async () => {
    container(good);
    expect((await project.run(["policy", "gone"])).code).toBe(3);
    for (const args of [
      ["--report", "xml"],
      ["--report", "json="],
      ["--report", "json=a", "--report", "sarif=a"],
      ["--stage", "qa"],
    ])
      expect((await project.run(["policy", ...args])).code, args.join(" ")).toBe(2);
    expect((await project.run(["policy", "--report", "json=stacks/main.js/below"])).code, "no such folder").toBe(2);
    container("{ get image() { throw new Error('it broke'); } }");
    const broken = await project.run(["policy"]);
    expect([broken.code, broken.output]).toEqual([2, expect.stringContaining("it broke")]);
  });

  test("writes as many reports as are asked for, and prints those without a file", async () => {
    container(privileged);
    const { code, output } = await project.run([
      "policy",
      "--report",
      "sarif=out/policies.sarif",
      "--report",
      "github",
      "--report",
      "junit=out/a=b.xml",
    ]);
    expect(code).toBe(1);
    expect(output).toMatch(/^::error file=stacks\/main\.js,line=1,title=docker-no-host-access::/);
    expect(output).not.toContain("Policies of");
    expect(JSON.parse(readFileSync(join(project.root, "out", "policies.sarif"), "utf8")).version).toBe("2.1.0");
    expect(readFileSync(join(project.root, "out", "a=b.xml"), "utf8")).toMatch(/^<\?xml/);
    const silent = await project.run(["policy", "--report", "json=out/report.json"]);
    expect(silent.output).toMatch(/^Policies of/);
    expect(existsSync(join(project.root, "out", "report.json"))).toBe(true);
  });

  test("shows no secret of the plan in any report, though a policy quotes it", async () => {
    const planted = "registry.example/hunter2-Zq:latest";
    container(`{ image: "${planted}" }`);
    expect((await project.run(["policy"])).output, "the policy does quote it").toContain(planted);
    container(`{ image: pulumi.secret("${planted}") }`);
    const { output } = await project.run(["policy", ...reportFormats.flatMap((format) => ["--report", format])]);
    expect(output).toContain("image-pinned");
    expect(output).not.toContain("hunter2");
  });

  test("prints where the pack is", async () => {
    const { code, output } = await project.run(["policy", "path"]);
    expect([code, output]).toEqual([0, resolve(import.meta.dirname, "..", "..", "policies")]);
  });
});
