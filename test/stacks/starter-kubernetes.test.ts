import { beforeAll, describe, expect, test } from "vitest";
import { type Manifest, objectsOf } from "../../src/preview/kubernetes.ts";
import type { Plan } from "../../src/preview/plan.ts";
import { record } from "../../src/preview/recorder.ts";
import { profiles, starterOn } from "../support/grounds.ts";
import { describeManifests, manifestsOf } from "../support/kubernetes/manifest-rules.ts";
import { podTemplates } from "../support/kubernetes/pods.ts";
import { danglingReferences } from "../support/kubernetes/references.ts";
import { restrictedViolations } from "../support/kubernetes/restricted.ts";
import { schemaErrors } from "../support/kubernetes/schema.ts";
import { recorded } from "../support/recorded.ts";
import { tempProject } from "../support/temp-project.ts";

for (const profile of profiles) {
  const title = `the starter on Kubernetes, profile ${profile}`;
  describeManifests(title, () => starterOn("kubernetes", profile), {
    namespace: `groundplan-${profile}`,
    atLeast: { manifests: 80, pods: 12 },
  });
}

describe.each(profiles)("the starter on Kubernetes, profile %s", (profile) => {
  let plan: Plan;
  beforeAll(async () => {
    plan = await starterOn("kubernetes", profile);
  });

  test("starts a service only when what it is bound to can serve, jobs included", () => {
    const api = plan.resources.find(({ type, name }) => type === "kubernetes:apps/v1:Deployment" && name === "api");
    const named = (urn: string) => urn.split("::").slice(-2).join(" ").split(/[$:]/).slice(-1)[0] ?? "";
    const waits = (api?.dependencies ?? []).map(named);
    for (const gate of [
      "StatefulSet db",
      "Job db-databases",
      "StatefulSet bus",
      "Job bus-streams",
      profile === "dev" ? "StatefulSet cache" : "Deployment cache",
      "StatefulSet queue",
      "Job queue-queues",
    ])
      expect(waits).toContain(gate);
  });
});

test("a topology of all that components can ask for is as sound: whole, restricted, with nothing that points nowhere", async () => {
  const project = tempProject();
  project.topology(`
    const db = new PostgresDb("db", { platform, version: "17", databases: { app: { extensions: ["pgcrypto"], grants: { reporting: "read" }, initSql: "select '$(x) $$'" } } });
    const cache = new RedisCache("cache", { platform, engine: "redis" });
    const bus = new NatsCluster("bus", { platform, replicas: 3 });
    new AppService("store", { platform, image: "r.example/store:1.0.0", ports: { http: 80, "metrics-inside": 81 }, health: http("/h"), replicas: 1,
      volumes: { files: { path: "/files" }, "scratch-0": { path: "/more" } }, user: "2000:3000", writableRoot: true });
    const web = new AppService("web", { platform, image: "r.example/web@sha256:${"a".repeat(64)}", ports: { http: 80, grpc: 81 }, health: exec(["ok"]), liveness: tcp({ port: "grpc" }),
      autoscale: { min: 1, max: 9 }, architecture: "arm64", runtime: "go", command: ["web", "$(HOST)"], env: { PRICE: "$$5" }, publish: ["http"],
      egress: [{ host: "*.example.com", port: 443 }, { host: "10.0.0.9", port: 22 }],
      bindings: { DATABASE: db.databases.app, REPORTING: db.databases.app.roles.reporting, REDIS: cache.connection, NATS: bus.connection, MONITOR: bus.monitor } });
    new AppService("front", { platform, image: "r.example/front:1.0.0", ports: { http: 80 }, health: http("/"), bindings: { WEB: web.ports.grpc } });
    return {};`);
  const document = {
    topology: "starter",
    target: "kubernetes",
    profile: "staging",
    kubernetes: { context: "nowhere", storageClass: "fast", pullSecrets: ["r"] },
  };
  const result = await record({
    root: project.root,
    main: "stacks/main.js",
    project: "shop",
    stack: "dev",
    config: { "groundplan:stack": JSON.stringify(document) },
    environment: { GROUNDPLAN_IMAGE_MIRROR: "", GROUNDPLAN_ISOLATION: "" },
  });
  project.remove();
  if (!("plan" in result)) throw new Error(JSON.stringify(result));
  const manifests = manifestsOf(result.plan);
  expect((await Promise.all(manifests.map(schemaErrors))).flat()).toEqual([]);
  expect(danglingReferences(manifests)).toEqual([]);
  expect(podTemplates(manifests).flatMap(({ pod }) => restrictedViolations(pod))).toEqual([]);
  const kinds = manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  for (const made of ["HorizontalPodAutoscaler web", "PodDisruptionBudget web", "PodDisruptionBudget bus", "StatefulSet store"])
    expect(kinds).toContain(made);
  // One after another, however many there may be; and the number is the autoscaler's, also where a fixed one was before.
  const web = objectsOf(result.plan).find(({ kind, name }) => kind === "Deployment" && name === "web");
  expect(web?.resource).toMatchObject({ createTimeout: "3402s", ignoreChanges: ["spec.replicas"] });
  // Two bindings to one server are one path, with the ports of both.
  const paths = manifests.filter(({ kind, metadata }) => kind === "NetworkPolicy" && metadata.name.startsWith("web-to-"));
  const opened = paths.map(({ metadata, spec }) => [
    metadata.name,
    (spec as { ingress: { ports: { port: number }[] }[] }).ingress[0]?.ports.map(({ port }) => port),
  ]);
  expect(Object.fromEntries(opened)).toEqual({ "web-to-db": [5432], "web-to-cache": [6379], "web-to-bus": [4222, 8222] });
});

