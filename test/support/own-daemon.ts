import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "vitest";
import { openDaemon } from "../../src/platforms/docker/daemon.ts";

/** A Docker daemon that a test may stop: with containers, networks and images of its own, beside that of the machine. */
export interface OwnDaemon {
  /** For DOCKER_HOST. */
  readonly host: string;
  readonly client: ReturnType<typeof openDaemon>;
  start(): Promise<void>;
  /** As a service manager stops it: with SIGTERM, and its containers end first. */
  stop(): Promise<void>;
  /** Stops it and forgets all that it had. */
  remove(): Promise<void>;
}

const lacks = process.getuid?.() === 0 ? missingProgram("dockerd") : "only root may start a daemon";
const required = (process.env.GROUNDPLAN_TEST_REQUIRE ?? "").split(",").includes("dockerd");

/** A test that starts a daemon; where that cannot be it is skipped and says why, or fails where it must run. */
export function testWithOwnDaemon(title: string, run: () => Promise<void>): void {
  if (lacks && required) throw new Error(`GROUNDPLAN_TEST_REQUIRE names dockerd, and ${lacks}`);
  test.skipIf(lacks)(`${title}${lacks ? ` (skipped: ${lacks})` : ""}`, run);
}

function missingProgram(name: string): string | undefined {
  try {
    execFileSync(name, ["--version"], { stdio: "ignore" });
    return undefined;
  } catch {
    return `no ${name} is on PATH`;
  }
}

export function ownDaemon(): OwnDaemon {
  const folder = mkdtempSync(join(tmpdir(), "groundplan-dockerd-"));
  const at = (name: string) => join(folder, name);
  const host = `unix://${at("sock")}`;
  const client = openDaemon({ host, origin: "a test" });
  let running: ChildProcess | undefined;
  // It shares the kernel's tables with the daemon of the machine, so it leaves them alone; so its containers reach no other.
  const apart = ["--bridge", "none", "--iptables=false", "--ip-masq=false"];
  const places = ["--data-root", at("data"), "--exec-root", at("run"), "--pidfile", at("pid"), "--host", host];
  const daemon: OwnDaemon = {
    host,
    client,
    async start() {
      running = spawn("dockerd", [...places, ...apart], { stdio: "ignore" });
      for (let tries = 0; tries < 120; tries++) {
        if (await client.ping().then(Boolean, () => false)) return;
        await new Promise((waited) => setTimeout(waited, 250));
      }
      throw new Error(`dockerd at ${host} does not answer within 30 s`);
    },
    async stop() {
      const one = running;
      if (!one || one.exitCode !== null) return;
      const ended = new Promise((resolve) => one.once("exit", resolve));
      one.kill("SIGTERM");
      await ended;
    },
    async remove() {
      await daemon.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return daemon;
}
