/** What the library must know about an image to run it well. */
export interface ImageFacts {
  /** Repository with its registry, e.g. `docker.io/library/postgres`. */
  readonly repository: string;
  readonly tag: string;
  /** `sha256:...` where it is known; used unless a mirror is set. */
  readonly digest?: string;
  /** The user that the process runs as. */
  readonly uid: number;
  readonly gid: number;
  /** Programs that health checks and jobs may call. */
  readonly tools: readonly string[];
  /** Signal for an orderly stop, and the seconds it may take. */
  readonly stopSignal: string;
  readonly stopSeconds: number;
  /** Directories that the image itself owns by `uid`: a fresh volume mounted there is writable at once. */
  readonly ownedDirectories: readonly string[];
}

const shell = ["sh", "wget", "nc"] as const;

const postgres = (tag: string) =>
  ({
    repository: "docker.io/library/postgres",
    tag,
    uid: 70,
    gid: 70,
    tools: [...shell, "pg_isready", "psql"],
    stopSignal: "SIGINT",
    stopSeconds: 120,
    ownedDirectories: ["/var/lib/postgresql/data", "/var/run/postgresql"],
  }) satisfies ImageFacts;

const ofTemporal = { uid: 1000, gid: 1000, stopSignal: "SIGTERM", ownedDirectories: [] };
const temporalServer = (tag: string) =>
  ({ ...ofTemporal, repository: "docker.io/temporalio/server", tag, tools: ["sh", "nc", "wget"], stopSeconds: 75 }) satisfies ImageFacts;
const temporalTools = (tag: string) =>
  ({
    ...ofTemporal,
    repository: "docker.io/temporalio/admin-tools",
    tag,
    tools: ["sh", "temporal", "temporal-sql-tool"],
    stopSeconds: 10,
  }) satisfies ImageFacts;

/** One program without a shell, as nobody. */
const exporter = (repository: string, tag: string) =>
  ({ repository, tag, uid: 65534, gid: 65534, tools: [], stopSignal: "SIGTERM", stopSeconds: 10, ownedDirectories: [] }) satisfies ImageFacts;

