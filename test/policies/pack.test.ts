import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { catalogue } from "../../policies/catalogue/index.ts";
import { defaultsOf } from "../../policies/evaluate.ts";
import { fileRules } from "../../policies/file-rules.ts";
import { type Stage, stages } from "../../policies/model.ts";
import { stageOf } from "../../policies/stage.ts";
import { dayOf } from "../../policies/waivers.ts";
import { type Answer, asPlanned, type PackOptions, packFolder, type RunningPack, startPack } from "../support/analyzer.ts";
import { repository } from "../support/recorded.ts";
import { badPlan } from "../support/shipped.ts";
import { cases } from "./cases/index.ts";

const folder = mkdtempSync(join(tmpdir(), "groundplan-pack-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function withPack<T>(options: PackOptions, use: (pack: RunningPack) => Promise<T>): Promise<T> {
  const pack = await startPack(options);
  try {
    return await use(pack);
  } finally {
    await pack.stop();
  }
}

const stackConfig = (profile: string) => ({ PULUMI_CONFIG: JSON.stringify({ "groundplan:stack": JSON.stringify({ profile }) }) });

describe("the start of the pack", () => {
  /** What the process tells of itself at its end: the seconds that it kept a processor busy, and everything that it loaded. */
  async function told(use: (pack: RunningPack) => Promise<unknown>): Promise<{ seconds: number; modules: string[] }> {
    const [hook, file] = [join(folder, "hook.cjs"), join(folder, "told.json")];
    writeFileSync(
      hook,
      `const modules = [];
require("node:module").registerHooks({ load: (url, context, next) => (modules.push(url), next(url, context)) });
process.on("SIGTERM", () => {
  const { user, system } = process.cpuUsage();
  require("node:fs").writeFileSync(process.env.TOLD_FILE, JSON.stringify({ seconds: (user + system) / 1e6, modules }));
  process.exit();
});\n`,
    );
    await withPack({ environment: { NODE_OPTIONS: `--require=${hook}`, TOLD_FILE: file } }, use);
    return JSON.parse(readFileSync(file, "utf8")) as { seconds: number; modules: string[] };
  }

  test("takes less than 2 seconds of a processor", async () => {
    const { seconds } = await told(async () => undefined);
    // A machine that is busy with other tests works slower, too.
    expect(seconds < 2 ? seconds : (await told(async () => undefined)).seconds).toBeLessThan(2);
  });

  test("loads the SDK of no provider, and of the repository nothing but the policies", async () => {
    const resources = (cases["docker-no-host-access"]?.violating[0]?.resources ?? []).map(asPlanned);
    const { modules } = await told((pack) => pack.analyze({ project: "cases", stack: "test", resources }));
    const packages = modules.flatMap((url) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1] ?? []);
    const known = /^(@pulumi\/(?!pulumi$)|@aws-sdk\/|@kubernetes|dockerode$)/;
    expect([...new Set(packages)].filter((name) => known.test(name))).toEqual(["@pulumi/policy"]);
    const own = modules.filter((url) => url.includes(`${repository}/`) && !url.includes("/node_modules/"));
    expect(own.length).toBeGreaterThan(20);
    expect(own.filter((url) => !url.includes(`${packFolder}/`))).toEqual([]);
  });

  test("works from a folder that another project has a link to", async () => {
    const project = join(folder, "elsewhere");
    mkdirSync(join(project, "node_modules"), { recursive: true });
    symlinkSync(repository, join(project, "node_modules", "groundplan"));
    const { policies } = await withPack({ folder: join(project, "node_modules", "groundplan", "policies") }, ({ info }) => info());
    expect(policies.length).toBeGreaterThan(catalogue.length);
  });
});

