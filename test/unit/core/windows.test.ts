import { describe, expect, test } from "vitest";
import { dailyWindow, weeklyWindow, windowsMeet } from "../../../src/core/windows.ts";

describe("windows of managed services", () => {
  test.each(["02:00-03:00", "23:30-00:30"])("%s is a daily one", (window) => expect(dailyWindow(30)(window, "w")).toEqual([]));
  test.each(["2:00-3:00", "24:00-01:00", "02:60-03:00", "sun:02:00-sun:03:00", 2, ""])("%s is none", (window) =>
    expect(dailyWindow(30)(window, "w")).toHaveLength(1),
  );
  test.each(["sun:03:30-sun:04:30", "sat:23:30-sun:00:30"])("%s is a weekly one", (window) => expect(weeklyWindow(60)(window, "w")).toEqual([]));
  test.each(["Sun:03:30-Sun:04:30", "sun:03:30", "03:30-04:30", "day:03:30-day:04:30"])("%s is no weekly one", (window) =>
    expect(weeklyWindow(60)(window, "w")).toHaveLength(1),
  );

  test("of a service have a shortest length, also over midnight and the end of the week", () => {
    expect(dailyWindow(30)("02:00-02:29", "w")).toMatchObject([{ path: "w", rule: "a window of at least 30 minutes" }]);
    expect(dailyWindow(60)("02:00-02:00", "w")).toHaveLength(1);
    expect(dailyWindow(60)("23:45-00:45", "w")).toEqual([]);
    expect(weeklyWindow(60)("sun:23:30-mon:00:29", "w")).toHaveLength(1);
    expect(weeklyWindow(60)("sun:23:30-mon:00:30", "w")).toEqual([]);
  });

  test.each([
    ["02:00-03:00", "sun:03:00-sun:04:00", false],
    ["02:00-03:01", "sun:03:00-sun:04:00", true],
    ["03:15-03:30", "sun:03:00-sun:04:00", true],
    ["02:00-05:00", "sun:03:00-sun:04:00", true],
    ["23:30-00:30", "mon:00:00-mon:01:00", true],
    ["23:30-00:30", "sat:23:45-sun:00:15", true],
    ["22:00-23:00", "sun:23:00-mon:01:00", false],
    ["00:30-01:30", "sun:23:00-mon:01:00", true],
  ])("%s and %s meet: %s", (daily, weekly, meet) => expect(windowsMeet(daily, weekly)).toBe(meet));
});
