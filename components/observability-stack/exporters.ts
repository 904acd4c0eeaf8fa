import type { CredentialConnection, DatabaseConnection } from "../../src/core/connection.ts";
import type { ImageName } from "../../src/core/images.ts";
import type { Observed } from "../../src/core/observed.ts";
import { tableContainer, tableServer } from "../../src/core/parts.ts";
import { tcp } from "../../src/core/probe.ts";
import type { ContainerSpec, WorkloadSpec } from "../../src/core/workload.ts";
import { isProbed } from "./catalogue/index.ts";
import { goEnv, partsOf, type StackModel } from "./part.ts";
import type { FindReplicas, Whereabouts } from "./replicas.ts";

type ExporterKind = NonNullable<Observed["exporter"]>["kind"];
type Asks = Pick<ContainerSpec, "env" | "command">;

interface Exporter {
  readonly image: ImageName;
  readonly port: number;
  /** How it is told whom to ask. */
  readonly asks: (observed: Observed, from: NonNullable<Observed["exporter"]>["from"], find: FindReplicas) => Asks;
  /** PromQL that has a result exactly when it reaches the system itself. */
  readonly reached: (job: string, replicas: number) => string;
}

/** One for each kind of system that is asked from beside. */
export const exporters: Readonly<Record<ExporterKind, Exporter>> = {
  postgres: {
    image: "postgres-exporter",
    port: 9187,
    asks: (_, from) => {
      const { summary, username, password } = from as DatabaseConnection;
      const at = `${summary.workload}:${summary.port}/${summary.database ?? "postgres"}`;
      return {
        env: { DATA_SOURCE_URI: `${at}?sslmode=${summary.tls ? "require" : "disable"}`, DATA_SOURCE_USER: username, DATA_SOURCE_PASS: password },
        command: ["--web.listen-address=:9187", "--log.level=warn"],
      };
    },
    reached: (job) => `min(pg_up{job="${job}"}) == 1`,
  },
  redis: {
    image: "redis-exporter",
    port: 9121,
    asks: (_, from) => {
      const { summary, username, password } = from as CredentialConnection;
      const at = `${summary.tls ? "rediss" : "redis"}://${summary.workload}:${summary.port}`;
      return { env: { REDIS_ADDR: at, REDIS_USER: username, REDIS_PASSWORD: password } };
    },
    reached: (job) => `min(redis_up{job="${job}"}) == 1`,
  },
  nats: {
    image: "nats-exporter",
    port: 7777,
    // One exporter asks all nodes; each answers for itself, by its name.
    asks: ({ replicas }, { summary }, find) => ({
      env: {},
      command: [
        "-port=7777",
        "-varz",
        "-connz",
        "-routez",
        "-subz",
        "-healthz",
        "-jsz=all",
        ...nodesOf(find({ workload: summary.workload, replicas, named: true })).map(([host, name]) => `${name},http://${host}:${summary.port}`),
      ],
    }),
    // Figures of `varz` are repeated when a node is away, those of `connz` are not.
    reached: (job, replicas) => `count(gnatsd_connz_num_connections{job="${job}"}) >= ${replicas}`,
  },
  nginx: {
    image: "nginx-exporter",
    port: 9113,
    asks: (_, { summary }) => ({
      env: {},
      command: [`--nginx.scrape-uri=http://${summary.workload}:${summary.port}${summary.path ?? "/stub_status"}`, "--web.listen-address=:9113"],
    }),
    reached: (job) => `min(nginx_up{job="${job}"}) == 1`,
  },
};

const nodesOf = (where: Whereabouts) => ("hosts" in where ? Object.entries(where.hosts) : []);

/** The exporter of a system that has no figures of its own to scrape. */
export function exporterOf({ name, sizes, find, copies }: StackModel, observed: Observed): WorkloadSpec | undefined {
  if (!observed.exporter) return undefined;
  const { kind, from } = observed.exporter;
  const { image, port, asks } = exporters[kind];
  const { env, ...rest } = asks(observed, from, find);
  const resources = sizes.resources.exporter;
  return {
    ...tableContainer(image, resources),
    ...tableServer(image),
    name: partsOf(name).exporter(observed.name),
    replicas: copies,
    identity: "any",
    env: { ...goEnv(resources.memoryMiB), ...env },
    ...rest,
    files: [],
    volumes: [],
    ports: { metrics: { port, protocol: "http", published: false } },
    // The port alone: a scrape asks the system behind it, and Prometheus does that anyway.
    probe: tcp({ intervalSeconds: 10 }),
    bindings: [{ key: `EXPORTS_${observed.name.replaceAll("-", "_").toUpperCase()}`, to: from, atOnce: true }],
  };
}

export const exporterPort = ({ kind }: NonNullable<Observed["exporter"]>) => exporters[kind].port;

/** PromQL that has a result exactly when who asks on behalf of Prometheus reaches the system itself. */
export function reachedBy(it: Observed): string | undefined {
  const { name, replicas, exporter } = it;
  if (isProbed(it)) return `min(probe_success{job="${name}"}) == 1`;
  return exporter ? exporters[exporter.kind].reached(name, replicas) : undefined;
}
