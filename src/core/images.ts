import type { Check } from "./checks.ts";
import { matching } from "./checks.ts";
import { type ImageFacts, type ImageName, images } from "./image-table.ts";

export { type ImageFacts, type ImageName, images } from "./image-table.ts";

/** An image that is built from a folder, deployed by the hash of what goes into it. */
export interface Build {
  /** Folder with the sources, from the directory of Pulumi.yaml. */
  readonly context: string;
  /** Path of the Dockerfile below the context. @default "Dockerfile" */
  readonly dockerfile?: string;
  /** Stage of a multi-stage Dockerfile. @default the last one */
  readonly target?: string;
  /** Build arguments. Never secrets: they stay in the image's history. @default none */
  readonly args?: Readonly<Record<string, string>>;
}

/** What a workload runs: a row of the table, a full reference, or a build. */
export type ImageSource = { readonly table: ImageName } | { readonly reference: string } | { readonly build: Build };

/** What a stack file says of an image. A row of the table is a reference; only services of the topology are built. */
export type ImageOverride = string | { readonly build: Build };

export interface ImageSettings {
  /** Registry prefix that stands in for all others, e.g. `127.0.0.1:5000`. */
  readonly mirror?: string;
  /** Use digests although a mirror is set. */
  readonly mirrorDigests?: boolean;
  /** References by row of the table; references or builds by the name that the topology asks for. */
  readonly overrides?: Readonly<Record<string, ImageOverride>>;
}

export function imageReference(source: { readonly table: ImageName } | { readonly reference: string }, settings: ImageSettings = {}): string {
  if ("reference" in source) return mirrored(source.reference, settings);
  const facts: ImageFacts = images[source.table];
  const digest = facts.digest ? `@${facts.digest}` : "";
  const override = settings.overrides?.[source.table];
  return mirrored(typeof override === "string" ? override : `${facts.repository}:${facts.tag}${digest}`, settings);
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
  "GP316",
);
