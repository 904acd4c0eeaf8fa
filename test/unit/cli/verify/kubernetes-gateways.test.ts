import { expect, test } from "vitest";
import { gatewayHealth } from "../../../../src/cli/verify/kubernetes.ts";
import type { Plan } from "../../../../src/preview/plan.ts";

const resource = (name: string, apiVersion = "gateway.networking.k8s.io/v1") => ({
  urn: `urn:${name}`,
  name,
  type: `kubernetes:${apiVersion}:Gateway`,
  custom: true,
  dependencies: [],
  inputs: { apiVersion, kind: "Gateway", metadata: { name, namespace: "shop" } },
});
const plan = (...resources: readonly object[]) => ({ resources }) as unknown as Plan;
const cluster = (items: readonly object[]) => ({ list: async <T>() => items as T[] });
const stored = (name: string, ...conditions: readonly object[]) => ({ metadata: { name }, status: { conditions } });

test("a gateway is well once its controller has programmed it, and says what keeps it from that", async () => {
  const items = [
    stored("in", { type: "Programmed", status: "True" }),
    stored("waits", { type: "Accepted", status: "True" }, { type: "Programmed", status: "False", message: "no address yet" }),
    { metadata: { name: "new" } },
  ];
  expect(await gatewayHealth(cluster(items), plan(...["in", "waits", "new", "gone"].map((name) => resource(name))))).toEqual([
    { part: "in", state: "programmed", ok: true },
    { part: "waits", state: "not programmed: no address yet", ok: false },
    { part: "new", state: "not programmed: no controller has taken it", ok: false },
    { part: "gone", state: "missing", ok: false },
  ]);
});

test("a cluster without Gateway API is not asked for it", async () => {
  const list = () => Promise.reject(new Error("the server has no such kind"));
  expect(await gatewayHealth({ list }, plan(resource("own", "networking.istio.io/v1")))).toEqual([]);
});
