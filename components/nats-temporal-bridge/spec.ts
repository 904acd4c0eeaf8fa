import type { Input } from "@pulumi/pulumi";
import { aPlatform, type Check, decimal, integer, isRecord, matching, problemsOf, type Rules } from "../../src/core/checks.ts";
import type { Connection } from "../../src/core/connection.ts";
import { images } from "../../src/core/images.ts";
import type { Observed } from "../../src/core/observed.ts";
import { overridesCheck } from "../../src/core/override-book.ts";
import { digestOf, filesFolder } from "../../src/core/parts.ts";
import type { Settled } from "../../src/core/platform.ts";
import { http } from "../../src/core/probe.ts";
import type { SystemSpec } from "../../src/core/system.ts";
import type { ContainerSpec, JobSpec, WorkloadSpec } from "../../src/core/workload.ts";
import { type BridgeConfig, verifySubjectOf } from "./contract.ts";
import type { NatsTemporalBridgeArgs } from "./nats-temporal-bridge.ts";
import { bridgeImage } from "./program.ts";
import { neverReached, routesCheck, routesOf } from "./routes.ts";

const connectionTo =
  (scheme: string, example: string): Check =>
  (value, at) => {
    const isConnection = isRecord(value) && isRecord(value.endpoint) && isRecord(value.summary);
    if (isConnection && (scheme === "" || value.scheme === scheme)) return [];
    const rule = scheme ? `a ${scheme} connection` : "a connection";
    return [{ path: at, value: isConnection ? value.scheme : typeof value, rule, fix: `give e.g. ${example}` }];
  };

const assetName = matching(/^[A-Za-z0-9_-]{1,64}$/, "the name of a stream or consumer: letters, digits, _ and -", "write it as the cluster has it");

export const natsTemporalBridgeRules: Rules<NatsTemporalBridgeArgs> = {
  platform: aPlatform,
  nats: connectionTo("nats", "bus.connection"),
  temporal: connectionTo("temporal", "temporal.connection"),
  stream: assetName,
  consumer: assetName,
  routes: routesCheck,
  maxDeliver: integer(1, 1000),
  maxInFlight: integer(1, 10_000),
  replicas: integer(1, 50),
  telemetry: connectionTo("", "telemetry.connection"),
  memoryMiB: integer(128, 65_536, "MiB"),
  cpus: decimal(0.05, 64),
  stopSeconds: integer(5, 3600, "seconds"),
  overrides: overridesCheck,
};

export const bridgeRequired = ["nats", "temporal", "stream", "consumer", "routes"] as const;

const port = 8080;

interface BridgeModel {
  readonly stream: string;
  readonly consumer: string;
  readonly workflows: readonly string[];
}

/** Everything about a bridge that does not depend on the target. */
export function natsTemporalBridgeSpec(name: string, { args, profile, problems, origins }: Settled<NatsTemporalBridgeArgs>): SystemSpec {
  // Wrong arguments are reported and not used: defaults take their place.
  const shapeIsRight = problems.length === 0;
  const given: Partial<NatsTemporalBridgeArgs> = shapeIsRight ? args : {};
  const { stream = "", consumer = "", routes = [], nats, temporal, telemetry, stopSeconds = 30 } = given;
  const allProblems = shapeIsRight ? problemsOf(name, neverReached(routes), origins) : problems;
  const verifySubject = verifySubjectOf(routes[0]?.subject ?? "");
  const { maxDeliver = 5, maxInFlight = 50 } = given;
  const config: BridgeConfig = {
    stream,
    consumer,
    routes: routesOf(routes, verifySubject),
    maxDeliver,
    maxInFlight,
    stopSeconds,
    port,
    verifySubject,
  };
  const model: BridgeModel = { stream, consumer, workflows: [...new Set(routes.map(({ workflow }) => workflow))] };
  const memoryMiB = given.memoryMiB ?? profile.resources.service.memoryMiB;
  const ends = [nats && { key: "NATS", to: nats }, temporal && { key: "TEMPORAL", to: temporal }].filter((end) => end !== undefined);
  const program: Omit<ContainerSpec, "resources"> = {
    image: shapeIsRight ? bridgeImage(args.platform.imageReference("node")) : { table: "node" },
    env: endsEnv(nats, temporal),
    files: [{ path: `${filesFolder}/bridge.json`, content: `${JSON.stringify(config, null, 2)}\n` }],
    volumes: [],
    scratch: ["/tmp"],
    uid: images.node.uid,
    gid: images.node.gid,
    readOnlyRoot: true,
  };
  const server: WorkloadSpec = {
    ...program,
    name,
    replicas: given.replicas ?? profile.serviceReplicas,
    identity: "any",
    env: {
      NODE_OPTIONS: `--max-old-space-size=${Math.floor(memoryMiB * 0.75)}`,
      ...program.env,
      ...(telemetry ? { ...telemetry.env, OTEL_SERVICE_NAME: name } : {}),
    },
    resources: { memoryMiB, cpus: given.cpus ?? profile.resources.service.cpus },
    ports: { http: { port, protocol: "http", published: false } },
    probe: http("/health", { port: "http" }),
    liveness: http("/live", { port: "http" }),
    tools: images.node.tools,
    bindings: [...ends, ...(telemetry ? [{ key: "TELEMETRY", to: telemetry }] : [])],
    egress: [],
    stopSignal: "SIGTERM",
    stopSeconds,
  };
  const check: JobSpec = {
    ...program,
    resources: { ...profile.resources.job, memoryMiB: Math.max(profile.resources.job.memoryMiB, 128) },
    name: `${name}-check`,
    title: "a message becomes a workflow",
    when: "verify",
    entrypoint: ["node", "/app/bridge.mjs", "check"],
    bindings: ends,
    after: [name],
    timeoutSeconds: 90,
  };
  return {
    kind: "NatsTemporalBridge",
    name,
    problems: allProblems,
    warnings: [],
    digest: digestOf("NatsTemporalBridge", profile, server),
    secrets: {},
    workloads: [server],
    jobs: [check],
    connections: { http: { scheme: "http", workload: name, port: "http" } },
    model,
  };
}

const endsEnv = (nats?: Connection, temporal?: Connection): Record<string, Input<string>> => ({
  ...(nats ? { NATS_URL: nats.uri } : {}),
  ...(temporal ? { TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.summary.path?.slice(1) || "default" } : {}),
});

export function observedBridge({ name, workloads, model }: SystemSpec, from: Connection): Observed {
  const { stream, consumer, workflows } = model as BridgeModel;
  return {
    kind: "NatsTemporalBridge",
    name,
    replicas: workloads[0]?.replicas ?? 1,
    metrics: { from, path: "/metrics" },
    facts: { consumers: [`${stream}/${consumer}`], streams: [stream], deadLetters: ["DLQ"], workflows },
  };
}
