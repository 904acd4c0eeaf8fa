import { spawn } from "node:child_process";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { WorkloadSpec } from "../../../../src/core/workload.ts";
import { tellingAddress } from "../../../../src/platforms/aws/own-address.ts";
import { settingsOf, soundSpec } from "../../../support/settings.ts";

const image = { image: "registry.example/peer:1", ports: { tcp: 7000 }, health: { kind: "tcp", port: "tcp" } };
const [service] = soundSpec("AppService", "peer", image, settingsOf()).workloads as [WorkloadSpec];
const peer = (over: Partial<WorkloadSpec> = {}): WorkloadSpec => ({
  ...service,
  addressEnv: "OWN",
  command: ["peer"],
  tools: ["sh", "wget"],
  ...over,
});

describe("a workload that wants its own address", () => {
  /** What the agent of the task answers, one after another; the last one again and again. */
  let answers: ((to: ServerResponse) => void)[];
  let agent: Server;
  beforeEach(async () => {
    agent = createServer((_, response) => (answers.length > 1 ? answers.shift() : answers[0])?.(response));
    await new Promise<void>((listening) => agent.listen(0, "127.0.0.1", listening));
  });
  afterEach(() => agent.close());

  const json = (value: object, space?: number) => (to: ServerResponse) => to.end(JSON.stringify(value, null, space));
  const broken = (to: ServerResponse) => to.writeHead(500).end();
  const container = (addresses: readonly string[]) => ({
    DockerId: "cd18",
    Labels: { "com.amazonaws.ecs.container-name": "peer" },
    Networks: [{ NetworkMode: "awsvpc", AttachmentIndex: 0, IPv4Addresses: addresses, IPv4SubnetCIDRBlock: "10.0.2.0/24" }],
  });

  /** Starts as ECS does: entry point and command, one after another. The seconds of its patience pass at once. */
  function start(spec: WorkloadSpec): Promise<{ readonly status: number | null; readonly said: string }> {
    const { entrypoint = [], command = [] } = tellingAddress(spec);
    const [program = "", ...rest] = [...entrypoint, ...command].map((word) => word.replace("sleep 1", "sleep 0"));
    const uri = `http://127.0.0.1:${(agent.address() as AddressInfo).port}/v4/cd18`;
    const child = spawn(program, rest, { env: { PATH: process.env.PATH, ECS_CONTAINER_METADATA_URI_V4: uri } });
    let said = "";
    child.stdout.on("data", (chunk) => {
      said += chunk;
    });
    child.stderr.on("data", (chunk) => {
      said += chunk;
    });
    return new Promise((resolve) => child.on("close", (status) => resolve({ status, said: said.trim() })));
  }

  const tells = ["sh", "-c", 'echo "$OWN $0 $1"', "a b", "$HOME"];

  test("is started with it, and with its own words as they are", async () => {
    answers = [json(container(["10.0.2.106"]))];
    expect(await start(peer({ command: tells }))).toEqual({ status: 0, said: "10.0.2.106 a b $HOME" });
    expect(await start(peer({ entrypoint: tells.slice(0, 2), command: tells.slice(2) }))).toEqual({ status: 0, said: "10.0.2.106 a b $HOME" });
  });

  test("gets the first of several, however the answer is written", async () => {
    answers = [json(container(["10.0.2.7", "10.0.2.8"]), 2)];
    expect(await start(peer({ command: tells }))).toMatchObject({ status: 0, said: expect.stringMatching(/^10\.0\.2\.7 /) });
  });

  test("asks again until the agent knows it", async () => {
    answers = [broken, json({ DockerId: "cd18" }), json(container([])), json(container(["10.0.2.106"]))];
    expect(await start(peer({ command: tells }))).toMatchObject({ status: 0, said: expect.stringContaining("10.0.2.106 ") });
  });

  test("does not start without it, and says what it was told", async () => {
    answers = [json({ DockerId: "cd18" })];
    expect(await start(peer({ command: tells }))).toEqual({
      status: 1,
      said: 'no address in what the task is told about itself: {"DockerId":"cd18"}',
    });
  });

  test("ends as its own program ends", async () => {
    answers = [json(container(["10.0.2.106"]))];
    expect((await start(peer({ command: ["sh", "-c", "exit 7"] }))).status).toBe(7);
  });
});

test("what wants no address is started as it is", () => {
  expect(tellingAddress(service)).toBe(service);
});

test.each([
  ["no command to start after it", { command: undefined, entrypoint: undefined }, "takes a command that the spec names"],
  ["no shell and nothing to ask with", { tools: ["nc"] }, "takes an image with sh and wget"],
] as const)("an address is not to be had with %s", (_, over, message) => {
  expect(() => tellingAddress(peer(over as Partial<WorkloadSpec>))).toThrow(message);
});
