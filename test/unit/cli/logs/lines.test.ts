import { expect, test } from "vitest";
import { inOrder, lineOf, shownText, sinceOf } from "../../../../src/cli/logs/lines.ts";
import { secretValues, variablesOf } from "../../../../src/cli/secret-values.ts";

test("lines of several containers are in the order of time, whatever digits their times have", () => {
  const raw = ["2026-01-01T00:00:01.5Z later", "2026-01-01T00:00:01Z first", "2026-01-01T00:00:01.25Z between", "no time here"];
  const lines = raw.flatMap((line) => lineOf("db", line) ?? []);
  expect(inOrder(lines).map(({ text }) => text)).toEqual(["first", "between", "later"]);
  expect(lineOf("db", "2026-01-01T00:00:01.5Z ")).toEqual({ at: "2026-01-01T00:00:01.500000000Z", part: "db", text: "" });
});

test.each([
  ["10m", "2026-01-01T00:50:00.000Z"],
  ["1h30m", "2025-12-31T23:30:00.000Z"],
  ["2d", "2025-12-30T01:00:00.000Z"],
  ["2026-01-01T00:00:00+01:00", "2025-12-31T23:00:00.000Z"],
  ["yesterday", undefined],
  ["10", undefined],
])("since %s is %s", (text, moment) => {
  expect(sinceOf(text, Date.parse("2026-01-01T01:00:00Z"))).toBe(moment);
});

test("what the variables of a container hold in secret is hidden, and ordinary words are not", () => {
  const env = ["API_TOKEN=s3cret-value", "DATABASE_URL=postgres://app:p%40ss-word-1@db/app", "MODE=production-like", "DB_PASSWORD=short"];
  const secrets = secretValues(variablesOf(env));
  expect(secrets.toSorted()).toEqual(["p%40ss-word-1", "p@ss-word-1", "s3cret-value"]);
  expect(shownText("got s3cret-value and p@ss-word-1, production-like", secrets)).toBe("got [hidden] and [hidden], production-like");
});

test("a line brings no control characters of its own, and no generated password", () => {
  expect(shownText("\u001b[31mred\u001b[0m\u0007 \ttab\r", [])).toBe("red \ttab");
  expect(shownText(`password ${"Ab1".repeat(10)}xy`, [])).toBe("password [hidden]");
});
