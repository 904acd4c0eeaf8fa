import { rmSync } from "node:fs";
import { join } from "node:path";
import { makeFloors, root } from "./floors.ts";
import { type Case, measure } from "./measure.ts";

/**
 * How long the command takes, against the least that there is to do. Ratios of one run are compared, never milliseconds.
 * A ratio over its limit is measured once more; a second time it ends this with 1.
 */
const pairs = Number(process.argv[2] ?? 9);
const floors = makeFloors();
const command = (...args: string[]) => [join(root, "bin", "groundplan.js"), ...args];
const cases: readonly Case[] = [
  { name: "preview of GitGuard", args: command("preview", "dev"), floor: [floors.host], limit: 2.4 },
  { name: "preview of the starter", args: command("preview", "starter-dev"), floor: [floors.host], limit: 2 },
  { name: "config", args: command("config", "dev"), floor: [floors.parse], limit: 2.5 },
];

console.log(`Node ${process.versions.node}, ${pairs} pairs each, warm compile cache; it / its floor = median of the ratios (least to most)`);
for (const one of cases) {
  const first = await measure(one, root, pairs);
  console.log(first.line);
  if (first.ratio <= one.limit) continue;
  const again = await measure(one, root, pairs);
  console.log(again.line);
  if (again.ratio <= one.limit) continue;
  console.log(`${one.name} takes more than ${one.limit} times the processor time of its floor`);
  process.exitCode = 1;
}
rmSync(floors.folder, { recursive: true, force: true });
