import { spawn } from "node:child_process";
import { resolve } from "node:path";
import type { TempProject } from "./temp-project.ts";

const bin = resolve(import.meta.dirname, "..", "..", "bin", "groundplan.js");

/** Starts the command in a process group of its own, as a terminal does, to send it signals. */
export function started(project: TempProject, args: readonly string[]) {
  const env = { ...process.env, GROUNDPLAN_ISOLATION: project.state.split("-").at(-1), NO_COLOR: "1" };
  const command = spawn(process.execPath, [bin, ...args], { cwd: project.root, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [command.stdout, command.stderr]) stream.on("data", (piece: Buffer) => (output += piece.toString()));
  const ended = new Promise<{ code: number | null; output: string }>((done) => command.on("close", (code) => done({ code, output })));
  return {
    ended,
    toGroup: (signal: NodeJS.Signals) => process.kill(-(command.pid ?? 0), signal),
    toCommand: (signal: NodeJS.Signals) => command.kill(signal),
  };
}