test("an isolated copy differs in its namespace and in the labels that say so, and meets the first nowhere", async () => {
  const settings = {
    profile: "dev",
    target: "kubernetes",
    kubernetes: { context: "nowhere", storageClass: "standard", registry: "registry.example/shop" },
  };
  const copy = manifestsOf(await recorded({ stack: "dev-two", environment: { GROUNDPLAN_ISOLATION: "two" }, settings }));
  const first = manifestsOf(await starterOn("kubernetes", "dev"));
  expect(new Set(copy.map(({ kind, metadata }) => (kind === "Namespace" ? metadata.name : metadata.namespace)))).toEqual(
    new Set(["groundplan-dev-two"]),
  );
  // Hashes and images differ with the tokens that stand for credentials, and with the copy's own repository.
  const neutral = (manifests: readonly Manifest[]) =>
    JSON.stringify(manifests)
      .replaceAll("groundplan-dev-two", "groundplan-dev")
      .replaceAll(/-[0-9a-f]{10}(?=")/g, "-<hash>")
      .replaceAll(/gptoken[0-9a-f]{25}|sha256:[0-9a-f]{64}/g, "<token>");
  expect(neutral(copy)).toBe(neutral(first));
});

describe("other content", () => {
  const names = (plan: Plan, ...kinds: string[]) =>
    objectsOf(plan)
      .filter(({ kind }) => kinds.includes(kind))
      .map(({ kind, name }) => `${kind} ${name}`);

  test("of a file gives another object and another pod, of a job another Job; the rest keeps its name", async () => {
    const before = await starterOn("kubernetes", "prod");
    const after = await starterOn("kubernetes", "prod", { components: { bus: { maxPayloadKiB: 2048, deadLetters: false }, api: { replicas: 3 } } });
    const all = ["ConfigMap", "Secret", "Job", "StatefulSet", "CronJob"];
    const gone = names(before, ...all).filter((name) => !names(after, ...all).includes(name));
    expect(gone.map((name) => name.replace(/-[0-9a-f]{10}$/, "")).toSorted()).toEqual([
      "ConfigMap bus-streams-files",
      "Job bus-streams",
      "Secret bus-check-files",
      "Secret bus-files",
      "Secret bus-streams-files",
    ]);
  });

  test("is named by a word that the engine draws anew whenever it changes, so that an update can be undone half way", async () => {
    const plan = await starterOn("kubernetes", "prod");
    const words = plan.resources.filter(({ type }) => type === "random:index/randomId:RandomId");
    for (const { resource, kind, name } of objectsOf(plan).filter(({ kind }) => ["ConfigMap", "Secret", "Job"].includes(kind))) {
      const word = words.find(({ outputs }) => name === `${resource.name}-${outputs.hex}`);
      expect(Object.keys((word?.inputs.keepers ?? {}) as object), `${kind} ${name}`).toEqual(["content"]);
      expect(word?.protect).toBe(false);
    }
    for (const { name, inputs, secretInputs } of words) {
      expect(inputs.keepers, name).toEqual({ content: expect.stringMatching(/^[0-9a-f]{10}$/) });
      // What the files of a Secret hold is not to be guessed at by their hash.
      if (name.includes("-files-secret-")) expect(secretInputs, name).not.toEqual([]);
    }
    expect(new Set(words.map(({ name }) => name)).size).toBe(words.length);
  });

  test("is the same when it is recorded again", async () => {
    const again = await starterOn("kubernetes", "prod", { egress: ["api.github.com:443"] });
    expect(JSON.stringify(manifestsOf(again))).toBe(JSON.stringify(manifestsOf(await starterOn("kubernetes", "prod"))));
  });
});
