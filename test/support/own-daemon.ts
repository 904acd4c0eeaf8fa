import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { test } from "vitest";
import { openDaemon } from "../../src/platforms/docker/daemon.ts";

/**
 * A Docker daemon that a test may stop: with containers, images and a network of its own, beside that of the machine. Ports
 * that it publishes are in that network, and it reaches no registry.
 */
export interface OwnDaemon {
  /** For DOCKER_HOST. */
  readonly host: string;
  readonly client: ReturnType<typeof openDaemon>;
  start(): Promise<void>;
  /** Copies an image of the daemon of the machine. */
  load(image: string): Promise<void>;
  /** As a service manager stops it: with SIGTERM, and its containers end first. */
  stop(): Promise<void>;
  /** Stops it and forgets all that it had. */
  remove(): Promise<void>;
}

const lacks = process.getuid?.() === 0 ? ["dockerd", "unshare", "ip"].flatMap(missingProgram)[0] : "only root may start a daemon";
const required = (process.env.GROUNDPLAN_TEST_REQUIRE ?? "").split(",").includes("dockerd");

/** A test that starts a daemon; where that cannot be it is skipped and says why, or fails where it must run. */
export function testWithOwnDaemon(title: string, run: () => Promise<void>): void {
  if (lacks && required) throw new Error(`GROUNDPLAN_TEST_REQUIRE names dockerd, and ${lacks}`);
  test.skipIf(lacks)(`${title}${lacks ? ` (skipped: ${lacks})` : ""}`, run);
}

function missingProgram(name: string): string[] {
  try {
    execFileSync("which", [name], { stdio: "ignore" });
    return [];
  } catch {
    return [`no ${name} is on PATH`];
  }
}

export function ownDaemon(): OwnDaemon {
  const folder = mkdtempSync(join(tmpdir(), "groundplan-dockerd-"));
  const at = (name: string) => join(folder, name);
  const host = `unix://${at("sock")}`;
  const client = openDaemon({ host, origin: "a test" });
  let running: ChildProcess | undefined;
  const places = ["--data-root", at("data"), "--exec-root", at("run"), "--pidfile", at("pid"), "--host", host];
  const daemon: OwnDaemon = {
    host,
    client,
    async start() {
      // Two daemons on one network would take each other's bridges and rules for their own.
      running = spawn("unshare", ["--net", "sh", "-c", 'ip link set lo up && exec dockerd "$@"', "dockerd", ...places], { stdio: "ignore" });
      for (let tries = 0; tries < 120; tries++) {
        if (await client.ping().then(Boolean, () => false)) return;
        await new Promise((waited) => setTimeout(waited, 250));
      }
      throw new Error(`dockerd at ${host} does not answer within 30 s`);
    },
    async load(image) {
      await execa("sh", ["-c", 'docker save "$1" | docker --host "$2" load', "sh", image, host]);
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