/** The one table of images. Sources: the images' own Dockerfiles and documentation, November 2026. */
export const images = {
  "postgres:16": postgres("16.15-alpine"),
  "postgres:17": postgres("17.11-alpine"),
  nats: {
    repository: "docker.io/library/nats",
    tag: "2.12.15-alpine",
    uid: 1000,
    gid: 1000,
    tools: [...shell, "nats-server"],
    stopSignal: "SIGTERM",
    stopSeconds: 60,
    ownedDirectories: [],
  },
  "nats-box": {
    repository: "docker.io/natsio/nats-box",
    tag: "0.20.0",
    uid: 1000,
    gid: 1000,
    tools: [...shell, "nats"],
    stopSignal: "SIGTERM",
    stopSeconds: 10,
    ownedDirectories: [],
  },
  valkey: {
    repository: "docker.io/valkey/valkey",
    tag: "8.1.8-alpine",
    uid: 999,
    gid: 1000,
    tools: [...shell, "valkey-cli"],
    stopSignal: "SIGTERM",
    stopSeconds: 60,
    ownedDirectories: ["/data"],
  },
  redis: {
    repository: "docker.io/library/redis",
    tag: "8.10.1-alpine",
    uid: 999,
    gid: 1000,
    tools: [...shell, "redis-cli"],
    stopSignal: "SIGTERM",
    stopSeconds: 60,
    ownedDirectories: ["/data"],
  },
  elasticmq: {
    repository: "docker.io/softwaremill/elasticmq-native",
    tag: "1.6.16",
    uid: 1001,
    gid: 1001,
    tools: shell,
    stopSignal: "SIGTERM",
    stopSeconds: 30,
    ownedDirectories: [],
  },
  "temporal:1.31": temporalServer("1.31.2"),
  "temporal:1.32": temporalServer("1.32.0"),
  "temporal-admin-tools:1.31": temporalTools("1.31.2"),
  "temporal-admin-tools:1.32": temporalTools("1.32.0"),
  "temporal-ui": {
    repository: "docker.io/temporalio/ui",
    tag: "2.52.0",
    uid: 1000,
    gid: 1000,
    tools: [],
    stopSignal: "SIGTERM",
    stopSeconds: 15,
    ownedDirectories: [],
  },
  opa: {
    repository: "docker.io/openpolicyagent/opa",
    tag: "1.19.1",
    uid: 1000,
    gid: 1000,
    tools: ["opa"],
    stopSignal: "SIGTERM",
    stopSeconds: 15,
    ownedDirectories: [],
  },
  nginx: {
    repository: "docker.io/nginxinc/nginx-unprivileged",
    tag: "1.30.4-alpine",
    uid: 101,
    gid: 101,
    tools: [...shell, "nginx"],
    stopSignal: "SIGQUIT",
    stopSeconds: 30,
    ownedDirectories: [],
  },
  haproxy: {
    repository: "docker.io/library/haproxy",
    tag: "3.2.26-alpine",
    uid: 99,
    gid: 99,
    tools: [...shell, "haproxy"],
    stopSignal: "SIGUSR1",
    stopSeconds: 15,
    ownedDirectories: [],
  },
  "otel-collector": {
    repository: "docker.io/otel/opentelemetry-collector-contrib",
    tag: "0.160.0",
    uid: 10001,
    gid: 10001,
    tools: [],
    stopSignal: "SIGTERM",
    stopSeconds: 30,
    ownedDirectories: [],
  },
  // Nothing but the program and its own health check is in it, readable for everybody; it names no user.
  "adot-collector": {
    repository: "public.ecr.aws/aws-observability/aws-otel-collector",
    tag: "v0.48.0",
    uid: 10001,
    gid: 10001,
    tools: ["/healthcheck"],
    stopSignal: "SIGTERM",
    stopSeconds: 30,
    ownedDirectories: [],
  },
  prometheus: {
    repository: "docker.io/prom/prometheus",
    tag: "v3.14.0",
    uid: 65534,
    gid: 65534,
    tools: [...shell, "promtool"],
    stopSignal: "SIGTERM",
    stopSeconds: 60,
    ownedDirectories: ["/prometheus"],
  },
  alertmanager: {
    repository: "docker.io/prom/alertmanager",
    tag: "v0.34.2",
    uid: 65534,
    gid: 65534,
    tools: [...shell, "amtool"],
    stopSignal: "SIGTERM",
    stopSeconds: 15,
    ownedDirectories: ["/alertmanager"],
  },
  loki: {
    repository: "docker.io/grafana/loki",
    tag: "3.7.8",
    uid: 10001,
    gid: 10001,
    tools: ["loki"],
    stopSignal: "SIGTERM",
    stopSeconds: 60,
    ownedDirectories: ["/loki"],
  },
  tempo: {
    repository: "docker.io/grafana/tempo",
    tag: "3.0.3",
    uid: 10001,
    gid: 10001,
    tools: [],
    stopSignal: "SIGTERM",
    stopSeconds: 60,
    ownedDirectories: [],
  },
  jaeger: {
    repository: "docker.io/jaegertracing/jaeger",
    tag: "2.20.0",
    uid: 10001,
    gid: 10001,
    tools: [],
    stopSignal: "SIGTERM",
    stopSeconds: 30,
    ownedDirectories: [],
  },
  grafana: {
    repository: "docker.io/grafana/grafana",
    tag: "13.2.3",
    uid: 472,
    gid: 0,
    tools: [...shell, "grafana"],
    stopSignal: "SIGTERM",
    stopSeconds: 30,
    ownedDirectories: ["/var/lib/grafana"],
  },
  "nats-exporter": exporter("docker.io/natsio/prometheus-nats-exporter", "0.17.3"),
  "postgres-exporter": exporter("quay.io/prometheuscommunity/postgres-exporter", "v0.17.1"),
  "redis-exporter": exporter("docker.io/oliver006/redis_exporter", "v1.69.0"),
  "nginx-exporter": exporter("docker.io/nginx/nginx-prometheus-exporter", "1.5.3"),
  "blackbox-exporter": exporter("docker.io/prom/blackbox-exporter", "v0.28.0"),
  toolbox: {
    repository: "docker.io/library/alpine",
    tag: "3.22",
    uid: 65534,
    gid: 65534,
    tools: [...shell, "chown"],
    stopSignal: "SIGKILL",
    stopSeconds: 1,
    ownedDirectories: [],
  },
  git: {
    repository: "docker.io/alpine/git",
    tag: "v2.54.0",
    uid: 1000,
    gid: 1000,
    tools: [...shell, "git"],
    stopSignal: "SIGTERM",
    stopSeconds: 5,
    ownedDirectories: [],
  },
  node: {
    repository: "docker.io/library/node",
    tag: "24.21.0-alpine",
    uid: 1000,
    gid: 1000,
    tools: [...shell, "node"],
    stopSignal: "SIGTERM",
    stopSeconds: 15,
    ownedDirectories: [],
  },
} as const satisfies Record<string, ImageFacts>;

export type ImageName = keyof typeof images;
