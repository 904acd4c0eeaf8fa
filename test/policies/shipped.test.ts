import { describe, expect, test } from "vitest";
import { catalogue } from "../../policies/catalogue/index.ts";
import { type PolicyFiles, readPolicyFiles } from "../../policies/files.ts";
import { noOverrides } from "../../policies/overrides.ts";
import { isMandatory, runPolicies } from "../../policies/run.ts";
import type { Plan } from "../../src/preview/plan.ts";
import { groundSettings, grounds, type ProfileName, profiles, starterOn } from "../support/grounds.ts";
import { repository } from "../support/recorded.ts";
import { type Shipped, shipped, shippedPlan } from "../support/shipped.ts";

const nothing: PolicyFiles = { waivers: [], overrides: noOverrides };

/** What stops a pipeline at the stage of the stack's own profile, with what is wrong with waivers. */
function stops(plan: Plan, stage: ProfileName, files = nothing) {
  const { project, stack, resources } = plan;
  // A day on which the waivers of the repository hold; the command judges them every day.
  const run = { ...files, policies: catalogue, resources, stage, subject: { project, stack, program: "main" }, day: "2026-11-28" };
  const { open, waived, notRun, waiverFindings } = runPolicies(run);
  const found = open.filter(isMandatory).map(({ policy, name, message }) => `${policy} at ${name}: ${message}`);
  const missed = notRun.map(({ policy, urn, reason }) => `${policy} could not look at ${urn}: ${reason}`);
  const stopped = [...found, ...missed, ...waiverFindings.map(({ waiver, message }) => `waiver ${waiver} ${message}`)];
  return { stopped, waived: waived.map(({ policy, name }) => `${policy} at ${name}`).toSorted() };
}

describe("every environment of the repository passes its own gate, with the waivers of policies/waivers.yaml: nothing is waived but backups on one machine, agents on nodes, and services of a fixed number on AWS", () => {
  const files = readPolicyFiles(repository, {}, catalogue);
  if ("problems" in files) throw new Error(JSON.stringify(files.problems));
  const unsaved: Partial<Record<Shipped, readonly string[]>> = { "prod-docker": ["nats", "postgres", "redis"] };
  /** Where the stack installs a mesh, the agent on the nodes has a namespace that admits what it needs. */
  const installing: readonly Shipped[] = ["staging"];
  /** Where logs are read from the nodes: they are files of root there. */
  const readingLogs: readonly Shipped[] = ["staging", "prod"];
  const logAgent = [
    "k8s-namespace at telemetry-agent-namespace",
    "k8s-no-host-access at telemetry-agent",
    "k8s-nonroot at telemetry-agent",
    "k8s-nonroot at telemetry-agent",
  ];
  /** Exporters and the scraper ask in turn: two of one would count everything twice. */
  const singles = ["exporter-nats", "exporter-postgres", "exporter-redis", "scraper"].map((part) => `telemetry-${part}`);
  const temporal = ["history", "matching", "ui", "worker"].map((part) => `temporal-${part}`);
  const fixed: Partial<Record<Shipped, readonly string[]>> = {
    "prod-aws": [
      ...["codex-trigger", "opa", "telemetry-collector", "temporal", ...temporal, ...singles].map((name) => `ecs-autoscaled at ${name}-service`),
      ...singles.map((name) => `ecs-deploy-safety at ${name}-service`),
    ],
  };
  test.each(Object.keys(shipped) as Shipped[])("%s", async (env) => {
    const agents = [...(installing.includes(env) ? ["k8s-namespace at mesh-istio-cni"] : []), ...(readingLogs.includes(env) ? logAgent : [])];
    const waived = [...(unsaved[env] ?? []).map((name) => `component-backup at ${name}`), ...agents, ...(fixed[env] ?? [])];
    expect(stops(await shippedPlan(env), shipped[env], files)).toEqual({ stopped: [], waived: waived.toSorted() });
  });
});

describe("the starter passes on every ground in every profile, but for telemetry and backups in prod: only AWS watches by itself", () => {
  /** Components whose volumes or disks nobody copies. On Kubernetes that is a policy of StatefulSets, which advises. */
  const unsaved = { docker: ["bus", "cache", "db", "queue"], kubernetes: [], aws: [] };

  const aws = { alarmTopics: ["arn:aws:sns:eu-central-1:123456789012:alarms"], backupRegion: "eu-west-1" };
  test.each(grounds.flatMap((ground) => profiles.map((profile) => [ground, profile] as const)))("%s, %s", async (ground, profile) => {
    // Several containers of one machine cannot share a published port.
    const api = ground === "docker" ? { publish: [] } : { autoscale: { min: 2, max: 6 } };
    const settings = ground === "aws" ? { aws: { ...groundSettings.aws.aws, ...aws } } : {};
    const unwatched = profile === "prod" && ground !== "aws" ? [expect.stringMatching(/^component-telemetry at api:/)] : [];
    const bare = profile === "prod" ? unsaved[ground].map((name) => expect.stringMatching(`^component-backup at ${name}: `)) : [];
    const { stopped } = stops(await starterOn(ground, profile, { components: { api }, ...settings }), profile);
    expect(stopped.toSorted()).toEqual([...bare, ...unwatched]);
  });
});

describe("the starter in a mesh that it installs passes, but for the namespace of the agent on the nodes", () => {
  test.each(["staging", "prod"] as const)("%s", async (profile) => {
    const mesh = { mode: "sidecar", install: true };
    const egress = [{ host: "api.example.com", port: 443 }];
    const plan = await starterOn("kubernetes", profile, {
      components: { api: { autoscale: { min: 2, max: 6 }, egress } },
      kubernetes: { ...groundSettings.kubernetes.kubernetes, mesh },
    });
    const unwatched = profile === "prod" ? [expect.stringMatching(/^component-telemetry at api:/)] : [];
    const agents = expect.stringMatching(/^k8s-namespace at mesh-istio-cni:.*privileged/);
    expect(stops(plan, profile).stopped.toSorted()).toEqual([...unwatched, agents]);
  });
});
