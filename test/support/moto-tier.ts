import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, test } from "vitest";
import { freePort } from "./free-port.ts";
import { until } from "./stack.ts";

/** The emulator of AWS that the suites on loopback run against; its clients are ours. */
const wanted = "moto[server]==5.2.5";
const folder = join(resolve(import.meta.dirname, "..", ".."), "node_modules", ".cache", "groundplan", wanted.replace(/\W+/g, "-"));
const program = join(folder, "bin", "moto_server");

const missing = whatIsMissing();
const required = (process.env.GROUNDPLAN_TEST_REQUIRE ?? "").split(",").includes("moto");
if (missing) console.warn(`moto tier ${required ? "cannot run" : "skipped"}: ${missing}`);

/** A suite on moto. Without Python it is skipped and says why, or fails where the tier must run. */
export function describeMoto(title: string, suite: () => void): void {
  if (!missing) describe(title, suite);
  else if (!required) describe.skip(`${title} (skipped: ${missing})`, suite);
  else {
    test(title, () => {
      throw new Error(`GROUNDPLAN_TEST_REQUIRE names moto, and ${missing}`);
    });
  }
}

function whatIsMissing(): string | undefined {
  if (existsSync(program)) return undefined;
  try {
    python("python3", "-c", "import ensurepip, venv");
  } catch {
    return "python3 with venv is not on PATH";
  }
  try {
    mkdirSync(folder, { recursive: true });
    python("python3", "-m", "venv", folder);
    python(join(folder, "bin", "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wanted);
    return undefined;
  } catch (error) {
    return `${wanted} cannot be installed: ${lastLine(String((error as { stderr?: unknown }).stderr ?? error))}`;
  }
}

function python(file: string, ...args: string[]): void {
  execFileSync(file, args, { stdio: ["ignore", "ignore", "pipe"], timeout: 240_000 });
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}

export interface Moto {
  readonly port: number;
  stop(): void;
}

/** A server of its own on a free port of loopback. */
export async function startMoto(): Promise<Moto> {
  const port = await freePort();
  const server = spawn(program, ["-H", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
  const stop = () => void server.kill("SIGTERM");
  try {
    await until("moto answers", 60, async () => {
      if (server.exitCode !== null) throw new Error(`moto_server ended with ${server.exitCode}`);
      return (await fetch(`http://127.0.0.1:${port}/moto-api/`)).ok;
    });
    return { port, stop };
  } catch (error) {
    stop();
    throw error;
  }
}
