import { beforeAll, describe, expect, test } from "vitest";
import { labelKeys } from "../../src/core/labels.ts";
import { containersOf } from "../../src/preview/containers.ts";
import { checksOf } from "../../src/preview/kubernetes.ts";
import { componentsOf, type Plan } from "../../src/preview/plan.ts";
import { allowedOnKubernetes } from "../support/allowed/kubernetes.ts";
import { describeManifests, manifestsOf } from "../support/kubernetes/manifest-rules.ts";
import { podTemplates } from "../support/kubernetes/pods.ts";
import { shippedPlan } from "../support/shipped.ts";

/** GitGuard as the repository ships it for clusters. */
for (const env of ["staging", "prod"] as const) {
  describeManifests(`GitGuard on Kubernetes, ${env}`, () => shippedPlan(env), {
    namespace: `groundplan-${env}`,
    atLeast: { manifests: 300, pods: 40 },
  });

  describe(`GitGuard on Kubernetes, ${env}`, () => {
    let plan: Plan;
    beforeAll(async () => {
      plan = await shippedPlan(env);
    });

    test("who may connect to whom is what the topology says, port by port", () => {
      const declared = componentsOf(plan).flatMap(({ outputs }) =>
        Object.entries((outputs.reaches ?? {}) as Record<string, string[]>).flatMap(([from, targets]) => targets.map((to) => `${from} -> ${to}`)),
      );
      expect(declared.length).toBeGreaterThan(30);
      expect(allowedOnKubernetes(plan).toSorted()).toEqual([...new Set(declared)].toSorted());
    });

    test("verify has the rows of dev", async () => {
      const onDocker = containersOf(await shippedPlan("dev")).filter(({ role }) => role === "check");
      const rows = onDocker.map(
        ({ component, inputs }) => `${component} ${inputs.labels.find(({ label }) => label === labelKeys.title)?.value ?? ""}`,
      );
      const here = checksOf(plan).map(({ component, manifest }) => `${component} ${manifest.metadata.annotations?.[labelKeys.title] ?? ""}`);
      expect(rows.length).toBeGreaterThan(12);
      expect(here.toSorted()).toEqual(rows.toSorted());
    });

    test("guard-codex has a copy of the repository instead of a folder of this machine", () => {
      const codex = podTemplates(manifestsOf(plan)).find(({ what }) => what === "Deployment guard-codex");
      const { initContainers, containers } = codex?.pod ?? {};
      expect(initContainers).toMatchObject([{ name: "checkout-repository" }]);
      expect(containers?.[0]?.volumeMounts).toContainEqual({ name: "groundplan-checkout-repository", mountPath: "/repository", readOnly: true });
    });
  });
}
