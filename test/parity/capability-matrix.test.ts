import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { capabilityMatrix } from "../../docs/matrix.ts";
import { type Capability, capabilities } from "../../src/core/capabilities.ts";
import { http } from "../../src/core/probe.ts";
import type { SystemSpec } from "../../src/core/system.ts";
import { unsupportedOn } from "../../src/core/unsupported.ts";
import { soundSpec } from "../support/settings.ts";
import { connectionTo, watched } from "../unit/connections.ts";

const targets = ["docker", "kubernetes", "aws"] as const;
const rows = Object.entries<Capability>(capabilities);
const refusedOn = (target: keyof Capability["cells"]) => rows.filter(([, row]) => row.cells[target].state === "refused").map(([key]) => key);

const api = { image: "registry.example/api:1.0.0", ports: { http: 8000 }, health: http("/") };
const jobs = (args: object) => soundSpec("MessageQueue", "it", { queues: { jobs: args } });

interface Asked {
  readonly spec: SystemSpec;
  readonly path: string;
  readonly value: unknown;
}

/** What asks for each cell that some target refuses: a new refusal needs an entry here. */
const asksFor: Readonly<Record<string, Asked>> = {
  publishReplicas: { spec: soundSpec("AppService", "it", { ...api, publish: ["http"], replicas: 2 }), path: "replicas", value: 2 },
  volumeReplicas: { spec: soundSpec("AppService", "it", { ...api, volumes: { data: { path: "/data" } }, replicas: 2 }), path: "replicas", value: 2 },
  requestTimeout: { spec: soundSpec("AppService", "it", { ...api, requestTimeoutSeconds: 30 }), path: "requestTimeoutSeconds", value: 30 },
  messageRetention: { spec: jobs({ messageRetentionSeconds: 60 }), path: "queues.jobs.messageRetentionSeconds", value: 60 },
  maxMessage: { spec: jobs({ maxMessageKiB: 64 }), path: "queues.jobs.maxMessageKiB", value: 64 },
  topics: {
    spec: soundSpec("MessageQueue", "it", { queues: { jobs: {} }, topics: { events: { subscribers: ["jobs"] } } }),
    path: "topics.events",
    value: "events",
  },
  failover: { spec: soundSpec("RedisCache", "it", { replicas: 3 }), path: "replicas", value: 3 },
  archive: { spec: soundSpec("PostgresDb", "it", { archive: { command: "keep %p" } }), path: "archive", value: "keep %p" },
  gatewayInterface: {
    spec: soundSpec("ServiceMeshGateway", "it", { api: "istio", routes: { api: { to: connectionTo("api", { scheme: "http" }) } } }),
    path: "api",
    value: "istio",
  },
  issuers: {
    spec: soundSpec("ServiceMeshGateway", "it", {
      routes: { api: { to: connectionTo("api", { scheme: "http" }) } },
      tls: { certificate: { issuer: { name: "corporate" } } },
    }),
    path: "tls.certificate.issuer",
    value: { name: "corporate" },
  },
  acmIssuer: {
    spec: soundSpec("ServiceMeshGateway", "it", {
      routes: { api: { to: connectionTo("api", { scheme: "http" }) } },
      tls: { certificate: { issuer: { acm: { hostedZone: "Z0123456789" } } } },
    }),
    path: "tls.certificate.issuer",
    value: { acm: { hostedZone: "Z0123456789" } },
  },
  login: {
    spec: soundSpec("ServiceMeshGateway", "it", {
      routes: { api: { to: connectionTo("api", { scheme: "http" }) } },
      auth: { cognito: { userPoolArn: "arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_a", clientId: "a", domain: "a" } },
    }),
    path: "auth",
    value: ["cognito"],
  },
  gatewayAws: {
    spec: soundSpec("ServiceMeshGateway", "it", {
      routes: { api: { to: connectionTo("api", { scheme: "http" }) } },
      aws: { countOnly: ["sqli"] },
    }),
    path: "aws",
    value: { countOnly: ["sqli"] },
  },
  mounts: {
    spec: soundSpec("AppService", "it", { ...api, mounts: { repository: { from: ".", path: "/repository" } } }),
    path: "mounts",
    value: ["."],
  },
  traceStore: {
    spec: soundSpec("ObservabilityStack", "it", { observes: [watched("AppService", "api")], traces: "jaeger" }),
    path: "traces",
    value: "jaeger",
  },
  telemetryStores: {
    spec: soundSpec("ObservabilityStack", "it", { observes: [watched("AppService", "api")], retentionDays: { logs: 7 } }),
    path: "retentionDays.logs",
    value: 7,
  },
  managedTelemetry: {
    spec: soundSpec("ObservabilityStack", "it", { observes: [watched("AppService", "api")], aws: { prometheus: true } }),
    path: "aws",
    value: { prometheus: true },
  },
  managedGrafana: {
    spec: soundSpec("ObservabilityStack", "it", {
      observes: [watched("AppService", "api")],
      aws: { prometheus: true, grafana: { authentication: "saml" } },
    }),
    path: "aws.grafana",
    value: { authentication: "saml" },
  },
  monitors: {
    spec: soundSpec("ObservabilityStack", "it", { observes: [watched("AppService", "api")], monitors: { namespace: "monitoring" } }),
    path: "monitors",
    value: { namespace: "monitoring" },
  },
  checkouts: {
    spec: soundSpec("AppService", "it", { ...api, checkouts: { docs: { url: "https://git.example/docs.git", ref: "main", path: "/docs" } } }),
    path: "checkouts",
    value: ["https://git.example/docs.git"],
  },
  managed: {
    spec: { ...soundSpec("PostgresDb", "it"), asks: [{ capability: "managed", path: "aws", value: { multiAz: true } }] },
    path: "aws",
    value: { multiAz: true },
  },
};

