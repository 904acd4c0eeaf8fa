import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ImageSource } from "../../src/core/images.ts";

const folder = join(import.meta.dirname, "service");

/** The bridge's own program, built from the folder beside this file. */
export function bridgeImage(base: string): ImageSource {
  if (!existsSync(join(folder, "dist", "bridge.mjs"))) {
    throw new Error("the bridge is not bundled; run: npm run build:bridge");
  }
  return { build: { context: folder, args: { BASE: base } } };
}
