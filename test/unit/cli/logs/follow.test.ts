import { expect, test } from "vitest";
import { followLogs, type LogSource, showLogs } from "../../../../src/cli/logs/follow.ts";

const at = (second: number, text: string) => `2026-01-01T00:00:0${second}Z ${text}`;

function source(id: string, part: string, printed: readonly string[], live: boolean, lives: readonly (readonly string[])[] = []): LogSource {
  let life = 0;
  return {
    id,
    part,
    live,
    read: async () => printed,
    // Each life gives everything from the moment that was asked for on, also what was shown before.
    follow: async (_, onLine) => {
      for (const line of lives[life++] ?? []) onLine(line);
    },
  };
}

test("lines of all containers are shown once, in order", async () => {
  const shown: string[] = [];
  await showLogs(
    [source("a", "a", [at(1, "one"), at(3, "three")], true), source("b", "b", [at(2, "two")], false)],
    { since: undefined, tail: undefined },
    (line) => shown.push(`${line.part} ${line.text}`),
  );
  expect(shown).toEqual(["a one", "b two", "a three"]);
});

test("following goes on after a restart without a line twice, and with a container that came later", async () => {
  const shown: string[] = [];
  const first = source("a", "a", [at(1, "one")], true, [
    [at(1, "one"), at(2, "two")],
    [at(2, "two"), at(4, "again")],
  ]);
  const done = source("j", "job", [at(1, "job")], false, [[at(9, "never")]]);
  const late = source("b", "b", [], false, [[at(3, "late and ended")]]);
  let round = 0;
  const list = async () => (round++ === 0 ? [first, done] : [first, done, late]);
  await followLogs(
    list,
    { since: undefined, tail: undefined },
    ({ part, text }) => shown.push(`${part} ${text}`),
    () => round > 2,
  );
  expect(shown.slice(0, 3)).toEqual(["a one", "job job", "a two"]);
  expect(shown.slice(3).toSorted()).toEqual(["a again", "b late and ended"]);
});
