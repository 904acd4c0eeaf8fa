import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { tempProject } from "../../../support/temp-project.ts";

const project = tempProject("doc");
afterAll(() => project.remove());

interface Told {
  readonly problems: number;
  readonly checks: readonly { readonly id: string; readonly state: string; readonly found: string; readonly fix?: string }[];
}

test("a machine without a daemon, with a taken port, a dead mirror and an open state folder is told as it is", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((ready) => server.once("listening", ready));
  const { port } = server.address() as { port: number };
  mkdirSync(join(project.root, ".groundplan"), { mode: 0o755 });
  project.settings({ ports: { "db.sql": port } });
  const environment = { DOCKER_HOST: `unix://${join(tmpdir(), "no-daemon.sock")}`, GROUNDPLAN_IMAGE_MIRROR: "127.0.0.1:9" };
  const { code, output } = await project.run(["doctor", "--json"], environment).finally(() => server.close());
  expect(code, output).toBe(1);
  const { problems, checks } = JSON.parse(output) as Told;
  const row = (id: string) => checks.find((check) => check.id === id);
  expect(row("ports")).toMatchObject({
    state: "problem",
    found: expect.stringContaining(`${port} of db is held by process node (pid ${process.pid})`),
  });
  expect(row("docker")).toMatchObject({ state: "problem", found: expect.stringContaining("no-daemon.sock") });
  expect(row("mirror")?.state).toBe("problem");
  expect(row("state")).toMatchObject({ state: "problem", fix: "chmod go= .groundplan" });
  expect(row("plan")?.state).toBe("ok");
  expect(row("orphaned-volumes")?.state).toBe("not looked at");
  expect(problems).toBe(checks.filter(({ state }) => state === "problem").length);
  for (const { state, fix, id } of checks) if (state === "problem" || state === "warning") expect(fix, id).toBeTruthy();
});

test("a stack file with an error is a problem, and the machine is looked at all the same", async () => {
  project.settings({ profile: "nowhere" });
  const { code, output } = await project.run(["doctor", "--json"], { DOCKER_HOST: "unix:///nowhere.sock" });
  expect(code).toBe(1);
  const { checks } = JSON.parse(output) as Told;
  expect(checks.find(({ id }) => id === "plan")).toMatchObject({ state: "problem", found: expect.stringContaining("profile") });
  expect(checks.find(({ id }) => id === "node")?.state).toBe("ok");
});
