#!/usr/bin/env node
// Runs the command: from its sources in a clone, compiled in a project that installed it. Node must be one that loads
// TypeScript, this one or the one that npm installed with the project.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import * as module from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const [major, minor] = process.versions.node.split(".").map(Number);
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const sources = join(root, "src", "cli", "main.ts");
const main = existsSync(sources) ? sources : join(root, "dist", "src", "cli", "main.js");
const program = process.platform === "win32" ? "node.exe" : "node";
const installed = [join(root, "node_modules"), join(root, "..")].map((modules) => join(modules, "node", "bin", program)).find(existsSync);

if (major > 22 || (major === 22 && minor >= 18)) {
  // Halves the start: stripped and compiled code is kept from one run to the next.
  module.enableCompileCache();
  await import(pathToFileURL(main).href);
} else if (installed) {
  const command = spawn(installed, [main, ...process.argv.slice(2)], { stdio: "inherit" });
  // Ctrl-C in a terminal reaches both: the command ends in order, and this process waits for it.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => command.kill("SIGTERM"));
  command.on("exit", (status, signal) => {
    process.exitCode = status ?? (signal ? 128 + constants.signals[signal] : 2);
  });
} else {
  console.error(`groundplan needs Node 22.18 or later; this is ${process.versions.node}. Run "npm install" in the project, or install a newer Node.`);
  process.exitCode = 2;
}
