import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Input } from "@pulumi/pulumi";
import type { ImageSource } from "../../src/core/images.ts";
import type { Probe } from "../../src/core/probe.ts";
import type { ResolvedBinding } from "../../src/core/workload.ts";

const folder = join(import.meta.dirname, "placeholder");

export interface Placeholder {
  readonly image: ImageSource;
  readonly env: Readonly<Record<string, Input<string>>>;
}

/** What runs when dev names no image: it listens on the declared ports and opens a real client to each binding. */
export function placeholder(
  name: string,
  ports: Readonly<Record<string, number>>,
  bindings: readonly ResolvedBinding[],
  health: Probe,
  base: string,
): Placeholder {
  if (!existsSync(join(folder, "dist", "server.mjs"))) {
    throw new Error("the placeholder service is not bundled; run: npm run build:placeholder");
  }
  return {
    image: { build: { context: folder, args: { BASE: base } } },
    env: {
      PLACEHOLDER_PORTS: Object.values(ports).join(","),
      // A worker of the queue that is named after it, unless its own variable names another one.
      ...(bindings.some(({ to }) => to.scheme === "temporal") ? { PLACEHOLDER_TASK_QUEUE: name } : {}),
      PLACEHOLDER_HEALTH: health.kind === "http" ? health.path : "/health",
      ...Object.fromEntries(bindings.map(({ key, to }) => [`PLACEHOLDER_BINDING_${key}`, to.uri])),
    },
  };
}
