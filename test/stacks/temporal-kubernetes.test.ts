import { beforeAll, describe, expect, test } from "vitest";
import { type Manifest, objectsOf, servicesOf } from "../../src/preview/kubernetes.ts";
import { componentsOf, type Plan } from "../../src/preview/plan.ts";
import { allowedOnKubernetes } from "../support/allowed/kubernetes.ts";
import { groundSettings } from "../support/grounds.ts";
import { podTemplates } from "../support/kubernetes/pods.ts";
import { danglingReferences } from "../support/kubernetes/references.ts";
import { restrictedViolations } from "../support/kubernetes/restricted.ts";
import { schemaErrors } from "../support/kubernetes/schema.ts";
import { recordedTopology } from "../support/recorded-topology.ts";

const topology = (more = "") => `
  const db = new PostgresDb("db", { platform, databases: { temporal: {}, visibility: {} } });
  const temporal = new TemporalServer("temporal", {
    platform, database: db.databases.temporal, visibility: db.databases.visibility, historyShards: 512, namespaces: { guard: {} }, ${more}
  });
  return { observed: { ...temporal.observed, metrics: temporal.metrics.summary, also: (temporal.observed.also ?? []).map((part) => ({ ...part, from: part.from.summary })) } };`;

const on = (profile: string, more?: string) => recordedTopology(topology(more), { target: "kubernetes", profile, ...groundSettings.kubernetes });
const manifestsOf = (plan: Plan): Manifest[] => objectsOf(plan).map(({ manifest }) => manifest);
const roles = ["temporal", "temporal-history", "temporal-matching", "temporal-worker"];

describe.each(["staging", "prod"])("TemporalServer on Kubernetes, profile %s", (profile) => {
  let plan: Plan;
  let manifests: Manifest[];
  beforeAll(async () => {
    plan = await on(profile);
    manifests = manifestsOf(plan);
  });

  test("is made of objects whose every field their schemas know, of restricted pods, and points at nothing that is not there", async () => {
    expect((await Promise.all(manifests.map(schemaErrors))).flat()).toEqual([]);
    expect(podTemplates(manifests).flatMap(({ what, pod }) => restrictedViolations(pod).map((violation) => `${what}: ${violation}`))).toEqual([]);
    expect(danglingReferences(manifests)).toEqual([]);
  });

  test("who may connect to whom is what the roles declare; replicas of a role reach each other on declared ports", () => {
    const declared = componentsOf(plan).flatMap(({ outputs }) =>
      Object.entries(outputs.reaches as Record<string, readonly string[]>).flatMap(([from, to]) => to.map((target) => `${from} -> ${target}`)),
    );
    const among = (way: string) => /^(\S+) -> \1:/.test(way);
    expect(allowedOnKubernetes(plan).toSorted()).toEqual(declared.filter((way) => !among(way)).toSorted());
    const own = roles.map((name) => {
      const policy = manifests.find(({ kind, metadata }) => kind === "NetworkPolicy" && metadata.name === name);
      const { ingress = [] } = (policy?.spec ?? {}) as {
        ingress?: { from: { podSelector: { matchLabels: Record<string, string> } }[]; ports: { port: number }[] }[];
      };
      return ingress.flatMap(({ from, ports }) => {
        expect(from.map(({ podSelector }) => podSelector.matchLabels["io.groundplan.part"])).toEqual([name]);
        return ports.map(({ port }) => `${name} -> ${name}:${port}`);
      });
    });
    expect(own.flat().toSorted()).toEqual(declared.filter(among).toSorted());
  });

  test("a Service without an address of its own lists every port of a role, those of the ring too", () => {
    const headless = servicesOf(plan).filter(({ component, spec }) => component === "temporal" && spec.clusterIP === "None");
    const listed = headless.map(({ name, spec }) => [name, (spec.ports ?? []).map(({ port }) => port).toSorted()]);
    expect(Object.fromEntries(listed)).toEqual({
      "temporal-nodes": [6933, 7233, 7243, 9090],
      "temporal-history-nodes": [6934, 7234, 9090],
      "temporal-matching-nodes": [6935, 7235, 9090],
      "temporal-worker-nodes": [6939, 7239, 9090],
      "temporal-ui-nodes": [8233],
    });
    for (const { manifest } of headless) expect(manifest.spec).toMatchObject({ publishNotReadyAddresses: true });
  });

  test("tells whoever watches it of every role", () => {
    const { observed } = plan.outputs as { observed: Record<string, unknown> & { also: { from: { workload: string } }[] } };
    const [services, workers] = profile === "prod" ? [3, 2] : [2, 1];
    const part = (name: string, replicas: number) =>
      expect.objectContaining({ replicas, path: "/metrics", from: expect.objectContaining({ workload: name, port: 9090 }) });
    expect(observed.replicas).toBe(services);
    expect(observed.metrics).toMatchObject({ workload: "temporal", port: 9090 });
    expect(observed.also).toEqual([part("temporal-history", services), part("temporal-matching", services), part("temporal-worker", workers)]);
  });
});

test("in dev there is one server, and nothing is told of parts", async () => {
  const plan = await on("dev");
  const names = manifestsOf(plan)
    .filter(({ kind }) => kind === "Deployment")
    .map(({ metadata }) => metadata.name);
  expect(names.toSorted()).toEqual(["temporal", "temporal-ui"]);
  expect(plan.outputs).toMatchObject({ observed: { replicas: 1, also: [] } });
});

test("another minor release is another version and another schema job, before the roles that it is for", async () => {
  const [before, after] = await Promise.all([on("staging"), on("staging", 'version: "1.32",')]);
  const jobs = (plan: Plan) => {
    const named = objectsOf(plan).filter(({ kind }) => kind === "Job");
    return Object.fromEntries(named.map(({ resource, name }) => [resource.name, name]));
  };
  const [old, now] = [jobs(before), jobs(after)];
  for (const step of ["temporal-version", "temporal-schema", "temporal-namespace"]) expect(now[step], step).not.toBe(old[step]);
  expect(now["db-databases"]).toBe(old["db-databases"]);
  const order = objectsOf(after)
    .filter(({ kind }) => kind === "Job" || kind === "Deployment")
    .map(({ resource }) => resource.name);
  for (const role of roles) expect(order.indexOf("temporal-schema")).toBeLessThan(order.indexOf(role));
  expect(order.indexOf("temporal-worker")).toBeLessThan(order.indexOf("temporal-namespace"));
});

test("too few connections for all replicas are a problem of the plan", async () => {
  await expect(on("prod", "maxConnections: 20,")).rejects.toThrow(/at least 38 where the roles run apart/);
});