describe("capability matrix", () => {
  it("is written down as the code has it", () => {
    const file = join(import.meta.dirname, "..", "..", "docs", "capability-matrix.md");
    expect(readFileSync(file, "utf8"), "out of date: npm run docs:matrix").toBe(capabilityMatrix());
  });

  it("has a line for each capability", () => {
    const lines = capabilityMatrix().split("\n");
    for (const [key, { component, capability }] of rows) {
      expect(
        lines.filter((line) => line.startsWith(`| ${component} | ${capability} |`)),
        key,
      ).toHaveLength(1);
    }
  });

  it.each(rows.flatMap(([key, { cells }]) => Object.entries(cells).map(([target, cell]) => ({ key, target, cell }))))(
    "says what is meant: $key on $target",
    ({ cell }) => {
      const [what = "", alternative = "", ...rest] = cell.how.split("; ");
      expect(what.trim()).not.toBe("");
      if (cell.state !== "refused") return;
      expect(alternative.trim()).not.toBe("");
      expect(rest, "the problem shows one alternative").toEqual([]);
    },
  );
});

describe.each(targets)("refusals on %s", (target) => {
  it("are all asked for above", () => {
    expect(Object.keys(asksFor)).toEqual(expect.arrayContaining(refusedOn(target)));
  });

  it.each(rows.filter(([, { cells }]) => cells[target].state === "refused"))("%s is an error that names its row and the alternative", (key, row) => {
    const asked = asksFor[key];
    const [what, fix] = row.cells[target].how.split("; ");
    const rule = `${row.component}: ${row.capability} is not supported on ${target}: ${what}`;
    expect(asked && unsupportedOn(target, asked.spec)).toContainEqual({
      component: "it",
      path: asked?.path,
      value: asked?.value,
      rule,
      fix,
      code: "GP313",
    });
  });

  it.each(Object.entries(asksFor).filter(([key]) => !refusedOn(target).includes(key)))("%s is accepted", (key, { spec, path }) => {
    const row = rows.find(([name]) => name === key)?.[1].capability ?? "";
    expect(unsupportedOn(target, spec).filter((problem) => problem.path === path && problem.rule.includes(row))).toEqual([]);
  });
});

it("nothing is asked for that no target refuses", () => {
  expect(Object.keys(asksFor).filter((key) => !targets.some((target) => refusedOn(target).includes(key)))).toEqual([]);
});
