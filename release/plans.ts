/**
 * Writes what upgrades are compared with: `npm run release:plans`, on the commit of a release. The environments are recorded as
 * the tests record them, so that no state of this machine is in the plans.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { portable } from "../test/support/recorded.ts";
import { type Shipped, shipped, shippedPlan } from "../test/support/shipped.ts";
import { digestOf, type PlanDigest, type Release } from "./digest.ts";
import { releaseFile } from "./stored.ts";

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "..", "package.json"), "utf8")) as { version: string };
const environments: Record<string, PlanDigest> = {};
for (const env of Object.keys(shipped) as Shipped[]) {
  const plan = await shippedPlan(env);
  environments[env] = digestOf(plan.resources, portable(plan));
}
const release: Release = { version, environments };
writeFileSync(releaseFile, gzipSync(JSON.stringify(release), { level: 9 }));
console.log(
  `${version}: ${Object.entries(environments)
    .map(([env, plan]) => `${env} ${Object.keys(plan).length}`)
    .join(", ")}`,
);
