import * as pulumi from "@pulumi/pulumi";
import type { SystemSpec } from "../../src/core/system.ts";
import { shownText } from "../../src/core/text.ts";
import { connectionTo, watched } from "../unit/connections.ts";
import { soundSpec } from "./settings.ts";

const login = { username: "monitor", password: "hunter2", database: "postgres" };

/** A component of each sort that a stack can see. */
export const observed = [
  watched("PostgresDb", "db", { exporter: { kind: "postgres", from: connectionTo("db", login) }, facts: { databases: ["app"] } }),
  watched("RedisCache", "cache", { exporter: { kind: "redis", from: connectionTo("cache", login) } }),
  watched("NatsCluster", "bus", {
    replicas: 3,
    exporter: { kind: "nats", from: connectionTo("bus", { scheme: "http" }) },
    facts: { streams: ["GH"], consumers: ["GH/CODEX"], deadLetters: ["DLQ"] },
  }),
  watched("ServiceMeshGateway", "gateway", { exporter: { kind: "nginx", from: connectionTo("gateway", { scheme: "http", path: "/status" }) } }),
  watched("AppService", "api", { replicas: 2, metrics: { from: connectionTo("api", { scheme: "http" }), path: "/figures" } }),
  watched("MessageQueue", "queue", { health: { from: connectionTo("queue", { scheme: "http" }), path: "/well?a=b" } }),
  watched("AppService", "worker", { replicas: 2, health: { from: connectionTo("worker", { scheme: "tcp" }) } }),
  watched("AppService", "silent"),
];

/** One receiver of each sort, with secrets that are known only later. */
export const receivers = {
  webhook: [
    { service: connectionTo("pager", { scheme: "http" }), path: "/alerts", severity: "info" },
    { url: pulumi.secret("https://hooks.example.com/hunter2"), host: "hooks.example.com" },
  ],
  slack: [{ apiUrl: pulumi.secret("https://hooks.slack.com/services/hunter2"), channel: "#ops", severity: "critical" }],
  email: [{ to: "ops@example.com", from: "stack@example.com", host: "mail.example.com", username: "me", password: pulumi.secret("hunter2") }],
};

export const stackSpec = (args: object = {}, profile?: Parameters<typeof soundSpec>[3]): SystemSpec =>
  soundSpec("ObservabilityStack", "telemetry", { observes: observed, receivers, ...args }, profile);

/** Text of a file of a part; secrets stand as their names. */
export function fileOf(spec: SystemSpec, part: string, file: string): string {
  const found = [...spec.workloads, ...spec.jobs].find(({ name }) => name === part)?.files.find(({ path }) => path.endsWith(`/${file}`));
  if (!found) throw new Error(`${part} has no file ${file}`);
  return shownText(found.content);
}