describe("what the pack tells of itself", () => {
  test.each([...stages, "nowhere"])("is what the catalogue has, for a stack whose profile is %s", async (profile) => {
    const { name, version, policies } = await withPack({ environment: stackConfig(profile) }, ({ info }) => info());
    const settings = defaultsOf(profile === "nowhere" ? "prod" : (profile as Stage));
    const { version: ours } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as { version: string };
    expect({ name, version }).toEqual({ name: "groundplan", version: ours });
    expect(policies.slice(0, catalogue.length)).toEqual(
      catalogue.map((policy) => ({
        name: policy.id,
        level: settings.level(policy),
        severity: policy.severity,
        tags: policy.references,
        properties: {
          stage: { type: "string", enum: [...stages], description: expect.any(String), default: settings.stage },
          ...Object.fromEntries(
            Object.entries(policy.parameters ?? {}).map(([parameter, { meaning, minimum, maximum }]) => [
              parameter,
              { type: "number", description: meaning, minimum, maximum, default: settings.parameter(policy, parameter) },
            ]),
          ),
        },
      })),
    );
    expect(policies.slice(catalogue.length).map((policy) => policy.name)).toEqual([...Object.keys(fileRules), "waived", "policy-not-run"]);
    expect(policies.at(-1)?.level).toBe(settings.stage === "prod" ? "mandatory" : "advisory");
  });

  test("a stack whose configuration says prod stays there, whatever the environment says", () => {
    for (const GROUNDPLAN_PROFILE of [undefined, "dev", "staging", "prod"])
      expect(stageOf({ GROUNDPLAN_PROFILE, ...stackConfig("prod") })).toBe("prod");
  });

  test("the environment goes before the configuration of the stack, and what is no stage is nothing", () => {
    expect(stageOf({ GROUNDPLAN_PROFILE: "staging", ...stackConfig("dev") })).toBe("staging");
    expect(stageOf({ GROUNDPLAN_PROFILE: "production", ...stackConfig("dev") })).toBe("dev");
    expect(stageOf({ PULUMI_CONFIG: "{" })).toBe("prod");
    expect(stageOf({ PULUMI_CONFIG: '{"groundplan:stack":"target: docker"}' })).toBe("prod");
    expect(stageOf({})).toBe("prod");
  });
});

/** A folder of a project with waivers and overrides, as a shell stands in it. */
function project(name: string, files: Readonly<Record<string, unknown>>): { environment: Record<string, string> } {
  const root = join(folder, name);
  mkdirSync(join(root, "policies"), { recursive: true });
  writeFileSync(join(root, "Pulumi.yaml"), "name: shop\n");
  for (const [file, content] of Object.entries(files)) writeFileSync(join(root, "policies", file), stringify(content));
  return { environment: { PWD: join(root, "policies"), GROUNDPLAN_PROFILE: "prod" } };
}

const day = (days: number) => dayOf(new Date(Date.now() + days * 86_400_000));
const waiver = (id: string, more: object) => ({
  id,
  policy: "docker-no-host-access",
  stage: "prod",
  reason: "the agent reads the metrics of the machine",
  owner: ["ada", "grace"],
  ticket: "OPS-1",
  expires: day(30),
  ...more,
});

const of = ({ diagnostics }: Answer, policy: string) => diagnostics.filter((one) => one.policy === policy);

