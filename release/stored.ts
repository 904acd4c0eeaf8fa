import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Release } from "./digest.ts";

/** The plans of the last release, as `npm run release:plans` wrote them. */
export const releaseFile = join(import.meta.dirname, "plans.json.gz");

export const storedRelease = (): Release => JSON.parse(gunzipSync(readFileSync(releaseFile)).toString("utf8")) as Release;
