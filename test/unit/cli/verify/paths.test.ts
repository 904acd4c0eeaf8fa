import { describe, expect, test } from "vitest";
import { dockerTries, serversOf } from "../../../../src/cli/verify/paths.ts";
import { boundPorts, reachesOf, workloadOf } from "../../../../src/preview/reaches.ts";
import { container, planWith, resource } from "../../preview/plans.ts";

const component = (name: string, reaches: Readonly<Record<string, readonly string[]>>) =>
  resource("groundplan:index:Some", name, {}, { custom: false, outputs: { kind: "Some", reaches } });

/** A bus of two nodes, a system of two servers of which one reads the other, and a service that uses both. */
const plan = planWith([
  component("bus", { bus: [] }),
  component("telemetry", { "telemetry-store": [], "telemetry-board": ["telemetry-store:9090"] }),
  component("api", { api: ["bus:4222", "telemetry-store:4317"] }),
  ...["bus-0", "bus-1", "telemetry-store", "telemetry-board", "api"].map((name) => container(name, "server")),
  container("bus-check", "check"),
]);
const reaches = reachesOf(plan);
const listening = new Map([
  ["shop-dev-bus-0", [4222, 8222]],
  ["shop-dev-bus-1", [4222, 8222]],
  ["shop-dev-telemetry-store", [9090, 4317]],
  ["shop-dev-telemetry-board", [3000]],
]);
const tries = dockerTries(serversOf(plan), listening, reaches);
const shown = (bound: boolean) => tries.filter((entry) => entry.bound === bound).map(({ from, to, port }) => `${from.host} -> ${to.host}:${port}`);

describe("paths on Docker", () => {
  test("are open to all ports of a server that the workload is bound to, at each of its nodes by its own name", () => {
    expect(shown(true).toSorted()).toEqual(
      [
        ...["bus-0", "bus-1"].flatMap((node) => [`api -> ${node}:4222`, `api -> ${node}:8222`]),
        "api -> telemetry-store:4317",
        "api -> telemetry-store:9090",
        "telemetry-board -> telemetry-store:4317",
        "telemetry-board -> telemetry-store:9090",
      ].toSorted(),
    );
  });

  test("within a system are closed where no list names them, and the other way round", () => {
    expect(shown(false)).toContain("telemetry-store -> telemetry-board:3000");
    expect(shown(false)).toContain("telemetry-board -> bus-0:4222");
    expect(shown(false)).toContain("api -> telemetry-board:3000");
  });

  test("are not tried between replicas of one workload, and never to a check", () => {
    expect(tries.filter(({ from, to }) => from.workload === to.workload)).toEqual([]);
    expect(tries.some(({ from, to }) => [from.host, to.host].includes("bus-check"))).toBe(false);
  });

  test("to a bound port on which nothing listens are tried: that is a finding", () => {
    const silent = dockerTries(serversOf(plan), new Map(), reaches).map(({ from, to, port, bound }) => `${from.host} -> ${to.host}:${port} ${bound}`);
    expect(silent.toSorted()).toEqual([
      "api -> bus-0:4222 true",
      "api -> bus-1:4222 true",
      "api -> telemetry-store:4317 true",
      "telemetry-board -> telemetry-store:9090 true",
    ]);
  });
});

test("a replica belongs to the workload before its index; a name that is a workload's own is not cut", () => {
  const known = new Map([
    ["bus", []],
    ["api-2", []],
  ]);
  expect(["bus-0", "bus-11", "bus", "api-2", "api-2-0"].map((name) => workloadOf(known, name))).toEqual(["bus", "bus", "bus", "api-2", "api-2"]);
});

test("ports of a workload are not those of another whose name begins alike", () => {
  const known = new Map([["api", ["db:5432", "db-pool:6432"]]]);
  expect(boundPorts(known, "api", "db")).toEqual([5432]);
  expect(boundPorts(known, "db", "api")).toEqual([]);
});
