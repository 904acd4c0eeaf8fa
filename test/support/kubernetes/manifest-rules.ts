import { beforeAll, describe, expect, test } from "vitest";
import { type Manifest, objectsOf } from "../../../src/preview/kubernetes.ts";
import type { Plan } from "../../../src/preview/plan.ts";
import { portable } from "../recorded.ts";
import { podTemplates } from "./pods.ts";
import { danglingReferences } from "./references.ts";
import { restrictedViolations } from "./restricted.ts";
import { schemaErrors } from "./schema.ts";

export const manifestsOf = (plan: Plan): Manifest[] => objectsOf(plan).map(({ manifest }) => manifest);

export interface Expected {
  /** Namespace of the stack. */
  readonly namespace: string;
  /** Namespaces beside it that the stack makes. @default none */
  readonly others?: readonly string[];
  /** What makes pods that the restricted standard does not admit, each for a reason that the code gives. @default none */
  readonly unrestricted?: readonly string[];
  /** @default nowhere */
  readonly context?: string;
  readonly atLeast: { readonly manifests: number; readonly pods: number };
}

/** What holds for the manifests of every plan. */
export function describeManifests(title: string, record: () => Promise<Plan>, expected: Expected): void {
  describe(title, () => {
    const { others = [], unrestricted = [] } = expected;
    let plan: Plan;
    let manifests: Manifest[];
    beforeAll(async () => {
      plan = await record();
      manifests = manifestsOf(plan);
    });

    test("is made of objects whose every field their schemas know", async () => {
      expect(manifests.length).toBeGreaterThanOrEqual(expected.atLeast.manifests);
      expect((await Promise.all(manifests.map(schemaErrors))).flat()).toEqual([]);
    });

    test("has pods that pass the restricted standard, and more", () => {
      const templates = podTemplates(manifests);
      expect(templates.length).toBeGreaterThanOrEqual(expected.atLeast.pods);
      expect(templates.map(({ what }) => what)).toEqual(expect.arrayContaining([...unrestricted]));
      expect(
        templates
          .filter(({ what }) => !unrestricted.includes(what))
          .flatMap(({ what, pod }) => restrictedViolations(pod).map((violation) => `${what}: ${violation}`)),
      ).toEqual([]);
      // Nothing of the library writes to its root.
      for (const { what, pod } of templates) {
        for (const { securityContext } of pod.containers) expect(securityContext?.readOnlyRootFilesystem, what).toBe(true);
      }
    });

    test("points at nothing that is not there", () => {
      expect(danglingReferences(manifests)).toEqual([]);
    });

    test("gives every pod an account and a policy of its own, and every server a limit of memory and three probes", () => {
      for (const { what, pod, labels } of podTemplates(manifests)) {
        expect(pod.serviceAccountName, what).toBe(labels["io.groundplan.part"]);
        const policies = manifests.filter(({ kind, metadata }) => kind === "NetworkPolicy" && metadata.name === labels["io.groundplan.part"]);
        expect(policies, what).toHaveLength(1);
        for (const { resources, startupProbe, readinessProbe, livenessProbe } of pod.containers) {
          const { requests, limits } = resources as Record<"requests" | "limits", { memory: string }>;
          expect(limits.memory, what).toBe(requests.memory);
          if (labels["io.groundplan.role"] === "server") expect([startupProbe, readinessProbe, livenessProbe], what).not.toContain(undefined);
        }
      }
    });

    test("lies in one namespace, made first by the configured cluster alone", () => {
      const namespaces = new Set(manifests.map(({ kind, metadata }) => (kind === "Namespace" ? metadata.name : metadata.namespace)));
      expect([...namespaces].filter((name) => name !== undefined).toSorted()).toEqual([expected.namespace, ...others].toSorted());
      const [provider] = plan.resources.filter(({ type }) => type === "pulumi:providers:kubernetes");
      expect(provider?.inputs).toEqual({
        context: expected.context ?? "nowhere",
        clusterIdentifier: expected.context ?? "nowhere",
        kubeconfig: "",
        enableServerSideApply: "true",
        upsertExistingObjects: "false",
      });
      const first = objectsOf(plan).find(({ kind, name }) => kind === "Namespace" && name === expected.namespace)?.resource;
      for (const { resource, namespace } of objectsOf(plan)) {
        expect(resource.provider, resource.name).toContain(provider?.urn);
        if (namespace === expected.namespace) expect(resource.dependencies, resource.name).toContain(first?.urn);
      }
    });

    test("protects claims and the credentials that open them, and nothing else", () => {
      const kept = plan.resources.filter(({ protect }) => protect).map(({ name }) => name);
      const claims = objectsOf(plan).filter(({ kind }) => kind === "PersistentVolumeClaim");
      expect(kept.toSorted()).toEqual([...plan.credentials.map(({ name }) => name), ...claims.map(({ resource }) => resource.name)].toSorted());
      // A claim in another format would have to be replaced, which protection forbids.
      for (const { resource } of claims) expect(resource.replaceOnChanges).toEqual(['metadata.annotations["io.groundplan.format"]']);
      // What the engine would have to delete for its sake stays, too: nothing it depends on goes before it.
      const names = new Map(plan.resources.map(({ urn, type }) => [urn, type]));
      for (const { resource } of claims) {
        expect(resource.dependencies.map((urn) => names.get(urn)).toSorted()).toEqual([
          "kubernetes:core/v1:LimitRange",
          "kubernetes:core/v1:Namespace",
          "kubernetes:networking.k8s.io/v1:NetworkPolicy",
        ]);
      }
    });

    test("keeps credentials in Secrets alone, and their values out of names, labels and everything that is shown", () => {
      const others = manifests.filter(({ kind }) => kind !== "Secret");
      for (const { name, value } of plan.credentials) {
        expect(JSON.stringify(others), name).not.toContain(value);
        expect(JSON.stringify(manifests.map(({ metadata }) => metadata)), name).not.toContain(value);
        expect(JSON.stringify(portable(plan)), name).not.toContain(value);
      }
      const secrets = manifests.filter(({ kind }) => kind === "Secret");
      expect(secrets.every(({ immutable }) => immutable === true)).toBe(true);
      for (const { resource } of objectsOf(plan).filter(({ kind }) => kind === "Secret")) {
        expect(resource.secretInputs.some((path) => path.startsWith("stringData"))).toBe(true);
      }
    });
  });
}
