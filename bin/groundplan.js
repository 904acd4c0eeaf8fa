#!/usr/bin/env node
// Runs the command on a Node that loads TypeScript: this one, or the one that npm installed with the project.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import * as module from "node:module";
import { constants } from "node:os";
import { join } from "node:path";

const [major, minor] = process.versions.node.split(".").map(Number);
const main = join(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "..", "src", "cli", "main.ts");
const bundled = join(main, "..", "..", "..", "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");

if (major > 22 || (major === 22 && minor >= 18)) {
  // Halves the start: stripped and compiled code is kept from one run to the next.
  module.enableCompileCache();
  await import(main);
} else if (existsSync(bundled)) {
  const command = spawn(bundled, [main, ...process.argv.slice(2)], { stdio: "inherit" });
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
