import { meshObserved } from "../components/observability-stack/catalogue/index.ts";
import { stubConnection } from "../src/core/connection.ts";
import type { Observed } from "../src/core/observed.ts";

const from = stubConnection("any", { scheme: "http", workload: "any", port: "http" });
const itself = (workload: string) => ({ metrics: { from: stubConnection(workload, { scheme: "http", workload, port: "http" }), path: "/metrics" } });
const by = (kind: NonNullable<Observed["exporter"]>["kind"]) => ({ exporter: { kind, from } });

/** A component of each class, with enough of everything that each of its alerts is there. */
export const everyComponent: readonly Observed[] = [
  { kind: "PostgresDb", name: "db", replicas: 2, ...by("postgres"), facts: { databases: ["guard"] } },
  { kind: "RedisCache", name: "cache", replicas: 1, ...by("redis"), facts: {} },
  {
    kind: "NatsCluster",
    name: "bus",
    replicas: 3,
    ...by("nats"),
    facts: { streams: ["GH"], consumers: ["GH/CODEX"], deadLetters: ["DLQ"] },
  },
  { kind: "MessageQueue", name: "queue", replicas: 1, health: { from, path: "/health" }, facts: { queues: ["jobs"], deadLetters: ["jobs-dead"] } },
  { kind: "TemporalServer", name: "temporal", replicas: 1, ...itself("temporal"), facts: { namespaces: ["guard"] } },
  { kind: "OpaServer", name: "opa", replicas: 1, ...itself("opa"), facts: { paths: ["repo/guard"] } },
  { kind: "AppService", name: "api", replicas: 2, ...itself("api"), facts: {} },
  {
    kind: "NatsTemporalBridge",
    name: "trigger",
    replicas: 1,
    ...itself("trigger"),
    facts: { streams: ["GH"], consumers: ["GH/CODEX"], deadLetters: ["DLQ"], workflows: ["Guard"] },
  },
  { kind: "ServiceMeshGateway", name: "gateway", replicas: 1, ...by("nginx"), facts: { routes: ["api"] } },
  { kind: "ServiceMeshGateway", name: "front", replicas: 2, ...itself("front"), facts: { routes: ["api"] } },
  // What the sidecars of a mesh tell, where there is one.
  meshObserved("telemetry"),
  { kind: "SomethingElse", name: "other", replicas: 1, ...itself("other"), facts: {} },
];
