import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { pulumiUp } from "../../../src/cli/engines/pulumi.ts";
import type { EnvironmentProject } from "../../../src/cli/project.ts";
import type { Plan, PlanResource } from "../../../src/preview/plan.ts";

const urn = (name: string) => `urn:pulumi:dev::shop::random:index/randomPassword:RandomPassword::${name}`;
const names = ["old", "replaced", "stuck"];

let root = "";
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A CLI whose `up` fails after it replaced one of three passwords, and that cannot protect another. */
function projectWithStub(): EnvironmentProject {
  root = mkdtempSync(join(tmpdir(), "groundplan-protect-"));
  const bin = join(root, "node_modules", ".bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(root, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
  writeFileSync(join(root, "Pulumi.dev.yaml"), "encryptionsalt: v1:x\n");
  const resources = [
    { urn: urn("old"), protect: false },
    { urn: urn("replaced"), protect: true },
    { urn: urn("replaced"), delete: true },
    { urn: urn("stuck") },
  ];
  writeFileSync(join(root, "state.json"), JSON.stringify({ deployment: { resources } }));
  const script = `#!/bin/sh
echo "$*" >> ${root}/calls
case "$*" in
  *"stack export"*) cat ${root}/state.json;;
  *"state protect"*stuck*) exit 255;;
  up*) echo "Diagnostics:"; echo "    the daemon is tired"; exit 255;;
esac
`;
  writeFileSync(join(bin, "pulumi"), script);
  chmodSync(join(bin, "pulumi"), 0o755);
  const settings = { target: "docker" } as EnvironmentProject["settings"];
  return {
    root,
    state: join(root, ".groundplan", "dev"),
    project: "shop",
    stack: "dev",
    env: "dev",
    prefix: "shop-dev",
    settings,
  } as EnvironmentProject;
}

test("a rotation that fails protects again what it freed, each by itself, and tells what it could not", async () => {
  const project = projectWithStub();
  const resources = names.map((name) => ({ urn: urn(name), name, protect: true }) as PlanResource);
  const plan = { resources, credentials: names.map((name) => ({ name, urn: urn(name), value: "" })) } as unknown as Plan;
  const { failure = "" } = await pulumiUp(project, {}, false, { plan, renew: names });
  const protecting = readFileSync(join(root, "calls"), "utf8")
    .split("\n")
    .filter((call) => call.startsWith("state protect"))
    .map((call) => names.filter((name) => call.includes(`::${name} `)));
  expect(protecting).toEqual([["old"], ["stuck"]]);
  expect(failure).toContain("the daemon is tired");
  expect(failure).toContain("stuck could not be protected again: the next down would delete what opens the data");
  expect(failure).toContain(`pulumi state protect '${urn("stuck")}' --stack dev --yes`);
  expect(failure).not.toContain(`protect '${urn("old")}'`);
});
