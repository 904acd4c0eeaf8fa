import type { Check } from "./checks.ts";
import { matching } from "./checks.ts";

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

/** The one table of images. Sources: the images' own Dockerfiles and documentation, November 2026. */
export const images = {
  "postgres:16": {
    repository: "docker.io/library/postgres",
    tag: "16.15-alpine",
    uid: 70,
    gid: 70,
    tools: [...shell, "pg_isready", "psql"],
    stopSignal: "SIGINT",
    stopSeconds: 120,
    ownedDirectories: ["/var/lib/postgresql/data", "/var/run/postgresql"],
  },
  "postgres:17": {
    repository: "docker.io/library/postgres",
    tag: "17.11-alpine",
    uid: 70,
    gid: 70,
    tools: [...shell, "pg_isready", "psql"],
    stopSignal: "SIGINT",
    stopSeconds: 120,
    ownedDirectories: ["/var/lib/postgresql/data", "/var/run/postgresql"],
  },
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
  "temporal:1.31": {
    repository: "docker.io/temporalio/server",
    tag: "1.31.2",
    uid: 1000,
    gid: 1000,
    tools: ["sh", "nc"],
    stopSignal: "SIGTERM",
    stopSeconds: 75,
    ownedDirectories: [],
  },
  "temporal:1.32": {
    repository: "docker.io/temporalio/server",
    tag: "1.32.0",
    uid: 1000,
    gid: 1000,
    tools: ["sh", "nc"],
    stopSignal: "SIGTERM",
    stopSeconds: 75,
    ownedDirectories: [],
  },
  "temporal-admin-tools:1.31": {
    repository: "docker.io/temporalio/admin-tools",
    tag: "1.31.2",
    uid: 1000,
    gid: 1000,
    tools: ["sh", "temporal", "temporal-sql-tool"],
    stopSignal: "SIGTERM",
    stopSeconds: 10,
    ownedDirectories: [],
  },
  "temporal-admin-tools:1.32": {
    repository: "docker.io/temporalio/admin-tools",
    tag: "1.32.0",
    uid: 1000,
    gid: 1000,
    tools: ["sh", "temporal", "temporal-sql-tool"],
    stopSignal: "SIGTERM",
    stopSeconds: 10,
    ownedDirectories: [],
  },
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
  "nats-exporter": {
    repository: "docker.io/natsio/prometheus-nats-exporter",
    tag: "0.17.3",
    uid: 65534,
    gid: 65534,
    tools: [],
    stopSignal: "SIGTERM",
    stopSeconds: 10,
    ownedDirectories: [],
  },
  "postgres-exporter": {
    repository: "quay.io/prometheuscommunity/postgres-exporter",
    tag: "v0.17.1",
    uid: 65534,
    gid: 65534,
    tools: [],
    stopSignal: "SIGTERM",
    stopSeconds: 10,
    ownedDirectories: [],
  },
  "redis-exporter": {
    repository: "docker.io/oliver006/redis_exporter",
    tag: "v1.69.0",
    uid: 65534,
    gid: 65534,
    tools: [],
    stopSignal: "SIGTERM",
    stopSeconds: 10,
    ownedDirectories: [],
  },
  "nginx-exporter": {
    repository: "docker.io/nginx/nginx-prometheus-exporter",
    tag: "1.5.3",
    uid: 65534,
    gid: 65534,
    tools: [],
    stopSignal: "SIGTERM",
    stopSeconds: 10,
    ownedDirectories: [],
  },
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

/** An image that is built from a folder, deployed by the hash of what goes into it. */
export interface Build {
  /** Folder with the sources, from the directory of Pulumi.yaml. */
  readonly context: string;
  /** Path of the Dockerfile below the context. @default "Dockerfile" */
  readonly dockerfile?: string;
  /** Stage of a multi-stage Dockerfile. @default the last one */
  readonly target?: string;
  /** Build arguments. Never secrets: they stay in the image's history. */
  readonly args?: Readonly<Record<string, string>>;
}

/** What a workload runs: a row of the table, a full reference, or a build. */
export type ImageSource = { readonly table: ImageName } | { readonly reference: string } | { readonly build: Build };

export interface ImageSettings {
  /** Registry prefix that stands in for all others, e.g. `127.0.0.1:5000`. */
  readonly mirror?: string;
  /** Use digests although a mirror is set. */
  readonly mirrorDigests?: boolean;
  /** References by row of the table, or by the name that the topology asks for. */
  readonly overrides?: Readonly<Record<string, string>>;
}

export function imageReference(source: { readonly table: ImageName } | { readonly reference: string }, settings: ImageSettings = {}): string {
  if ("reference" in source) return mirrored(source.reference, settings);
  const facts: ImageFacts = images[source.table];
  const digest = facts.digest ? `@${facts.digest}` : "";
  return mirrored(settings.overrides?.[source.table] ?? `${facts.repository}:${facts.tag}${digest}`, settings);
}

/**
 * `docker.io/library/postgres:16` with mirror `127.0.0.1:5000` -> `127.0.0.1:5000/library/postgres:16`. A mirror may hold
 * rebuilt images, so the digest beside a version goes, unless it is asked for.
 */
export function mirrored(reference: string, { mirror, mirrorDigests = false }: ImageSettings): string {
  if (!mirror) return reference;
  const named = `${mirror}/${withoutRegistry(reference)}`;
  return mirrorDigests ? named : named.replace(/(:[\w.-]+)@sha256:[0-9a-f]{64}$/, "$1");
}

function withoutRegistry(reference: string): string {
  const slash = reference.indexOf("/");
  const head = slash < 0 ? "" : reference.slice(0, slash);
  const isRegistry = head.includes(".") || head.includes(":") || head === "localhost";
  const repository = isRegistry ? reference.slice(slash + 1) : reference;
  const isOfficial = !repository.includes("/") && (!isRegistry || head === "docker.io");
  return isOfficial ? `library/${repository}` : repository;
}

/** A full reference: with a tag that does not float, or a digest. Not `latest` with a digest: behind a mirror the digest may go. */
export const pinnedReference = /^[\w.-]+(:\d+(?=\/))?(\/[\w.-]+)*(:(?!latest(@|$))[\w.-]+(@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})$/;

export const pinnedImage: Check = matching(
  pinnedReference,
  "an image reference with a version (not latest) or a digest",
  "write registry/name:version, e.g. ghcr.io/acme/api:1.4.2",
);
