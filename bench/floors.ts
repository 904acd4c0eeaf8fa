import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export const root = resolve(import.meta.dirname, "..");
const source = (...path: string[]) => JSON.stringify(join(root, ...path));
/** Where the command keeps compiled code: both sides start from it. */
const compiled = join(root, "node_modules", ".cache", "groundplan");
const host = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run/index.js");

/**
 * Scripts that do the least that there is to do.
 *
 * `host`: the SDK's program host as it is, with nothing of src/preview/lean-host in it, runs a program that does nothing and
 * is recorded by the monitor of the library. No preview can be faster than loading the host and registering a stack.
 *
 * `parse`: reads a stack file with the libraries that the command reads it with, and checks that it is a map of maps.
 */
export function makeFloors(): { readonly folder: string; readonly host: string; readonly parse: string } {
  const folder = mkdtempSync(join(tmpdir(), "groundplan-floor-"));
  mkdirSync(join(folder, "stacks"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  writeFileSync(join(folder, "stacks", "main.js"), "export default async () => ({});\n");
  const hostScript = join(folder, "host.ts");
  writeFileSync(
    hostScript,
    `import { spawn } from "node:child_process";
import { enableCompileCache } from "node:module";
enableCompileCache();
const { openDoor } = await import(${source("src", "preview", "door.ts")});
const { startMonitor } = await import(${source("src", "preview", "monitor.ts")});
const monitor = startMonitor("floor", "dev");
const door = await openDoor(async () => monitor);
const args = ["--monitor", door.address, "--project", "floor", "--stack", "dev", "--pwd", ${JSON.stringify(folder)}, ${JSON.stringify(join(folder, "stacks", "main.js"))}];
const env = { NODE_COMPILE_CACHE: ${JSON.stringify(compiled)}, ...process.env, PULUMI_NODEJS_TYPESCRIPT: "false", PULUMI_NODEJS_ENGINE: "" };
const code = await new Promise((ended) => spawn(process.execPath, [${JSON.stringify(host)}, ...args], { stdio: "inherit", env }).on("close", ended));
monitor.stop();
door.close();
if (code !== 0 || monitor.recording.resources.length !== 1) throw new Error("the empty program was not recorded");
`,
  );
  const parseScript = join(folder, "parse.js");
  writeFileSync(
    parseScript,
    `import { readFileSync } from "node:fs";
import { enableCompileCache } from "node:module";
enableCompileCache();
const { z } = await import(${source("node_modules", "zod", "index.js")});
const { parseDocument } = (await import(${source("node_modules", "yaml", "dist", "index.js")})).default;
const file = parseDocument(readFileSync(${source("Pulumi.dev.yaml")}, "utf8")).toJS();
z.object({ config: z.record(z.string(), z.record(z.string(), z.unknown())) }).parse(file);
`,
  );
  return { folder, host: hostScript, parse: parseScript };
}
