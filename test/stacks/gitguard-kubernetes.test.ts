import { beforeAll, describe, expect, test } from "vitest";
import { labelKeys } from "../../src/core/labels.ts";
import { containersOf } from "../../src/preview/containers.ts";
import { checksOf } from "../../src/preview/kubernetes.ts";
import { componentsOf, type Plan } from "../../src/preview/plan.ts";
import { allowedOnDocker } from "../support/allowed/docker.ts";
import { allowedOnKubernetes } from "../support/allowed/kubernetes.ts";
import { allowedInMesh } from "../support/allowed/mesh.ts";
import { describeManifests, manifestsOf } from "../support/kubernetes/manifest-rules.ts";
import { podTemplates } from "../support/kubernetes/pods.ts";
import { shippedPlan } from "../support/shipped.ts";

/** GitGuard as the repository ships it for clusters. */
for (const env of ["staging", "prod"] as const) {
  describeManifests(`GitGuard on Kubernetes, ${env}`, () => shippedPlan(env), {
    namespace: `groundplan-${env}`,
    others: [`groundplan-${env}-logs`, ...(env === "staging" ? ["cert-manager", "istio-cni", "istio-system"] : [])],
    // It reads the logs of the node.
    unrestricted: ["DaemonSet telemetry-agent"],
    context: env,
    atLeast: { manifests: 300, pods: 40 },
  });

  describe(`GitGuard on Kubernetes, ${env}`, () => {
    let plan: Plan;
    beforeAll(async () => {
      plan = await shippedPlan(env);
    });

    /** What the topology says, port by port; replicas of one workload among themselves are another matter. */
    const declared = (of: Plan) => [
      ...new Set(
        componentsOf(of).flatMap(({ outputs }) =>
          Object.entries((outputs.reaches ?? {}) as Record<string, string[]>).flatMap(([from, targets]) =>
            targets.filter((to) => !to.startsWith(`${from}:`)).map((to) => `${from} -> ${to}`),
          ),
        ),
      ),
    ];
    /** Figures of a gateway are served by its proxy itself, past the rules of the mesh. */
    const ruled = (pairs: readonly string[]) => pairs.filter((pair) => pair !== "telemetry-prometheus -> gateway:15020").toSorted();

    test("who may connect to whom is what the topology says: by network policy, and by identity in the mesh", () => {
      expect(declared(plan).length).toBeGreaterThan(50);
      expect(allowedOnKubernetes(plan).toSorted()).toEqual(declared(plan).toSorted());
      expect(ruled(allowedInMesh(plan))).toEqual(ruled([...declared(plan), "telemetry-agent -> telemetry-collector:4318"]));
    });

    test("who may connect to whom is the same as on one machine, component by component", async () => {
      const docker = await shippedPlan(`${env}-docker`);
      const components = (of: Plan, pairs: readonly string[]) => {
        const names = componentsOf(of).map(({ name }) => name);
        const owner = (part: string) =>
          names.filter((name) => part === name || part.startsWith(`${name}-`)).toSorted((a, b) => b.length - a.length)[0];
        const between = pairs.map((pair) => pair.replace(/:\d+$/, "").split(" -> ").map(owner));
        return [...new Set(between.filter(([from, to]) => from !== to).map(([from, to]) => `${from} -> ${to}`))].toSorted();
      };
      expect(components(plan, allowedOnKubernetes(plan))).toEqual(components(docker, allowedOnDocker(docker)));
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

    test("nothing of the mesh, and no pod, is made before the stack has installed what it needs", () => {
      const byUrn = new Map(plan.resources.map((resource) => [resource.urn, resource]));
      const needs = (urn: string, seen = new Set<string>()): Set<string> => {
        for (const dependency of byUrn.get(urn)?.dependencies ?? []) {
          if (seen.has(dependency)) continue;
          seen.add(dependency);
          needs(dependency, seen);
        }
        return seen;
      };
      const installed = plan.resources.filter(({ type }) => type.startsWith("kubernetes:helm.sh/"));
      expect(installed).toHaveLength(env === "staging" ? 5 : 0);
      const needing = plan.resources.filter(({ type }) =>
        /(istio|cert-manager|gateway\.networking\.k8s)\.io|:(Deployment|StatefulSet|DaemonSet|Job|CronJob)$/.test(type),
      );
      expect(needing.length).toBeGreaterThan(100);
      const early = needing.filter(({ urn }) => !installed.every((release) => needs(urn).has(release.urn)));
      expect(early.map(({ type, name }) => `${type} ${name}`)).toEqual([]);
    });

    test("guard-codex has a copy of the repository instead of a folder of this machine", () => {
      const codex = podTemplates(manifestsOf(plan)).find(({ what }) => what === "Deployment guard-codex");
      const { initContainers, containers } = codex?.pod ?? {};
      expect(initContainers).toMatchObject([{ name: "checkout-repository" }]);
      expect(containers?.[0]?.volumeMounts).toContainEqual({ name: "groundplan-checkout-repository", mountPath: "/repository", readOnly: true });
    });
  });
}
