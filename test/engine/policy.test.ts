import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { catalogue } from "../../policies/catalogue/index.ts";
import { defaultsOf, evaluate, type Finding } from "../../policies/evaluate.ts";
import type { Resource, Stage } from "../../policies/model.ts";
import { record } from "../../src/preview/recorder.ts";
import { describeEngine, describePulumi } from "../support/engine-tier.ts";
import { repository } from "../support/recorded.ts";
import { badPlan, shippedPlan } from "../support/shipped.ts";

const packFolder = join(repository, "policies");
/** What a pack can look at: it is not told which inputs are marked secret. */
const policies = catalogue.filter(({ needsSecretMarks }) => !needsSecretMarks);

interface PolicyEvent {
  readonly policyName: string;
  readonly resourceUrn: string;
  readonly enforcementLevel: string;
  readonly message: string;
}

/** A project with a program of one file and a state of its own. */
function project(program: string) {
  const root = mkdtempSync(join(tmpdir(), "groundplan-policy-"));
  const log = join(root, "events.json");
  mkdirSync(join(root, "state"));
  symlinkSync(join(repository, "node_modules"), join(root, "node_modules"));
  writeFileSync(join(root, "Pulumi.yaml"), stringify({ name: "shop", runtime: { name: "nodejs", options: { typescript: false } }, main: "main.js" }));
  writeFileSync(join(root, "package.json"), '{ "type": "module" }\n');
  writeFileSync(join(root, "main.js"), program);

  const pulumi = (...args: string[]) =>
    execa("pulumi", [...args, "--stack", "dev", "--non-interactive", "--color", "never"], {
      cwd: root,
      reject: false,
      all: true,
      timeout: 200_000,
      env: {
        PWD: root,
        PATH: `${join(repository, "node_modules", ".bin")}:${process.env.PATH}`,
        PULUMI_BACKEND_URL: `file://${join(root, "state")}`,
        PULUMI_CONFIG_PASSPHRASE: "none",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DEBUG_COMMANDS: "true",
      },
    });

  return {
    root,
    async init() {
      const { exitCode, all } = await pulumi("stack", "init");
      expect(exitCode, all).toBe(0);
    },
    /** A preview with the pack, and what the engine was told in it; not what could not be looked at. */
    async preview(...args: string[]): Promise<{ code: number | undefined; output: string; told: readonly PolicyEvent[] }> {
      rmSync(log, { force: true });
      const { exitCode, all } = await pulumi("preview", "--event-log", log, "--policy-pack", packFolder, ...args);
      const lines = readFileSync(log, "utf8").trim().split("\n");
      const events = lines.flatMap((line) => (JSON.parse(line) as { policyEvent?: PolicyEvent }).policyEvent ?? []);
      return {
        code: exitCode,
        output: all,
        told: events.filter(({ policyName }) => policyName !== "policy-not-run").filter(({ message }) => !message.startsWith("can't run policy")),
      };
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/**
 * Resources of a plan without a provider: each is registered as a component that has the type, the inputs, the options and the
 * sources of the one in the plan. So the engine shows the pack all grounds, and needs the plugin of none.
 */
const standIns = `import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";

const resources = JSON.parse(readFileSync("plan.json", "utf8"));
const made = new Map();
function make(urn) {
  const known = made.get(urn);
  if (known) return known;
  const { type, name, parent, inputs, protect, ignoreChanges, propertyDependencies } = resources.find((resource) => resource.urn === urn);
  const from = (key) => (propertyDependencies[key] ?? []).filter((source) => resources.some((resource) => resource.urn === source)).map(make);
  const values = Object.entries(inputs).map(([key, value]) => [key, pulumi.all(from(key).map((source) => source.urn)).apply(() => value)]);
  const owner = resources.some((resource) => resource.urn === parent) ? { parent: make(parent) } : {};
  const resource = new pulumi.ComponentResource(type, name, Object.fromEntries(values), { ...owner, protect, ignoreChanges });
  // Only what is custom or remote counts as a source.
  resource.__remote = true;
  made.set(urn, resource);
  return resource;
}
for (const { urn } of resources) make(urn);
`;

describePulumi("the policy pack on the engine, over resources of all grounds", () => {
  const standing = project(standIns);
  beforeAll(() => standing.init());
  afterAll(() => standing.remove());

  /** What can be registered in place of the plan: no provider, and the stack is there already. */
  const shown = (resources: readonly Resource[]) => resources.filter(({ type }) => !/^pulumi:(providers:|pulumi:Stack$)/.test(type));

  /** In the stack of the test the same resource has another URN. */
  const placeOf = (urn: string) => urn.split("::").slice(2).join("::");

  const onPlan = (resources: readonly Resource[], stage: Stage) =>
    evaluate(policies, shown(resources), defaultsOf(stage))
      .findings.map(({ policy, level, urn, message }: Finding) => `${level} ${policy} ${placeOf(urn)}: ${message}`)
      .toSorted();

  const inEvents = (told: readonly PolicyEvent[]) =>
    told
      .map(
        ({ policyName, enforcementLevel, resourceUrn, message }) =>
          `${enforcementLevel} ${policyName} ${placeOf(resourceUrn)}: ${said(policyName, message)}`,
      )
      .toSorted();

  /** The SDK puts the description before the message. */
  const said = (id: string, message: string) => {
    const { title, fix } = catalogue.find((policy) => policy.id === id) ?? expect.fail(`no policy ${id}`);
    return message.replace(`${title}. ${fix}\n`, "").trimEnd();
  };

  function write(resources: readonly Resource[], stage: Stage): void {
    writeFileSync(join(standing.root, "plan.json"), JSON.stringify(shown(resources)));
    writeFileSync(join(standing.root, "Pulumi.dev.yaml"), stringify({ config: { "groundplan:stack": { profile: stage } } }));
  }

  test.each(["dev", "prod"] as const)("finds in a bad program at %s what `groundplan policy` finds, and stops it", async (stage) => {
    const { resources } = await badPlan();
    write(resources, stage);
    const { code, output, told } = await standing.preview();
    expect(inEvents(told)).toEqual(onPlan(resources, stage));
    expect(code, output).toBe(1);
  });

  test("lets a shipped stack through, with the same advice", async () => {
    const { resources } = await shippedPlan("starter-dev");
    write(resources, "dev");
    const { code, output, told } = await standing.preview();
    expect(inEvents(told)).toEqual(onPlan(resources, "dev"));
    expect(code, output).toBe(0);
  });

  test("takes the profile of a stage, which goes before the configuration of the stack", async () => {
    const { resources } = await badPlan();
    write(resources, "prod");
    const { told } = await standing.preview("--policy-pack-config", join(packFolder, "stages", "dev.json"));
    expect(inEvents(told)).toEqual(onPlan(resources, "dev"));
  });
});

const docker = `import * as docker from "@pulumi/docker";
new docker.Container("agent", {
  image: "docker.io/library/busybox:latest",
  privileged: true,
  networkMode: "host",
  ports: [{ internal: 6379, external: 6379, ip: "0.0.0.0" }],
});
`;

describeEngine("the policy pack on the engine, with a provider", () => {
  const bad = project(docker);
  beforeAll(() => bad.init());
  afterAll(() => bad.remove());

  const places = (found: readonly string[]) => [...new Set(found)].toSorted();

  test("a program that breaks mandatory policies does not get through its preview, for the reasons that `groundplan policy` has", async () => {
    const result = await record({ root: bad.root, main: "main.js", project: "shop", stack: "dev", config: {} });
    if (!("plan" in result)) throw new Error(JSON.stringify(result));
    const { findings } = evaluate(policies, result.plan.resources, defaultsOf("prod"));
    const { code, output, told } = await bad.preview();
    expect(places(told.map(({ policyName, resourceUrn }) => `${policyName} ${resourceUrn}`))).toEqual(
      places(findings.map(({ policy, urn }) => `${policy} ${urn}`)),
    );
    expect(output).toContain("docker-no-host-access");
    expect(code, output).not.toBe(0);
  });
});
