import { expect, test } from "vitest";
import { type ClusterObject, kubernetesStatus } from "../../../../src/cli/running/kubernetes-status.ts";
import type { Plan, PlanResource } from "../../../../src/preview/plan.ts";

const container = { name: "api", image: "acme/api:1", env: [{ name: "MODE", value: "on" }] };
const labels = (part: string) => ({ "io.groundplan.component": "api", "io.groundplan.part": part });
const template = (part: string) => ({ metadata: { labels: labels(part) }, spec: { containers: [{ ...container, name: part }] } });

const planned = (kind: string, name: string, spec: object, metadata = name) =>
  ({
    urn: `urn::${kind}::${name}`,
    type: `kubernetes:${kind === "PersistentVolumeClaim" ? "core" : kind === "Job" ? "batch" : "apps"}/v1:${kind}`,
    name,
    custom: true,
    outputs: {},
    dependencies: [],
    inputs: { kind, metadata: { name: metadata, namespace: "shop" }, spec },
  }) as unknown as PlanResource;

const plan = {
  resources: [
    planned("Deployment", "api", { replicas: 2, template: template("api") }),
    planned("Job", "api-schema", { template: template("api-schema") }, "api-schema-0123456789"),
    planned("PersistentVolumeClaim", "api-0-data", {}, "data-api-0"),
  ],
} as unknown as Plan;

const object = (kind: string, name: string, over: object, part = name): ClusterObject => ({
  kind,
  metadata: { name, namespace: "shop", labels: labels(part), ...(over as { metadata?: object }).metadata },
  ...(({ metadata: _, ...rest }: { metadata?: object }) => rest)(over),
});

const deployment = (ready: number, image = "acme/api:1", replicas = 2) =>
  object("Deployment", "api", {
    spec: { replicas, template: { spec: { containers: [{ ...container, image }] } } },
    status: { readyReplicas: ready, conditions: [{ type: "Available", status: "True", lastTransitionTime: "2026-01-01T00:00:00Z" }] },
  });
const job = (name: string, type: string, created: string) =>
  object(
    "Job",
    name,
    {
      metadata: { creationTimestamp: created },
      spec: { template: template("api-schema") },
      status: { failed: 3, conditions: [{ type, status: "True" }] },
    },
    "api-schema",
  );
const claim = object("PersistentVolumeClaim", "data-api-0", { status: { phase: "Bound", capacity: { storage: "5Gi" } } });

test("as planned: replicas ready, the newest job of a part done, the claim bound", () => {
  const seen = [
    deployment(2),
    job("api-schema-old", "Failed", "2026-01-01T00:00:00Z"),
    job("api-schema-new", "Complete", "2026-01-02T00:00:00Z"),
    claim,
  ];
  expect(kubernetesStatus(plan, seen).map(({ part, state, ok }) => [part, state, ok])).toEqual([
    ["api", "2 of 2 ready", true],
    ["api-schema", "done", true],
    ["api-0-data", "bound, 5Gi", true],
  ]);
});

test("restarts with the last reason, another image, a job that failed, and what is missing or not in the plan", () => {
  const pod = object(
    "Pod",
    "api-x",
    { status: { containerStatuses: [{ restartCount: 4, state: { waiting: { reason: "CrashLoopBackOff" } } }] } },
    "api",
  );
  const stray = object("StatefulSet", "old", {});
  const parts = kubernetesStatus(plan, [deployment(1, "acme/api:0", 1), pod, job("api-schema-a", "Failed", "2026-01-01T00:00:00Z"), stray]);
  expect(parts).toMatchObject([
    {
      part: "api",
      state: "1 of 1 ready (4 restarts, CrashLoopBackOff)",
      ok: false,
      restarts: 4,
      drift: ["image acme/api:0, planned acme/api:1", "replicas 1, planned 2"],
    },
    { part: "api-schema", state: "failed after 3 tries", ok: false },
    { part: "api-0-data", state: "missing", missing: true },
    { part: "old", kind: "other", state: "running, not in the plan", ok: false },
  ]);
});
