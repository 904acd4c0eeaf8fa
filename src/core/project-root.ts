import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The directory of Pulumi.yaml: the engine runs the program in the folder of its main file. */
export function projectRoot(from: string = process.cwd()): string {
  if (existsSync(join(from, "Pulumi.yaml"))) return from;
  const parent = dirname(from);
  if (parent === from) throw new Error("no Pulumi.yaml in this directory or above it");
  return projectRoot(parent);
}
