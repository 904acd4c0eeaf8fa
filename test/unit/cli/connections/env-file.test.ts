import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { expect, test } from "vitest";
import { envFile, marker } from "../../../../src/cli/connections/env-file.ts";
import { writeOwn } from "../../../../src/cli/connections/write.ts";

const to = { component: "db", outside: {} } as never;

test("every value comes back as it was, whatever characters it has", () => {
  const values = {
    PLAIN: "postgres://a:b@127.0.0.1:1/x?y=1",
    HASH: "a#b",
    SPACE: "a b",
    DOLLAR: "a$b",
    CA: "-----BEGIN-----\nabc\n-----END-----",
    QUOTES: 'say "hi"',
  };
  const text = envFile(
    Object.entries(values).map(([name, value]) => ({ name, value, secret: false, to })),
    "test",
    false,
  );
  expect(parseEnv(text)).toEqual(values);
});

test("a file of the command is written again, with rights for its owner alone, and one of somebody else is left as it is", () => {
  const folder = mkdtempSync(join(tmpdir(), "env-file-"));
  try {
    const ours = (before: string) => before.startsWith(marker);
    const own = join(folder, ".env.local");
    writeFileSync(own, `${marker}: before\n`, { mode: 0o644 });
    writeOwn(own, "new", ours);
    expect(readFileSync(own, "utf8")).toBe("new");
    expect(statSync(own).mode & 0o777).toBe(0o600);
    const other = join(folder, ".env");
    writeFileSync(other, "MINE=1\n");
    expect(() => writeOwn(other, "new", ours)).toThrow(/is there, and not written by this command/);
    expect(readFileSync(other, "utf8")).toBe("MINE=1\n");
    expect(() => writeOwn(join(folder, "none", ".env"), "new", ours)).toThrow(
      /could not be written: there is nothing of this name, or its folder is missing/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
