import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { BridgeConfig } from "../../components/nats-temporal-bridge/contract.ts";
import { imageReference } from "../../src/core/images.ts";
import { describeDocker, mirror } from "../support/docker-tier.ts";
import { freePort } from "../support/free-port.ts";
import { until } from "../support/stack.ts";

const program = resolve(import.meta.dirname, "..", "..", "components", "nats-temporal-bridge", "service", "dist", "bridge.mjs");
const name = `groundplan-bridge-${process.pid}`;

interface Answer {
  readonly failing: readonly string[];
  readonly deadLetters: string;
}

/** The program alone, on a server without a stream for dead letters; no Temporal is there. */
describeDocker("a bridge where nothing takes dead letters", () => {
  const work = mkdtempSync(join(tmpdir(), "groundplan-bridge-"));
  const docker = (...args: string[]) => execFileSync("docker", args, { encoding: "utf8", stdio: "pipe" });
  let bus: NatsConnection;
  let bridge: ChildProcess;
  let output = "";
  let ask: () => Promise<Answer>;

  beforeAll(async () => {
    const natsPort = await freePort();
    const port = await freePort();
    docker(
      "run",
      "--detach",
      "--name",
      name,
      "--publish",
      `127.0.0.1:${natsPort}:4222`,
      imageReference({ table: "nats" }, mirror ? { mirror } : {}),
      "-js",
    );
    await until("NATS answers", 30, async () => {
      bus = await connect({ port: natsPort });
      return true;
    });
    const { streams, consumers } = await jetstreamManager(bus);
    await streams.add({ name: "GH", subjects: ["gh.>"] });
    await consumers.add("GH", { durable_name: "CODEX", ack_policy: "explicit" });
    const route = { subject: "gh.>", workflow: "W", taskQueue: "q", id: "{id}", json: true };
    const config: BridgeConfig = {
      stream: "GH",
      consumer: "CODEX",
      routes: [route],
      maxDeliver: 5,
      maxInFlight: 2,
      stopSeconds: 5,
      port,
      verifySubject: "gh.groundplan-verify",
    };
    writeFileSync(join(work, "bridge.json"), JSON.stringify(config));
    const env = {
      ...process.env,
      NATS_URL: `nats://127.0.0.1:${natsPort}`,
      TEMPORAL_ADDRESS: "127.0.0.1:1",
      BRIDGE_CONFIG: join(work, "bridge.json"),
    };
    bridge = spawn(process.execPath, [program], { env, stdio: ["ignore", "pipe", "inherit"] });
    bridge.stdout?.on("data", (chunk) => {
      output += chunk;
    });
    ask = async () => (await (await fetch(`http://127.0.0.1:${port}/health`)).json()) as Answer;
  });
  afterAll(async () => {
    bridge?.kill("SIGKILL");
    await bus?.close();
    docker("rm", "--force", "--volumes", name);
    rmSync(work, { recursive: true });
  });

  test("says that it is not well, why, and what to do; and is well again once there is a stream", async () => {
    await until("the bridge misses the stream", 30, async () => /^no stream takes dead letters on dlq\.GH\.>: /.test((await ask()).deadLetters));
    expect((await ask()).failing).toContain("deadLetters");
    await until("its log says so", 10, async () => /"error".*dead letters are not taken.*leave deadLetters of the NatsCluster on/.test(output));
    const { streams } = await jetstreamManager(bus);
    // What takes dead letters of another stream is of no use.
    await streams.add({ name: "OTHERS", subjects: ["dlq.OTHERS.>"] });
    expect((await ask()).failing).toContain("deadLetters");
    await streams.add({ name: "DLQ", subjects: ["dlq.GH.>"] });
    await until("the bridge finds the stream", 15, async () => (await ask()).deadLetters === "ok");
    expect((await ask()).failing).toEqual(["temporal"]);
  });
});
