import { describe, expect, test } from "vitest";
import { timesOf } from "../../../src/cli/observe-times.ts";
import { criticalPath, type PartTimes, timingsText } from "../../../src/cli/timings.ts";
import { container, planWith, resource } from "../preview/plans.ts";

const began = 1_000_000;
/** Created, started and ready, in seconds since the command began. */
const at = (created: number, started: number | undefined, ready: number): PartTimes => ({
  created: began + created * 1000,
  started: started === undefined ? undefined : began + started * 1000,
  ready: began + ready * 1000,
});
const names = ({ links }: ReturnType<typeof criticalPath>) => links.map(({ part }) => part);

describe("the longest chain", () => {
  test("of a diamond goes through the slower side, whichever ended last", () => {
    const db = container("db", "server");
    const slow = container("slow", "server", {}, [db]);
    const fast = container("fast", "server", {}, [db]);
    const web = container("web", "server", {}, [fast, slow]);
    // The fast one started late, because the engine was busy: that is no part of its own time.
    const times = new Map([
      ["db", at(0, 1, 3)],
      ["slow", at(3, 3, 9)],
      ["fast", at(3, 8, 10)],
      ["web", at(10, 10, 11.5)],
    ]);
    const chain = criticalPath(planWith([db, slow, fast, web]), times, began);
    expect(chain).toEqual({
      links: [
        { part: "db", seconds: 2 },
        { part: "slow", seconds: 6 },
        { part: "web", seconds: 1.5 },
      ],
      seconds: 9.5,
    });
  });

  test("goes through a job, a prober and what stands between two containers; a carrier that never ran is no link", () => {
    const carrier = container("db-carrier", "files");
    const db = container("db", "server", {}, [carrier]);
    const job = container("db-databases", "job", {}, [db]);
    const search = container("search", "server", {}, [job]);
    const prober = container("search-prober", "prober", { mustRun: true }, [search]);
    const volume = resource("docker:index/volume:Volume", "web-files", {}, { dependencies: [prober.urn] });
    const web = resource("docker:index/container:Container", "web", container("web", "server").inputs, { dependencies: [volume.urn] });
    const times = new Map([
      ["db-carrier", at(0, undefined, 0)],
      ["db", at(0, 1, 6)],
      ["db-databases", at(0, 6, 6.5)],
      ["search", at(6.5, 7, 7)],
      ["search-prober", at(7, 7, 12)],
      ["web", at(12, 12, 17)],
    ]);
    const chain = criticalPath(planWith([web, volume, prober, search, job, db, carrier]), times, began);
    expect(names(chain)).toEqual(["db", "db-databases", "search", "search-prober", "web"]);
    expect(chain.seconds).toBeCloseTo(15.5);
  });

  test("takes no time for a part that was there already, and does not name it", () => {
    const db = container("db", "server");
    const api = container("api", "server", {}, [db]);
    const times = new Map([
      ["db", at(-100, -100, -95)],
      ["api", at(1, 2, 4)],
    ]);
    expect(criticalPath(planWith([db, api]), times, began)).toEqual({ links: [{ part: "api", seconds: 2 }], seconds: 2 });
  });

  test("of a job that was there and ran again counts it", () => {
    const job = container("db-databases", "job");
    expect(criticalPath(planWith([job]), new Map([["db-databases", at(-100, 3, 4)]]), began).links).toEqual([{ part: "db-databases", seconds: 1 }]);
  });
});

describe("the text", () => {
  const db = container("db", "server");
  const api = container("api", "server", {}, [db]);
  const plan = planWith([db, api]);

  test("has every part that started, the chain, and how many times the chain the whole took", () => {
    const times = new Map([
      ["db", at(-50, 1, 6)],
      ["api", at(2, 6.5, 11.5)],
    ]);
    const text = timingsText(plan, times, { began, planSeconds: 0.7, wallSeconds: 12 });
    expect(text).toMatch(/db +before +1\.0 s +6\.0 s +5\.0 s/);
    expect(text).toMatch(/api +2\.0 s +6\.5 s +11\.5 s +5\.0 s/);
    // Between the two the engine took half a second.
    expect(text).toMatch(/part +idle before +took\n +db +1\.0 s +5\.0 s\n +api +0\.5 s +5\.0 s\n/);
    expect(text).toContain("db -> api: 10.0 s; the whole up took 12.0 s, 1.20 times that");
    expect(text).toContain("0.7 s for the plan");
  });

  test("says when nothing was started", () => {
    const times = new Map([
      ["db", at(-50, -49, -44)],
      ["api", at(-44, -43, -38)],
    ]);
    expect(timingsText(plan, times, { began, planSeconds: 1, wallSeconds: 2 })).toBe(
      "Timings\n  nothing was started: every part was there already; the whole up took 2.0 s",
    );
  });
});

describe("the moments of a container", () => {
  const never = "0001-01-01T00:00:00Z";
  const state = (more: object) => ({
    Created: "2026-01-01T00:00:00Z",
    State: { StartedAt: "2026-01-01T00:00:01Z", FinishedAt: never, ...more } as never,
  });
  const check = (ExitCode: number, second: number) => ({ ExitCode, End: `2026-01-01T00:00:0${second}.5Z` });
  const readyAt = (more: object) => new Date(timesOf(state(more)).ready).toISOString();

  test("healthy: the end of the first check that went well, not that of the latest", () => {
    expect(readyAt({ Running: true, Health: { Log: [check(1, 2), check(0, 4), check(0, 6)] } })).toBe("2026-01-01T00:00:04.500Z");
  });
  test("without a health check: its start, also when it ran before", () => {
    expect(readyAt({ Running: true, FinishedAt: "2025-12-31T00:00:00Z" })).toBe("2026-01-01T00:00:01.000Z");
  });
  test("ended: its end", () => expect(readyAt({ Running: false, FinishedAt: "2026-01-01T00:00:03Z" })).toBe("2026-01-01T00:00:03.000Z"));
  test("never started: when it was made", () => {
    expect(timesOf(state({ Running: false, StartedAt: never }))).toEqual({
      created: Date.parse("2026-01-01T00:00:00Z"),
      started: undefined,
      ready: Date.parse("2026-01-01T00:00:00Z"),
    });
  });
});
