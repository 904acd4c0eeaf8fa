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
