import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
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

const lacks = [
  ...["dockerd", "unshare", "ip"].filter((name) => !runs("which", name)).map((name) => `no ${name} is on PATH`),
  ...(runs("unshare", "--net", "true") ? [] : ["this user may not make a network for a daemon"]),
][0];
const required = (process.env.GROUNDPLAN_TEST_REQUIRE ?? "").split(",").includes("dockerd");

/** A test that starts a daemon; where that cannot be it is skipped and says why, or fails where it must run. */
export function testWithOwnDaemon(title: string, run: () => Promise<void>): void {
  if (lacks && required) throw new Error(`GROUNDPLAN_TEST_REQUIRE names dockerd, and ${lacks}`);
  test.skipIf(lacks)(`${title}${lacks ? ` (skipped: ${lacks})` : ""}`, run);
}

function runs(program: string, ...args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}

export function ownDaemon(): OwnDaemon {
  const folder = mkdtempSync(join(tmpdir(), "groundplan-dockerd-"));
  const at = (name: string) => join(folder, name);
  const host = `unix://${at("sock")}`;
  const client = openDaemon({ host, origin: "a test" });
  const places = ["--data-root", at("data"), "--exec-root", at("run"), "--pidfile", at("pid"), "--host", host];
  let running: ChildProcess | undefined;
  const isRunning = () => running !== undefined && running.exitCode === null && running.signalCode === null;
  const kill = () => void running?.kill("SIGTERM");
  process.once("exit", kill);
  const stop = async () => {
    const ended = isRunning() && once(running as ChildProcess, "exit");
    kill();
    await ended;
  };
  return {
    host,
    client,
    stop,
    async start() {
      const log = openSync(at("log"), "a");
      // Two daemons on one network would take each other's bridges and rules for their own.
      const apart = ["--net", "sh", "-c", 'ip link set lo up && exec dockerd "$@"', "dockerd"];
      running = spawn("unshare", [...apart, ...places], { stdio: ["ignore", log, log] });
      closeSync(log);
      const answers = () => client.ping().then(Boolean, () => false);
      const deadline = Date.now() + 30_000;
      while (!(await answers())) {
        const said = () => readFileSync(at("log"), "utf8").split("\n").slice(-10).join("\n");
        if (!isRunning() || Date.now() > deadline) throw new Error(`dockerd at ${host} does not answer\n${said()}`);
        await new Promise((waited) => setTimeout(waited, 250));
      }
    },
    async load(image) {
      const archive = at("image.tar");
      await execa("docker", ["save", "--output", archive, image]);
      await execa("docker", ["--host", host, "load", "--input", archive]);
    },
    async remove() {
      await stop();
      process.off("exit", kill);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
