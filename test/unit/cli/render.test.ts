import { expect, test } from "vitest";
import { readersOf, unprovenOf } from "../../../src/cli/commands/render.ts";
import { container, planWith } from "../preview/plans.ts";

const codex = container("codex", "server", { volumes: [{ hostPath: "/home/me/shop", containerPath: "/repository", readOnly: true }] });
const api = container("api", "server", { volumes: [{ volumeName: "shop-dev-api-data", containerPath: "/data" }] });
const readers = (folder: string) => readersOf(planWith([codex, api]), folder, "/home/me/shop/.groundplan");

test("a rendered folder inside a mounted one is read by whoever mounts that", () => {
  expect(readers("/home/me/shop/build/dev")).toEqual(["shop-dev-codex"]);
  expect(readers("/home/me/shop")).toEqual(["shop-dev-codex"]);
});

test("outside of it, and below what is hidden in every mount, nobody reads it", () => {
  expect(readers("/home/me/shop-build")).toEqual([]);
  expect(readers("/home/me/shop/.groundplan/rendered/dev")).toEqual([]);
});

test("a component whose certificates only the engine can make is named once", () => {
  const plan = planWith([]);
  const parent = "urn:pulumi:prod::shop::groundplan:index:NatsCluster::bus";
  const certificates = ["PrivateKey", "SelfSignedCert"].map((kind) => ({ type: `tls:index/${kind}:${kind}`, parent }));
  expect(unprovenOf({ ...plan, resources: certificates as unknown as typeof plan.resources })).toEqual(["bus"]);
  expect(unprovenOf(plan)).toEqual([]);
});
