import { expect, test } from "vitest";
import { clientOf } from "../../../../src/cli/running/client.ts";
import { mainPart, partsCalled } from "../../../../src/cli/running/parts.ts";
import type { ConnectionRow } from "../../../../src/preview/connections.ts";

const part = (component: string, name: string, role = "server", live = true) => ({ component, part: name, role, live });
const parts = [
  part("bus", "bus-0", "server", false),
  part("bus", "bus-1"),
  part("bus", "bus-10"),
  part("bus", "bus-streams", "job", false),
  part("temporal", "temporal"),
  part("temporal", "temporal-ui"),
  part("telemetry", "telemetry-loki"),
  part("telemetry", "telemetry-grafana"),
];

test("a part is called by its name, or all its replicas by that of their workload", () => {
  const names = (name?: string) => partsCalled(parts, "bus", name).map(({ part }) => part);
  expect(names()).toEqual(["bus-0", "bus-1", "bus-10", "bus-streams"]);
  expect(names("bus")).toEqual(["bus-0", "bus-1", "bus-10"]);
  expect(names("bus-1")).toEqual(["bus-1"]);
  expect(() => names("bus-stream")).toThrow(/a part of bus: bus-0, bus-1, bus-10, bus-streams\n.*did you mean bus-streams\?/);
});

test("a command runs in the workload with the component's name, in the first replica that runs", () => {
  expect(mainPart(parts, "bus", undefined).part).toBe("bus-1");
  expect(mainPart(parts, "temporal", undefined).part).toBe("temporal");
  expect(mainPart(parts, "temporal", "temporal-ui").part).toBe("temporal-ui");
  expect(() => mainPart(parts, "telemetry", undefined)).toThrow(/several parts; --part says which: telemetry-grafana, telemetry-loki/);
  expect(() => mainPart(parts, "bus", "bus-0")).toThrow(/bus-0 does not run/);
});

const row = (component: string, name: string, scheme: string): ConnectionRow => ({
  component,
  name,
  workload: component,
  scheme,
  tls: false,
  inside: { host: component, port: 1, uri: "" },
  username: name,
  password: "opens",
  credential: "c",
  ...(scheme === "postgres" ? { database: name } : {}),
});

test("the client of a system logs in as a service does, and never has the password on its command line", () => {
  const rows = [row("db", "monitor", "postgres"), row("db", "app", "postgres"), row("cache", "default", "redis"), row("bus", "default", "nats")];
  const psql = clientOf(rows, "db");
  expect(psql?.command.join(" ")).toBe("psql -h 127.0.0.1 -p 1 -U app -d app");
  expect(psql?.env).toEqual({ PGPASSWORD: "opens" });
  const redis = clientOf(rows, "cache");
  expect(redis?.command).not.toContain("opens");
  expect(redis?.env).toEqual({ REDISCLI_AUTH: "opens" });
  expect(clientOf(rows, "bus")).toBeUndefined();
});
