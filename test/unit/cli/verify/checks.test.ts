import { expect, test } from "vitest";
import type { Daemon } from "../../../../src/cli/daemon.ts";
import type { Kubectl } from "../../../../src/cli/kubernetes/kubectl.ts";
import { runChecks } from "../../../../src/cli/verify/checks.ts";
import { kubernetesChecks } from "../../../../src/cli/verify/kubernetes.ts";
import { labelKeys } from "../../../../src/core/labels.ts";
import type { JobSpec } from "../../../../src/core/workload.ts";
import { check } from "../../../../src/platforms/kubernetes/manifests/job.ts";
import { container, planWith, resource } from "../../preview/plans.ts";

const titled = (name: string, title: string) => {
  const made = container(name, "check");
  const labels = [...(made.inputs.labels as object[]), { label: labelKeys.title, value: title }];
  return { ...made, inputs: { ...made.inputs, labels } };
};

/** A daemon whose containers end with the code and the output that `ends` has for them. */
const daemonWith = (ends: (name: string) => { code: number; said: string }) =>
  ({
    docker: {
      getContainer: (name: string) => ({
        start: async () => {},
        wait: async () => ({ StatusCode: ends(name).code }),
        logs: async () => Buffer.from(ends(name).said),
      }),
    },
  }) as unknown as Daemon;

test("several checks of one component are rows of their own, each by its title and with its own result", async () => {
  const plan = planWith([container("db-check", "check"), titled("db-check-copies", "has fresh copies"), container("db", "server")]);
  const rows = await runChecks(
    plan,
    daemonWith((name) => (name.endsWith("copies") ? { code: 1, said: "none since Monday" } : { code: 0, said: "SELECT 1" })),
    undefined,
  );
  expect(rows.map(({ name, ok }) => ({ name, ok }))).toEqual([
    { name: "db by its protocol", ok: true },
    { name: "db has fresh copies", ok: false },
  ]);
});

test("on a cluster the title is an annotation of the check", async () => {
  const place = { id: { project: "shop", env: "dev", isolation: "" }, namespace: "shop-dev" };
  const spec = { name: "db-check", title: "has fresh copies", when: "verify", timeoutSeconds: 9 } as JobSpec;
  const manifest = (job: JobSpec) => check(place, { system: "db", name: job.name, role: "check" }, job, { metadata: {}, spec: { containers: [] } });
  const { title: _, ...plain } = spec;
  expect(manifest(plain).metadata).not.toHaveProperty("annotations");
  const cronJob = (job: JobSpec) =>
    resource("kubernetes:batch/v1:CronJob", job.name, { apiVersion: "batch/v1", kind: "CronJob", ...manifest(job) }, { parent: "urn:db" });
  const db = resource("groundplan:index:PostgresDb", "db", {}, { urn: "urn:db", custom: false, outputs: { kind: "PostgresDb" } });
  const kubectl = { try: async () => undefined } as unknown as Kubectl;
  const rows = await kubernetesChecks(kubectl, planWith([db, cronJob(spec), cronJob({ ...plain, name: "db-check-two" })]));
  expect(rows).toEqual([
    { name: "db has fresh copies", ok: false, said: "db-check is missing" },
    { name: "db by its protocol", ok: false, said: "db-check-two is missing" },
  ]);
});
