import { existsSync, readdirSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { copyArguments } from "../../core/naming.ts";
import { couldNotRun } from "../exit.ts";
import type { EnvironmentProject } from "../project.ts";

/** A lock of the engine's file backend, as it writes it. */
export interface Lock {
  readonly pid: number;
  readonly username: string;
  readonly hostname: string;
  readonly timestamp: string;
}

/**
 * Ends the command when another run of the engine has the state of this environment. Asked before anything is looked at,
 * because what that run makes is not in the state yet. States elsewhere are locked there, and the engine says so.
 */
export function requireUnlocked(project: EnvironmentProject): void {
  const [lock] = locksBelow(join(project.state, "pulumi"));
  if (lock) throw couldNotRun("GP205", lockText(project, lock, isGone(lock)));
}

function locksBelow(backend: string): Lock[] {
  const folder = join(backend, ".pulumi", "locks");
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".json"));
  return files.flatMap((file) => {
    try {
      return [JSON.parse(readFileSync(join(folder, file), "utf8")) as Lock];
    } catch {
      return []; // given back at this moment
    }
  });
}

/** Whose lock it is, whether anybody waits to give it back, and the way on. */
export function lockText({ stack, prefix, env, settings }: EnvironmentProject, { pid, username, hostname, timestamp }: Lock, gone: boolean): string {
  const copy = copyArguments(env, settings.isolation);
  return [
    `the state of ${prefix} is locked by ${username}@${hostname}, process ${pid}, since ${timestamp}; nothing was changed`,
    gone
      ? "  That process is gone, and left its lock behind: take it away, then go on"
      : "  Wait for that process to end; when it is gone, take its lock away, then go on",
    `    eval "$(groundplan env ${copy})"; pulumi cancel --yes --stack ${stack}`,
  ].join("\n");
}

/** Only of this machine's processes is it known. */
function isGone(lock: Lock): boolean {
  if (lock.hostname !== hostname()) return false;
  try {
    process.kill(lock.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
