import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { labelKeys } from "../../src/core/labels.ts";
import { describeDocker } from "../support/docker-tier.ts";
import { endsWithCode } from "../support/error-code.ts";
import { cutAtWill } from "../support/proxied-daemon.ts";
import { containers, credentials, daemon, discard, ran, up, upArgs, verifies } from "../support/stack.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

const cache = 'new RedisCache("cache", { platform }); return {};';
const service = (image: string) => `
  new AppService("api", { platform, image: "${image}", ports: { http: 8000 }, health: http("/health") });
  return {};`;
describeDocker("errors, each with its code and the way on", () => {
  const made: TempProject[] = [];
  let folder: string;
  const project = (isolation: string, topology: string) => {
    const one = tempProject(isolation);
    one.topology(topology);
    made.push(one);
    return one;
  };
  /** A folder for PATH with one program in it. */
  const withProgram = (name: string, script: string) => {
    const bin = mkdtempSync(join(folder, "bin-"));
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return { PATH: `${bin}${delimiter}${process.env.PATH}` };
  };
  beforeAll(() => {
    made.length = 0;
    folder = mkdtempSync(join(tmpdir(), "groundplan-errors-"));
  });
  afterAll(async () => {
    await discard(...made);
    rmSync(folder, { recursive: true, force: true });
  });

  test.concurrent("a socket that nobody listens at", async () => {
    const { code, output } = await project("xdead", cache).run(["down", "dev"], { DOCKER_HOST: `unix://${folder}/none.sock` });
    expect(code).toBe(2);
    expect(output).toContain(`no Docker daemon answers at unix://${folder}/none.sock (DOCKER_HOST)`);
    expect(output).toMatch(endsWithCode("GP101"));
  });

  test.concurrent("a socket that this user may not open", async () => {
    const socket = join(folder, "closed.sock");
    const server = createServer().listen(socket);
    try {
      const { root } = project("xshut", cache);
      for (const open of [folder, root]) chmodSync(open, 0o755);
      const bin = resolve(import.meta.dirname, "..", "..", "bin", "groundplan.js");
      const owner = statSync(bin);
      const isRoot = process.getuid?.() === 0;
      chmodSync(socket, isRoot && owner.uid !== 0 ? 0o600 : 0);
      // Root may open everything. In its stead asks who can read the repository all the same: its owner, or root without capabilities.
      const powerless = isRoot && owner.uid === 0 ? ["setpriv", "--inh-caps=-all", "--bounding-set=-all"] : [];
      const [program = "", ...args] = [...powerless, process.execPath, bin, "down", "dev"];
      const { exitCode, all } = await execa(program, args, {
        ...(isRoot && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : {}),
        cwd: root,
        reject: false,
        all: true,
        stdin: "ignore",
        env: { NO_COLOR: "1", HOME: folder, DOCKER_HOST: `unix://${socket}` },
      });
      expect(exitCode, all).toBe(2);
      expect(all).toContain(`this user may not open the Docker socket unix://${socket} (DOCKER_HOST)`);
      expect(all).toMatch(endsWithCode("GP110"));
    } finally {
      server.close();
    }
  });

  test.concurrent("a Compose plugin that is too old", async () => {
    const old = withProgram("docker", 'case "$*" in *version*) echo 2.20.3;; *) exit 1;; esac');
    const { code, output } = await project("xold", cache).run([...upArgs], old);
    expect(code).toBe(2);
    expect(output).toContain("2.23 or later; the one installed is 2.20.3");
    expect(output).toMatch(endsWithCode("GP103"));
  });

  test.concurrent("an image that no registry has", async () => {
    const stack = project("xpull", service("docker.io/groundplan-lab/nobody-has-this:1.2.3"));
    const output = await ran(stack, upArgs, 2);
    expect(output).toMatch(/the registry does not give the image \S+groundplan-lab\/nobody-has-this/);
    expect(output).toMatch(endsWithCode("GP404"));
  });

  test.concurrent("a mirror that is down", async () => {
    const stack = project("xmirror", service("docker.io/library/redis:7.4.1"));
    const { code, output } = await stack.run([...upArgs], { GROUNDPLAN_IMAGE_MIRROR: "127.0.0.1:9" });
    expect(code, output).toBe(2);
    expect(output).toMatch(/the registry https?:\/\/127\.0\.0\.1:9 does not answer: .*connection refused/);
    expect(output).toMatch(endsWithCode("GP111"));
  });

  test.concurrent("a port that a process of this machine has", async () => {
    const stack = project("xport", cache);
    const listener = createServer();
    await new Promise<void>((listening) => listener.listen(0, "127.0.0.1", listening));
    const { port } = listener.address() as { port: number };
    stack.settings({ ports: { "cache.redis": port } });
    const output = await ran(stack, upArgs, 3);
    listener.close();
    expect(output).toMatch(new RegExp(`a free port; ${port} is held by process node.*\\(pid ${process.pid}\\)`));
    expect(output).toMatch(endsWithCode("GP319"));
    expect(await containers(stack)).toEqual([]);
  });

  test.concurrent("a volume that is full", async () => {
    const stack = project("xfull", 'new PostgresDb("db", { platform, databases: { app: {} } }); return {};');
    await fullVolume(stack, "db-data", 12);
    const output = await ran(stack, upArgs, 2);
    expect(output).toContain("no space is left to write to");
    expect(output).toMatch(/No space left on device/);
    expect(output).toMatch(endsWithCode("GP405"));
  });

  test.concurrent("a daemon that goes away on the way, and the next up, which goes on", async () => {
    const stack = project("xgone", `new PostgresDb("db", { platform, databases: { app: {} } }); ${cache}`);
    const proxy = await cutAtWill(join(folder, "proxy.sock"));
    const running = stack.run([...upArgs], { DOCKER_HOST: `unix://${proxy.path}` });
    await expect.poll(async () => (await containers(stack)).some(({ role }) => role === "server"), { timeout: 60_000 }).toBe(true);
    await proxy.cut();
    const { code, output } = await running;
    expect(code, output).toBe(2);
    expect(output).toContain("the Docker daemon went away on the way");
    expect(output).toMatch(endsWithCode("GP407"));
    const before = credentials(stack);
    await up(stack);
    await verifies(stack);
    expect(credentials(stack)).toEqual(before);
  });

  /** A data volume of the stack, made by hand, so small that a database does not fit into it. */
  async function fullVolume({ prefix, root }: TempProject, name: string, sizeMiB: number): Promise<void> {
    mkdirSync(join(root, ".groundplan"), { recursive: true });
    await daemon.createVolume({
      Name: `${prefix}-${name}`,
      Driver: "local",
      DriverOpts: { type: "tmpfs", device: "tmpfs", o: `size=${sizeMiB}m,mode=1777` },
      Labels: { [labelKeys.stack]: prefix, [labelKeys.component]: "db", [labelKeys.role]: "data", [labelKeys.format]: "postgres-16" },
    });
  }
});
