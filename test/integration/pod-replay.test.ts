import { afterAll, beforeAll, expect, test } from "vitest";
import { imageReference } from "../../src/core/images.ts";
import { checksOf } from "../../src/preview/kubernetes.ts";
import type { Plan } from "../../src/preview/plan.ts";
import { describeDocker, mirror } from "../support/docker-tier.ts";
import { recorded } from "../support/recorded.ts";
import { type Replay, replay } from "../support/replay.ts";

const kubernetes = { context: "lab", storageClass: "standard", registry: "127.0.0.1:5000/replay" };
const toolbox = imageReference({ table: "toolbox" }, mirror ? { mirror } : {});

/** The nodes of the Kubernetes lab are fakes; here the pods of a plan run. */
const profiles = [
  { profile: "dev", pods: ["api-x0", "bus-0", "cache-0", "db-0", "queue-0"] },
  {
    profile: "staging",
    pods: [
      ...["api-x0", "api-x1", "bus-0", "bus-1", "bus-2"],
      ...["cache-node-0", "cache-node-1", "cache-node-2", "cache-sentinel-0", "cache-sentinel-1", "cache-sentinel-2", "cache-x0", "cache-x1"],
      ...["db-0", "queue-0"],
    ],
  },
] as const;

for (const { profile, pods } of profiles) {
  describeDocker(`the pods of the starter on Kubernetes, profile ${profile}, as containers`, () => {
    let plan: Plan;
    let played: Replay;

    beforeAll(async () => {
      plan = await recorded({
        stack: profile,
        environment: { GROUNDPLAN_IMAGE_MIRROR: mirror ?? "" },
        settings: {
          target: "kubernetes",
          profile,
          kubernetes,
          ...(profile === "dev" ? {} : { images: { api: "groundplan-lab/echo:1" }, components: { api: { env: { PORT: "8000" } } } }),
        },
      });
      played = replay(plan, toolbox);
    });
    afterAll(() => played?.remove());

    test("every server becomes healthy by its own probes, and every job ends with 0, in the order of the plan", async () => {
      await played.up();
      expect([...played.pods()].toSorted()).toEqual([...pods]);
      expect(played.restarted()).toEqual([]);
    });

    test("every check of verify passes", async () => {
      const ended = await played.checks();
      expect(Object.keys(ended).toSorted()).toEqual(
        checksOf(plan)
          .map(({ name }) => name)
          .toSorted(),
      );
      expect(Object.entries(ended).filter(([, { code }]) => code !== 0)).toEqual([]);
    });

    if (profile === "staging") {
      test("routes between NATS nodes are TLS, and there is one from each node to each other", async () => {
        const wget = async (path: string) => JSON.parse((await played.exec("bus-0", ["wget", "-qO-", `http://127.0.0.1:8222${path}`])).output);
        const { cluster } = await wget("/varz");
        expect(cluster).toMatchObject({ tls_required: true, tls_verify: true });
        const { routes } = await wget("/routez");
        expect([...new Set((routes as { remote_name: string }[]).map(({ remote_name }) => remote_name))].toSorted()).toEqual(["bus-1", "bus-2"]);
      });
    }

    test("every server ends by itself within its grace", async () => {
      const killed = 137;
      const ended = await played.stop();
      expect(Object.keys(ended)).toHaveLength(pods.length);
      expect(Object.entries(ended).filter(([, { code }]) => code === killed)).toEqual([]);
    });
  });
}

describeDocker("a pod that is not right", () => {
  /** The cache alone, with something of its pod changed. */
  async function broken(
    change: (pod: { securityContext: Record<string, unknown>; volumes: { name: string }[]; containers: Record<string, unknown>[] }) => void,
  ) {
    const plan = await recorded({
      environment: { GROUNDPLAN_IMAGE_MIRROR: mirror ?? "" },
      settings: { target: "kubernetes", profile: "dev", kubernetes },
    });
    const resources = structuredClone(plan.resources.filter(({ name, type }) => name.startsWith("cache") || type.endsWith(":Namespace")));
    const set = resources.find(({ type }) => type.endsWith(":StatefulSet"));
    if (!set) throw new Error("no cache in the plan");
    change((set.inputs.spec as { template: { spec: Parameters<typeof change>[0] } }).template.spec);
    const played = replay({ ...plan, resources }, toolbox);
    try {
      await played.up();
      return "it runs";
    } catch (error) {
      return String(error);
    } finally {
      await played.remove();
    }
  }

  test("is found out: it may not write to its disk", async () => {
    expect(await broken((pod) => delete pod.securityContext.fsGroup)).toMatch(/cache-0: startupProbe does not succeed[\s\S]*Permission denied/);
  });

  test("is found out: it runs as root", async () => {
    expect(
      await broken((pod) => {
        pod.securityContext.runAsUser = 0;
      }),
    ).toMatch(/cache-0 runs as root/);
  });

  test("is found out: the probe asks what is not there", async () => {
    const probe = { exec: { command: ["sh", "-c", "test -e /nothing"] }, periodSeconds: 1, failureThreshold: 2 };
    expect(await broken((pod) => void Object.assign(pod.containers[0] ?? {}, { readinessProbe: probe }))).toMatch(
      /cache-0: readinessProbe does not succeed within 2 s/,
    );
  });
});
