import { execa } from "execa";
import { expect } from "vitest";
import { stackContainers } from "../../src/platforms/docker/daemon.ts";
import type { Plan } from "../../src/preview/plan.ts";
import { describeDocker } from "../support/docker-tier.ts";
import { endsWithCode } from "../support/error-code.ts";
import { ownDaemon, testWithOwnDaemon } from "../support/own-daemon.ts";
import { credentials, ran, upArgs } from "../support/stack.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

describeDocker("a daemon that is started again", () => {
  testWithOwnDaemon("during up: the command says so, and the next up goes on with the same credentials", async () => {
    const daemon = ownDaemon();
    const stack = tempProject("xagain");
    stack.topology('new RedisCache("cache", { platform }); new RedisCache("other", { platform }); return {};');
    const environment = { DOCKER_HOST: daemon.host };
    const parts = async () => (await stackContainers(daemon.client, stack.prefix)).filter(({ role }) => role === "server");
    try {
      await daemon.start();
      for (const image of await imagesOf(stack)) await daemon.load(image);
      const running = stack.run([...upArgs], environment);
      await expect.poll(async () => (await parts()).length, { timeout: 90_000, interval: 50 }).toBeGreaterThan(0);
      await daemon.stop();
      const { code, output } = await running;
      expect(code, output).toBe(2);
      expect(output).toMatch(/the Docker daemon (went away|stopped answering) on the way/);
      expect(output).toMatch(endsWithCode("GP407"));
      const before = credentials(stack);

      await daemon.start();
      const next = await stack.run([...upArgs], environment);
      expect(next.code, next.output).toBe(0);
      expect((await parts()).map(({ name }) => name.slice(stack.prefix.length + 1)).toSorted()).toEqual(["cache", "other"]);
      expect(credentials(stack)).toEqual(before);
      const status = await stack.run(["status", "dev"], environment);
      expect(status.code, status.output).toBe(0);

      // At rest, too: what ran runs again by itself, and nothing is left to do.
      await daemon.stop();
      await daemon.start();
      const states = async () => (await parts()).map(({ state }) => state);
      await expect.poll(states, { timeout: 60_000 }).toEqual(["running", "running"]);
      const lives = async () => Promise.all((await parts()).map(async ({ id }) => (await daemon.client.getContainer(id).inspect()).State.StartedAt));
      const began = await lives();
      const after = await stack.run([...upArgs], environment);
      expect(after.code, after.output).toBe(0);
      expect(await lives()).toEqual(began);
      const gone = await stack.run(["down", "dev", "--volumes"], environment);
      expect(gone.code, gone.output).toBe(0);
      expect(await stackContainers(daemon.client, stack.prefix)).toEqual([]);
    } finally {
      stack.remove();
      await daemon.remove();
    }
  });

  /** What the plan pulls, on the daemon of the machine. */
  async function imagesOf(stack: TempProject): Promise<string[]> {
    const { resources } = JSON.parse(await ran(stack, ["preview", "dev", "--json"])) as Plan;
    const images = resources.filter(({ type }) => type === "docker:index/remoteImage:RemoteImage").map(({ inputs }) => String(inputs.name));
    const isHere = async (image: string) => (await execa("docker", ["image", "inspect", image], { reject: false })).exitCode === 0;
    for (const image of images) if (!(await isHere(image))) await execa("docker", ["pull", "--quiet", image]);
    return [...new Set(images)];
  }
});
