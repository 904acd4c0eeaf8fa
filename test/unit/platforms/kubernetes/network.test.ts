import { expect, test } from "vitest";
import { siblingServers } from "../../../../src/platforms/kubernetes/network.ts";

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
