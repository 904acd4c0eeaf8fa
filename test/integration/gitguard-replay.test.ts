import { afterAll, beforeAll, expect, test } from "vitest";
import { imageReference } from "../../src/core/images.ts";
import { checksOf, serversOf } from "../../src/preview/kubernetes.ts";
import type { Plan } from "../../src/preview/plan.ts";
import { describeDocker, mirror } from "../support/docker-tier.ts";
import { clusterSettings, exampleService } from "../support/gitguard.ts";
import { recorded } from "../support/recorded.ts";
import { type Replay, replay } from "../support/replay.ts";

const toolbox = imageReference({ table: "toolbox" }, mirror ? { mirror } : {});
const minute = 60_000;

/**
 * Every pod of GitGuard as Pulumi.staging.yaml has it, without the mesh: its proxies are Istio's, as those of the gateway are,
 * and no image of the test ground is for them or for traces.
 */
describeDocker("the pods of GitGuard on Kubernetes, staging, as containers", () => {
  let plan: Plan;
  let played: Replay;

  beforeAll(async () => {
    const kubernetes = { registry: `${mirror ?? "registry.example"}/replay`, mesh: { mode: "none" }, gatewayClass: "istio" };
    const settings = clusterSettings("staging", kubernetes);
    const components = { ...(settings.components as object), telemetry: { traces: "none" }, ...exampleService() };
    const whole = await recorded({ stack: "staging", environment: { GROUNDPLAN_IMAGE_MIRROR: mirror ?? "" }, settings: { ...settings, components } });
    plan = { ...whole, resources: whole.resources.filter(({ name }) => name !== "gateway-check") };
    played = replay(plan, toolbox);
  }, minute);
  afterAll(() => played?.remove(), 3 * minute);

  test(
    "every server becomes healthy by its own probes, and every job ends with 0, in the order of the plan",
    async () => {
      await played.up();
      const planned = serversOf(plan).flatMap(({ name, replicas, kind }) =>
        kind === "DaemonSet" ? [] : Array.from({ length: replicas }, () => name),
      );
      expect(planned.length).toBeGreaterThan(35);
      expect(played.pods().filter((pod) => !pod.includes("agent"))).toHaveLength(planned.length);
    },
    10 * minute,
  );

  test(
    "every check of verify passes, but for figures of a gateway and logs of nodes, which are not here",
    async () => {
      const ended = await played.checks();
      expect(Object.keys(ended)).toHaveLength(checksOf(plan).length);
      expect(Object.fromEntries(Object.entries(ended).filter(([, { code }]) => code !== 0))).toEqual({
        "telemetry-check-logs": { code: 1, output: "no container of an observed component has logged for a day" },
        "telemetry-check-metrics": { code: 1, output: "no figures of: gateway" },
      });
    },
    6 * minute,
  );
});
