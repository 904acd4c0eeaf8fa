import { aPlatform, flag, integer, problemsOf, type Rules } from "../../src/core/checks.ts";
import { lastingOf } from "../../src/core/credential-names.ts";
import { overridesCheck } from "../../src/core/override-book.ts";
import { checkJob, digestOf, filesFolder as folder, sizeAsks, tableContainer, tableServer } from "../../src/core/parts.ts";
import type { Settled } from "../../src/core/platform.ts";
import { http } from "../../src/core/probe.ts";
import type { SystemSpec } from "../../src/core/system.ts";
import type { WorkloadSpec } from "../../src/core/workload.ts";
import { natsAwsCheck } from "./aws-args.ts";
import { drain, serverConfig } from "./config.ts";
import { existingNatsCheck, existingNatsSpec } from "./existing.ts";
import type { NatsModel } from "./model.ts";
import type { NatsClusterArgs } from "./nats-cluster.ts";
import { checkScript, deadLetterStream, reconcileFiles } from "./reconcile.ts";
import { contradictions, overlapping, streamsCheck } from "./streams.ts";

export const natsClusterRules: Rules<NatsClusterArgs> = {
  platform: aPlatform,
  replicas: (value, at) =>
    value === 1 || value === 3
      ? []
      : [{ path: at, value, rule: "1 or 3: two nodes have no quorum when one is lost", fix: "use 1 in dev and 3 elsewhere" }],
  streams: streamsCheck,
  deadLetters: flag,
  memoryMiB: integer(64, 65_536, "MiB"),
  storageGiB: integer(1, 65_536, "GiB"),
  maxPayloadKiB: integer(1, 8192, "KiB"),
  aws: natsAwsCheck,
  existing: existingNatsCheck,
  overrides: overridesCheck,
};

/** Everything about a NATS cluster that does not depend on the target. */
export function natsClusterSpec(name: string, settled: Settled<NatsClusterArgs>): SystemSpec {
  const own = ownCluster(name, settled);
  const { existing } = settled.args;
  return existing === undefined || settled.problems.length > 0 ? own : existingNatsSpec(own, settled, existing);
}

function ownCluster(name: string, { args, profile, problems, origins }: Settled<NatsClusterArgs>): SystemSpec {
  // Wrong arguments are reported and not used: defaults take their place.
  const given: Partial<NatsClusterArgs> = problems.length > 0 ? {} : args;
  const { replicas = profile.natsReplicas, storageGiB = profile.storageGiB, streams = {}, deadLetters = true } = given;
  const memoryMiB = given.memoryMiB ?? profile.resources.broker.memoryMiB;
  const allProblems =
    problems.length > 0
      ? problems
      : problemsOf(name, [...overlapping(deadLetters ? { DLQ: deadLetterStream, ...streams } : streams), ...contradictions(streams)], origins);
  const usable = allProblems.length > 0 ? {} : streams;
  const { cpus } = profile.resources.broker;
  const maxPayloadKiB = given.maxPayloadKiB ?? 1024;
  const model: NatsModel = { replicas, streams: usable, deadLetters, maxPayloadKiB, memoryMiB, storageGiB, aws: given.aws ?? {} };
  // Of three nodes the first one: clients find the others by it inside the network, not from outside.
  const published = profile.publishData;
  const client = { ...tableContainer("nats-box", profile.resources.job), env: { HOME: "/tmp" } };
  const server: WorkloadSpec = {
    ...tableContainer("nats", { memoryMiB, cpus }),
    ...tableServer("nats"),
    name,
    replicas,
    identity: "stable",
    // GOMEMLIMIT keeps the collector below the container's limit.
    env: { GOMEMLIMIT: `${Math.floor(memoryMiB * 0.9)}MiB` },
    hostnameEnv: "SERVER_NAME",
    command: ["nats-server", "--config", `${folder}/nats.conf`],
    files: [
      {
        path: `${folder}/nats.conf`,
        content: serverConfig({ name, replicas, memoryMiB, storageGiB, maxPayloadKiB }),
      },
    ],
    // A single node and a cluster keep their streams apart: each would start empty on the data of the other.
    volumes: [{ name: "data", path: "/data", storageGiB, format: replicas > 1 ? "jetstream-2-cluster" : "jetstream-2" }],
    ports: {
      nats: { port: 4222, protocol: "nats", published },
      monitor: { port: 8222, protocol: "http", published },
      ...(replicas > 1 ? { route: { port: 6222, protocol: "tcp" as const, published: false } } : {}),
    },
    probe: http("/healthz?js-enabled-only=true", { port: "monitor" }),
    drain,
  };
  const secrets: SystemSpec["secrets"] = {
    app: { use: `user app of ${name}` },
    system: { use: `system user of ${name}` },
    ...(replicas > 1 ? { route: { use: `routes between the nodes of ${name}`, lasting: routesLast } } : {}),
  };
  return {
    kind: "NatsCluster",
    name,
    problems: allProblems,
    warnings: [],
    digest: { ...digestOf("NatsCluster", profile, server), ...lastingOf(name, secrets) },
    secrets,
    workloads: [server],
    jobs: [
      {
        ...client,
        name: `${name}-streams`,
        when: "up",
        joins: name,
        after: [name],
        entrypoint: ["sh", `${folder}/reconcile.sh`],
        files: reconcileFiles(name, usable, replicas, deadLetters),
        volumes: [],
        timeoutSeconds: 180,
      },
      checkJob(name, client, checkScript(name, usable, deadLetters)),
    ],
    connections: {
      default: { scheme: "nats", workload: name, port: "nats", username: "app", secret: "app" },
      system: { scheme: "nats", workload: name, port: "nats", username: "system", secret: "system" },
      monitor: { scheme: "http", workload: name, port: "monitor" },
    },
    model,
    asks: [...sizeAsks(given), ...(given.aws ? [{ capability: "managed" as const, path: "aws", value: given.aws }] : [])],
  };
}

const routesLast = "nodes restart one by one, and one with another password would not get back to those that still have the old one";
