import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { AppServiceArgs } from "../../components/app-service/app-service.ts";
import { appServiceRules, appServiceSpec } from "../../components/app-service/spec.ts";
import { capabilityMatrix } from "../../docs/matrix.ts";
import { settleSettings } from "../../src/config/settings.ts";
import { type Capability, capabilities } from "../../src/core/capabilities.ts";
import type { Platform } from "../../src/core/platform.ts";
import { http } from "../../src/core/probe.ts";
import { settleArgs } from "../../src/core/settle.ts";
import type { SystemSpec } from "../../src/core/system.ts";
import { unsupportedOnDocker } from "../../src/platforms/docker/unsupported.ts";

const rows = Object.entries<Capability>(capabilities);
const refusedOn = (target: keyof Capability["cells"]) => rows.filter(([, row]) => row.cells[target].state === "refused").map(([key]) => key);

function service(wanted: Partial<AppServiceArgs>): SystemSpec {
  const document = { topology: "starter", target: "docker", profile: "dev" };
  const result = settleSettings({ project: "matrix", env: "dev", document, file: "Pulumi.dev.yaml", environment: {} });
  if (!("settings" in result)) throw new Error(JSON.stringify(result.problems));
  // With an image of its own a service asks nothing of the platform while it is planned.
  const platform = { realise: () => ({ connections: {} }) } as unknown as Platform;
  const args: AppServiceArgs = { platform, image: "registry.example/api:1.0.0", ports: { http: 8000 }, health: http("/"), ...wanted };
  return appServiceSpec("api", settleArgs(result.settings, "api", args, appServiceRules, ["ports", "health"]));
}

/** What asks for each cell that Docker refuses: a new refusal needs an entry here. */
const asksFor: Readonly<Record<string, Partial<AppServiceArgs>>> = {
  publishReplicas: { publish: ["http"], replicas: 2 },
  volumeReplicas: { volumes: { data: { path: "/data" } }, replicas: 2 },
};

describe("capability matrix", () => {
  it("is written down as the code has it", () => {
    const file = join(import.meta.dirname, "..", "..", "docs", "capability-matrix.md");
    expect(readFileSync(file, "utf8"), "out of date: npm run docs:matrix").toBe(capabilityMatrix());
  });

  it("has a line for each capability", () => {
    const lines = capabilityMatrix().split("\n");
    for (const [key, { component, capability }] of rows) {
      expect(
        lines.filter((line) => line.startsWith(`| ${component} | ${capability} |`)),
        key,
      ).toHaveLength(1);
    }
  });

  it.each(rows.flatMap(([key, { cells }]) => Object.entries(cells).map(([target, cell]) => ({ key, target, cell }))))(
    "says what is meant: $key on $target",
    ({ cell }) => {
      const [what = "", alternative = "", ...rest] = cell.how.split("; ");
      expect(what.trim()).not.toBe("");
      if (cell.state !== "refused") return;
      expect(alternative.trim()).not.toBe("");
      expect(rest, "the problem shows one alternative").toEqual([]);
    },
  );
});

describe("refusals on docker", () => {
  it("are all asked for below", () => {
    expect(Object.keys(asksFor).toSorted()).toEqual(refusedOn("docker").toSorted());
  });

  it.each(rows.filter(([key]) => refusedOn("docker").includes(key)))("%s is an error that names its row and the alternative", (key, row) => {
    const spec = service(asksFor[key] ?? {});
    expect(spec.problems).toEqual([]);
    const [what, alternative] = row.cells.docker.how.split("; ");
    expect(unsupportedOnDocker(spec)).toEqual([
      {
        component: "api",
        path: "replicas",
        value: 2,
        rule: `${row.component}: ${row.capability} is not supported on docker: ${what}`,
        fix: alternative,
      },
    ]);
  });

  it.each(Object.entries(asksFor))("%s: one replica is accepted", (_key, wanted) => {
    expect(unsupportedOnDocker(service({ ...wanted, replicas: 1 }))).toEqual([]);
  });
});
