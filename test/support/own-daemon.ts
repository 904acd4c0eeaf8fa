import { type ChildProcess, execFileSync, spawn } from "node:child_process";
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
  const places = ["--data-root", at("data"), "--exec-root", at("run"), "--pidfile", at("pid"), "--host", host];
  let running: ChildProcess | undefined;
  const runs = () => running !== undefined && running.exitCode === null && running.signalCode === null;
  const kill = () => void running?.kill("SIGTERM");
  const stop = async () => {
    const ended = runs() && once(running as ChildProcess, "exit");
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
      process.once("exit", kill);
      const answers = () => client.ping().then(Boolean, () => false);
      const deadline = Date.now() + 30_000;
      while (!(await answers())) {
        const said = () => readFileSync(at("log"), "utf8").split("\n").slice(-10).join("\n");
        if (!runs() || Date.now() > deadline) throw new Error(`dockerd at ${host} does not answer\n${said()}`);
        await new Promise((waited) => setTimeout(waited, 250));
      }
    },
    async load(image) {
      await execa("sh", ["-c", 'docker save "$1" | docker --host "$2" load', "sh", image, host]);
    },
    async remove() {
      await stop();
      process.off("exit", kill);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
