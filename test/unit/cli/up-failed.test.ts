import { describe, expect, test } from "vitest";
import { failedUp } from "../../../src/cli/commands/up-failed.ts";
import type { Daemon } from "../../../src/cli/daemon.ts";
import type { EnvironmentProject } from "../../../src/cli/project.ts";
import type { Plan } from "../../../src/preview/plan.ts";

/** What a daemon makes of the calls that are made one after another: an answer, or the error that a client gets. */
const daemonThat = (...pings: readonly (Error | "OK")[]) => ({
  lists: (error: Error | undefined): Daemon => {
    const left = [...pings];
    const docker = {
      ping: async () => {
        const next = left.shift();
        if (next !== "OK") throw next;
      },
      listContainers: async () => {
        if (error) throw error;
        return [];
      },
    };
    return { docker, endpoint: { host: "unix:///a.sock", origin: "a test" } } as unknown as Daemon;
  },
});
const away = () => Object.assign(new Error("connect ENOENT /a.sock"), { code: "ENOENT", syscall: "connect" });
const cut = () => Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });

const project = { prefix: "shop-dev", env: "dev", settings: { isolation: "" } } as unknown as EnvironmentProject;
const failure = (daemon: Daemon) => failedUp(project, { credentials: [] } as unknown as Plan, daemon, "Error: the image is broken");

describe("up that failed", () => {
  test("is told with what the engine said, when the daemon answers", async () => {
    const { code, message } = await failure(daemonThat("OK").lists(undefined));
    expect([code, message]).toEqual(["GP401", expect.stringContaining("the image is broken")]);
  });

  test.each<[string, Daemon]>([
    ["is away", daemonThat(away()).lists(away())],
    ["gives a last sign of life", daemonThat("OK", away()).lists(away())],
  ])("is told as a daemon that went away when it %s", async (_, daemon) => {
    const { code, message } = await failure(daemon);
    expect(code).toBe("GP407");
    expect(message).toContain("no Docker daemon answers at unix:///a.sock (a test): connect ENOENT /a.sock");
    expect(message).toContain("go on: groundplan up dev");
  });

  test("keeps what the engine said when a single connection broke and the daemon answers", async () => {
    const { code, message } = await failure(daemonThat("OK", "OK").lists(cut()));
    expect([code, message]).toEqual(["GP401", expect.stringContaining("the image is broken")]);
  });

  test("hides no error of ours behind the daemon", async () => {
    await expect(failure(daemonThat("OK", away()).lists(new TypeError("of ours")))).rejects.toThrow("of ours");
  });
});
