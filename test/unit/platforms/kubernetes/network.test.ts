import { describe, expect, test } from "vitest";
import { siblingPorts, siblingServers } from "../../../../src/platforms/kubernetes/network.ts";
import { workload } from "./specs.ts";

const port = (number: number) => ({ port: number, protocol: "http" as const, published: false });
const scope = {
  system: "telemetry",
  ports: { "telemetry-collector": { otlp: port(4318), health: port(13133) }, "telemetry-loki": { http: port(3100) } },
};

test("a sibling is opened on the ports that are asked for, and on no other", () => {
  const asked = [
    { workload: "telemetry-collector", port: "otlp" },
    { workload: "telemetry-loki", port: "http" },
  ];
  expect(siblingServers(asked, scope)).toEqual([
    { system: "telemetry", name: "telemetry-collector", ports: [4318] },
    { system: "telemetry", name: "telemetry-loki", ports: [3100] },
  ]);
  expect(siblingServers([...asked, { workload: "telemetry-collector", port: "health" }], scope)).toContainEqual({
    system: "telemetry",
    name: "telemetry-collector",
    ports: [4318, 13133],
  });
  expect(siblingServers(undefined, scope)).toEqual([]);
});

test.each([
  ["telemetry-tempo", "http"],
  ["telemetry-loki", "grpc"],
])("%s on %s is not declared, and said so", (workload, name) => {
  expect(() => siblingServers([{ workload, port: name }], scope)).toThrow(
    `telemetry: a spec reaches "${workload}" on "${name}", which it does not declare`,
  );
});

describe("replicas of a part reach each other", () => {
  const ports = { grpc: port(7234), membership: port(6934), metrics: port(9090) };
  const reaches = [
    { workload: "web", port: "membership" },
    { workload: "web-other", port: "grpc" },
  ];

  test("where it names itself, on those ports alone, also while there is only one", () => {
    expect(siblingPorts(workload({ ports, reaches, replicas: 1 }))).toEqual([6934]);
    expect(siblingPorts(workload({ ports, replicas: 3 }))).toEqual([]);
  });

  test("on all ports where they are a quorum", () => {
    expect(siblingPorts(workload({ ports, identity: "stable", replicas: 3 }))).toEqual([7234, 6934, 9090]);
    expect(siblingPorts(workload({ ports, identity: "stable", replicas: 1 }))).toEqual([]);
  });
});
