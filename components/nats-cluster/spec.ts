import { aPlatform, flag, integer, problemsOf, type Rules } from "../../src/core/checks.ts";
import { images } from "../../src/core/images.ts";
import type { Settled } from "../../src/core/platform.ts";
import { describeProbe, http } from "../../src/core/probe.ts";
import type { SystemSpec } from "../../src/core/system.ts";
import type { ContainerSpec } from "../../src/core/workload.ts";
import { serverConfig } from "./config.ts";
import type { NatsClusterArgs } from "./nats-cluster.ts";
import { checkScript, deadLetterStream, folder, reconcileFiles } from "./reconcile.ts";
import { overlapping, streamsCheck } from "./streams.ts";

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
};

const clientPort = 4222;

/** Everything about a NATS cluster that does not depend on the target. */
export function natsClusterSpec(name: string, { args, profile, problems, origins }: Settled<NatsClusterArgs>): SystemSpec {
  // Wrong arguments are reported and not used: defaults take their place.
  const given: Partial<NatsClusterArgs> = problems.length > 0 ? {} : args;
  const { replicas = profile.natsReplicas, storageGiB = profile.storageGiB, streams = {}, deadLetters = true } = given;
  const memoryMiB = given.memoryMiB ?? profile.resources.broker.memoryMiB;
  const { uid, gid, tools, stopSignal, stopSeconds } = images.nats;
  const probe = http("/healthz?js-enabled-only=true", { port: "monitor" });
  const allProblems =
    problems.length > 0 ? problems : problemsOf(name, overlapping(deadLetters ? { DLQ: deadLetterStream, ...streams } : streams), origins);
  const usable = allProblems.length > 0 ? {} : streams;
  const box: Omit<ContainerSpec, "files"> = {
    image: { table: "nats-box" },
    env: { HOME: "/tmp" },
    uid: images["nats-box"].uid,
    gid: images["nats-box"].gid,
    readOnlyRoot: true,
    scratch: ["/tmp"],
    volumes: [],
    resources: profile.resources.job,
  };
  return {
    kind: "NatsCluster",
    name,
    problems: allProblems,
    warnings: [],
    digest: {
      kind: "NatsCluster",
      profile: profile.name,
      replicas,
      probe: describeProbe(probe),
      bindings: {},
      published: profile.publishData && replicas === 1 ? ["nats", "monitor"] : [],
      storageGiB,
      egress: [],
    },
    secrets: {
      app: { use: `user app of ${name}` },
      system: { use: `system user of ${name}` },
      ...(replicas > 1 ? { route: { use: `routes between the nodes of ${name}` } } : {}),
    },
    workloads: [
      {
        image: { table: "nats" },
        // The server reads its own name from here; GOMEMLIMIT keeps the collector below the container's limit.
        env: { GOMEMLIMIT: `${Math.floor(memoryMiB * 0.9)}MiB` },
        hostnameEnv: "SERVER_NAME",
        uid,
        gid,
        readOnlyRoot: true,
        scratch: ["/tmp"],
        name,
        replicas,
        identity: "stable",
        command: ["nats-server", "--config", `${folder}/nats.conf`],
        files: [
          {
            path: `${folder}/nats.conf`,
            content: serverConfig({ name, replicas, memoryMiB, storageGiB, maxPayloadKiB: given.maxPayloadKiB ?? 1024 }),
          },
        ],
        volumes: [{ name: "data", path: "/data", kind: "data", storageGiB, format: "jetstream-2" }],
        resources: { memoryMiB, cpus: profile.resources.broker.cpus },
        ports: {
          nats: { port: clientPort, protocol: "nats", published: profile.publishData && replicas === 1 },
          monitor: { port: 8222, protocol: "http", published: profile.publishData && replicas === 1 },
          ...(replicas > 1 ? { route: { port: 6222, protocol: "tcp" as const, published: false, peersOnly: true } } : {}),
        },
        probe,
        tools,
        bindings: [],
        egress: [],
        stopSignal,
        stopSeconds,
      },
    ],
    jobs: [
      {
        ...box,
        name: `${name}-streams`,
        when: "up",
        joins: name,
        after: [name],
        entrypoint: ["sh", `${folder}/reconcile.sh`],
        files: reconcileFiles(name, usable, replicas, deadLetters),
        timeoutSeconds: 180,
      },
      {
        ...box,
        name: `${name}-check`,
        when: "verify",
        joins: name,
        after: [name],
        entrypoint: ["sh", `${folder}/check.sh`],
        files: [{ path: `${folder}/check.sh`, content: checkScript(name, usable, deadLetters) }],
        timeoutSeconds: 90,
      },
    ],
    connections: {
      default: { scheme: "nats", workload: name, port: "nats", username: "app", secret: "app" },
      system: { scheme: "nats", workload: name, port: "nats", username: "system", secret: "system" },
    },
  };
}
