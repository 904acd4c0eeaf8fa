import { afterAll, beforeAll, expect, test } from "vitest";
import { describeDocker } from "../support/docker-tier.ts";
import { discard, inspect, ran, upArgs } from "../support/stack.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

describeDocker("up --timings", () => {
  let project: TempProject;
  let first: string;

  beforeAll(async () => {
    project = tempProject("tm");
    first = await ran(project, [...upArgs, "--timings"]);
  });
  afterAll(() => discard(project));

  /** Seconds of a part: created (no number when it was there before), started, ready, took. */
  const row = (output: string, part: string) =>
    new RegExp(`^ +${part} +(\\S+)(?: s)? +(\\S+) s +(\\S+) s +(\\S+) s$`, "m").exec(output)?.slice(1).map(Number) ?? [];

  test("tells when each part was made, started and became ready, as the daemon has it", async () => {
    for (const part of ["db", "bus-0", "cache", "queue", "db-databases", "api"]) {
      const [created = 0, started = 0, ready = 0, took = 0] = row(first, part);
      expect(
        [created, started, ready].toSorted((a, b) => a - b),
        part,
      ).toEqual([created, started, ready]);
      expect(Math.abs(ready - started - took), part).toBeLessThan(0.15);
    }
    const { State } = await inspect(project, "db-databases");
    const [, , , took = 0] = row(first, "db-databases");
    expect(Math.abs((Date.parse(State.FinishedAt) - Date.parse(State.StartedAt)) / 1000 - took)).toBeLessThan(0.1);
  });

  test("names the chain: a server, its job, and the service that waits for both", () => {
    const [, chain = "", total, wall, ratio] = /^ {2}(\S+(?: -> \S+)+): (\S+) s; the whole up took (\S+) s, (\S+) times that$/m.exec(first) ?? [];
    expect(chain).toMatch(/(db|bus-0|queue) -> (db-databases|bus-streams|queue-queues) -> api$/);
    const links = chain.split(" -> ").map((part) => row(first, part)[3] ?? Number.NaN);
    expect(Math.abs(links.reduce((sum, seconds) => sum + seconds, 0) - Number(total))).toBeLessThan(0.3);
    expect(Math.abs(Number(wall) / Number(total) - Number(ratio))).toBeLessThan(0.05);
    expect(Number(wall)).toBeGreaterThan(Number(total));
  });

  test("of a second up names no server: nothing that serves was started", async () => {
    const second = await ran(project, [...upArgs, "--timings"]);
    for (const part of ["db", "bus-0", "cache", "queue", "api"]) expect(row(second, part), part).toEqual([]);
    // Compose runs jobs at every up.
    expect(row(second, "db-databases")).toHaveLength(4);
  });
});
