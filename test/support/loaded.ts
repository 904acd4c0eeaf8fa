import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const hook = `
const { writeFileSync } = require("node:fs");
const { join } = require("node:path");
const urls = new Set();
require("node:module").registerHooks({ load: (url, context, next) => (urls.add(url), next(url, context)) });
process.on("exit", () => writeFileSync(join(process.env.LOADED_FOLDER, process.pid + ".json"), JSON.stringify([...urls])));
`;

/** Addresses of all modules, by require and by import, that the one Node process loads which `run` starts with this environment. */
export async function loadedBy(run: (environment: Record<string, string>) => Promise<unknown>): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "groundplan-loaded-"));
  try {
    const file = join(folder, "hook.cjs");
    writeFileSync(file, hook);
    await run({ NODE_OPTIONS: `--require=${file}`, LOADED_FOLDER: folder });
    const told = readdirSync(folder).filter((name) => name.endsWith(".json"));
    if (told.length !== 1) throw new Error(`${told.length} processes told what they loaded`);
    return JSON.parse(readFileSync(join(folder, told[0] ?? ""), "utf8")) as string[];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The packages of these modules, each once. */
export const packagesOf = (modules: readonly string[]): string[] =>
  [...new Set(modules.flatMap((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1] ?? []))].toSorted();

/** SDKs of Pulumi, and libraries that speak to a daemon or to AWS. */
export const sdksOf = (modules: readonly string[]): string[] =>
  packagesOf(modules).filter((name) => name.startsWith("@pulumi/") || name.startsWith("@aws-sdk/") || name === "dockerode");
