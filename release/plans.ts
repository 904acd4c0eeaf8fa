/**
 * Writes what upgrades are compared with: `npm run release:plans`, on the commit of a release; or `npm run release:plans -- <folder>`
 * with a checkout of its tag, whose own code then makes the plans. The environments are recorded as the tests record them, so that
 * no state of this machine is in the plans.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { portable, repository } from "../test/support/recorded.ts";
import { digestOf, type PlanDigest, type Release } from "./digest.ts";
import { releaseFile } from "./stored.ts";

const checkout = resolve(process.argv[2] ?? repository);
const { version } = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8")) as { version: string };
const itsTests = pathToFileURL(join(checkout, "test", "support", "shipped.ts")).href;
const { shipped, shippedPlan } = (await import(itsTests)) as typeof import("../test/support/shipped.ts");

const environments: Record<string, PlanDigest> = {};
for (const env of Object.keys(shipped) as (keyof typeof shipped)[]) {
  const plan = await shippedPlan(env);
  environments[env] = digestOf(plan.resources, portable(plan, checkout));
}
const release: Release = { version, environments };
writeFileSync(releaseFile, gzipSync(JSON.stringify(release), { level: 9 }));
console.log(
  `${version}: ${Object.entries(environments)
    .map(([env, plan]) => `${env} ${Object.keys(plan).length}`)
    .join(", ")}`,
);
