import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mirror } from "../support/docker-tier.ts";
import { clusterSettings, exampleService, gitguardProject } from "../support/gitguard.ts";
import { context, describeKubernetesEngine, kubectl, leftOf, listed } from "../support/kubernetes-tier.ts";
import { until } from "../support/stack.ts";
import type { TempProject } from "../support/temp-project.ts";

const minute = 60_000;

interface Named {
  readonly metadata: { readonly name: string };
}

/** The cluster has the mesh: only its definitions are on the lab, so nothing is injected. */
describeKubernetesEngine("GitGuard of Pulumi.staging.yaml with the pulumi engine", () => {
  let project: TempProject;
  const hosted = () => ({
    PULUMI_BACKEND_URL: `file://${join(project.root, "shared-state")}`,
    PULUMI_CONFIG_PASSPHRASE: "a passphrase of the test",
    GROUNDPLAN_IMAGE_MIRROR: mirror ?? "",
  });
  const runs = async (args: readonly string[], code = 0, environment: Record<string, string> = hosted()) => {
    const { code: ended, output } = await project.run(args, environment, 14 * minute);
    expect(ended, `groundplan ${args.join(" ")}\n${output}`).toBe(code);
    return output;
  };

  beforeAll(() => {
    project = gitguardProject("ge");
    const settings = clusterSettings("staging", { context, registry: `${mirror ?? "registry.example"}/engine` });
    const services = Object.fromEntries(
      Object.entries(exampleService()).map(([name, args]) => [name, { ...args, image: `registry.example/${name}:1.0.0` }]),
    );
    project.settings({ ...settings, components: { ...(settings.components as object), ...services } });
    mkdirSync(join(project.root, "shared-state"));
  });
  afterAll(async () => {
    await project.run(["down", "dev", "--volumes", "--yes"], hosted(), 4 * minute);
    await kubectl("delete", "namespace", project.prefix, `${project.prefix}-logs`, "--ignore-not-found");
    project.remove();
  }, 5 * minute);

  test("up says what it must be told of the state", async () => {
    const clean = {
      PULUMI_BACKEND_URL: "",
      PULUMI_CONFIG_PASSPHRASE: "",
      PULUMI_CONFIG_PASSPHRASE_FILE: "",
      PULUMI_ACCESS_TOKEN: "",
      PULUMI_HOME: project.root,
    };
    const output = await runs(["up", "dev"], 2, clean);
    expect(output).toMatch(/where its state is kept\n.*PULUMI_BACKEND_URL/);
    expect(output).toMatch(/what encrypts its secrets\n.*PULUMI_CONFIG_PASSPHRASE_FILE/);
    expect(await leftOf(project.prefix)).toEqual([]);
  });

  test(
    "up makes everything, and a second up changes nothing",
    async () => {
      expect(await runs(["up", "dev"])).toMatch(/\n\+ \d{3,} created$/);
      const roles = ["temporal", "temporal-history", "temporal-matching", "temporal-worker"];
      const deployments = (await listed<Named>(project.prefix, "deployments")).map(({ metadata }) => metadata.name);
      expect(deployments).toEqual(expect.arrayContaining([...roles, "guard-api", "guard-codex", "codex-trigger", "opa", "redis"]));
      expect(await runs(["up", "dev"])).toMatch(/\n\d{3,} unchanged$/);
    },
    15 * minute,
  );

  test(
    "verify has the rows of dev; without logs of pods no path is known",
    async () => {
      const output = await runs(["verify", "dev"], 1);
      for (const row of [
        "nats by its protocol",
        "temporal workflows",
        "opa decisions",
        "codex-trigger",
        "gateway by its protocol",
        "telemetry metrics",
      ])
        expect(output).toMatch(new RegExp(`ok +${row}`));
    },
    10 * minute,
  );

  test(
    "down --volumes leaves nothing",
    async () => {
      await runs(["down", "dev", "--volumes", "--yes"]);
      await until("everything is gone", 120, async () => (await leftOf(project.prefix)).length === 0);
    },
    10 * minute,
  );
});