describe("waivers and overrides of the project in which the engine was called", () => {
  test("a waived finding is listed by one advisory policy instead, and rules for waivers have policies of their own", async () => {
    const plan = await badPlan();
    const before = of(await withPack({ environment: { GROUNDPLAN_PROFILE: "prod" } }, (pack) => pack.analyze(plan)), "docker-no-host-access");
    const [first] = before;
    if (!first) throw new Error("the program breaks nothing");
    const options = project("waived", {
      "waivers.yaml": {
        waivers: [
          waiver("W-1", { urn: first.urn }),
          waiver("W-2", { urn: "urn:pulumi:prod::shop::*::nothing-here" }),
          waiver("W-3", { urn: first.urn, expires: day(-1) }),
        ],
      },
    });
    const after = await withPack(options, (pack) => pack.analyze(plan));
    const covered = before.filter(({ urn }) => urn === first.urn);
    expect(of(after, "docker-no-host-access")).toEqual(before.filter(({ urn }) => urn !== first.urn));
    expect(of(after, "waived")).toEqual(
      covered.map(({ urn, message }) => ({
        policy: "waived",
        level: "advisory",
        severity: "unspecified",
        urn,
        message: `docker-no-host-access: ${message} (waiver W-1 until ${day(30)}: the agent reads the metrics of the machine)`,
      })),
    );
    expect(of(after, "waiver-stale")).toMatchObject([
      { level: "advisory", message: expect.stringMatching(/^waiver W-2 covers nothing in stage prod/) },
    ]);
    expect(of(after, "waiver-expired")).toMatchObject([{ level: "mandatory", message: expect.stringMatching(/^waiver W-3 ended with /) }]);
  });

  test("waivers are those of the stage that the configuration of the pack sets", async () => {
    const plan = await badPlan();
    const [first] = of(await withPack({ environment: { GROUNDPLAN_PROFILE: "prod" } }, (pack) => pack.analyze(plan)), "docker-no-host-access");
    if (!first) throw new Error("the program breaks nothing");
    const waivers = [waiver("W-1", { urn: first.urn }), waiver("W-2", { urn: "*::nothing-here" }), waiver("W-3", { urn: first.urn, stage: "dev" })];
    const { environment } = project("configured", { "waivers.yaml": { waivers } });
    const configuration = (stage: Stage) => JSON.parse(readFileSync(join(packFolder, "stages", `${stage}.json`), "utf8"));
    const told = await withPack({ environment: { ...environment, GROUNDPLAN_PROFILE: "dev" } }, async (pack) => {
      await pack.configure(configuration("prod"));
      const atProd = await pack.analyze(plan);
      await pack.configure(configuration("dev"));
      return [atProd, await pack.analyze(plan)];
    });
    const covered = told.map((answer) => of(answer, "waived").map(({ urn, message }) => `${urn} ${/waiver W-\d/.exec(message)}`));
    expect(covered.map((found) => [...new Set(found)])).toEqual([[`${first.urn} waiver W-1`], [`${first.urn} waiver W-3`]]);
    for (const answer of told) expect(of(answer, "docker-no-host-access").filter(({ urn }) => urn === first.urn)).toEqual([]);
    expect(told.map((answer) => of(answer, "waiver-stale").map(({ message }) => /^waiver W-\d .* stage \w+/.exec(message)?.[0]))).toEqual([
      ["waiver W-2 covers nothing in stage prod"],
      [],
    ]);
  });

  test("an override sets the level; what the configuration of the pack says goes before it", async () => {
    const policy = catalogue.find(({ severity, levels }) => severity === "high" && levels.staging === "advisory" && levels.prod === "mandatory");
    if (!policy) throw new Error("no policy to override");
    const lowered = { level: "advisory", reason: "the machine is watched by something else" };
    const options = project("overridden", { "overrides.yaml": { levels: { [policy.id]: { prod: lowered } } } });
    const levelOf = async (pack: RunningPack) => (await pack.info()).policies.find(({ name }) => name === policy.id)?.level;
    expect(await withPack(options, levelOf)).toBe("advisory");
    const answered = await withPack(options, async (pack) => {
      await pack.configure({ [policy.id]: { enforcementLevel: "disabled" } });
      return pack.analyze(await badPlan());
    });
    expect(of(answered, policy.id)).toEqual([]);
    expect(of(answered, "override-weakens")).toMatchObject([
      { level: "advisory", message: expect.stringMatching(`^override of ${policy.id} lowers it in prod from mandatory to advisory: the machine is`) },
    ]);
  });

  test("files that are not as they must be stop the pack, with every problem", async () => {
    const options = project("broken", { "waivers.yaml": { waivers: [{ id: "W-1" }] }, "overrides.yaml": { levels: { "no-such-policy": {} } } });
    const failure = await startPack(options).catch((error: Error) => error.message);
    expect(failure).toContain("the pack ended with code 1\npolicies/waivers.yaml:2: waivers[0].policy is not set\n    rule  ");
    expect(failure).toContain("policies/overrides.yaml:2: levels.no-such-policy is ");
    expect(failure).not.toMatch(/^\s+at /m);
  });
});
