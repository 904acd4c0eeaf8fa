import { afterAll, beforeAll, expect, test } from "vitest";
import { describeDocker } from "../support/docker-tier.ts";
import { daemon, discard, inspect, lives, until, up } from "../support/stack.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

const quick = "http('/health', { intervalSeconds: 1, timeoutSeconds: 1, retries: 2, startSeconds: 1 })";

describeDocker("a server that was stopped", () => {
  let project: TempProject;
  beforeAll(async () => {
    project = tempProject("ir");
    project.topology(`
      const db = new PostgresDb("db", { platform, databases: { app: {} } });
      const api = new AppService("api", { platform, ports: { http: 8000 }, health: ${quick}, bindings: { DATABASE: db.databases.app } });
      new AppService("web", { platform, ports: { http: 8000 }, health: ${quick}, bindings: { API: api.connection } });
      return {};`);
    await up(project);
  });
  afterAll(() => discard(project));

  test("is started again by up, though what needs it had become unhealthy meanwhile and others wait for that", async () => {
    const before = await lives(project, ["api", "web"]);
    await daemon.getContainer(`${project.prefix}-db`).stop();
    await until("api misses it", 60, async () => (await inspect(project, "api")).State.Health?.Status === "unhealthy");
    await up(project);
    expect((await inspect(project, "api")).State.Health?.Status).toBe("healthy");
    expect(await lives(project, ["api", "web"])).toEqual(before);
  });
});
