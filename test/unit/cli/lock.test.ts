import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { requireUnlocked } from "../../../src/cli/engines/lock.ts";
import type { EnvironmentProject } from "../../../src/cli/project.ts";

/** A pid that no process can have: above the largest that Linux gives out. */
const noProcess = 2 ** 22 + 1;

function locked(lock: { pid: number; hostname: string } | undefined): EnvironmentProject {
  const state = mkdtempSync(join(tmpdir(), "groundplan-lock-"));
  const folder = join(state, "pulumi", ".pulumi", "locks", "organization", "shop", "dev-two");
  mkdirSync(folder, { recursive: true });
  if (lock) {
    const text = JSON.stringify({ ...lock, username: "ann", timestamp: "2026-11-29T08:11:59.357857392Z" });
    writeFileSync(join(folder, "6389c056.json"), text);
    writeFileSync(join(folder, "6389c056.json.attrs"), "{}");
  }
  return { state, stack: "dev-two", prefix: "shop-dev-two", env: "dev", settings: { isolation: "two" } } as EnvironmentProject;
}

test("a state without a lock is free", () => {
  expect(() => requireUnlocked(locked(undefined))).not.toThrow();
});

test("a lock is told with whose it is, and with the commands that take it away", () => {
  expect(() => requireUnlocked(locked({ pid: 7, hostname: "elsewhere" }))).toThrow(
    expect.objectContaining({
      code: "GP205",
      exit: 2,
      message: [
        "the state of shop-dev-two is locked by ann@elsewhere, process 7, since 2026-11-29T08:11:59.357857392Z; nothing was changed",
        "  Wait for that process to end; when it is gone, take its lock away, then go on",
        '    eval "$(groundplan env dev --isolation two)"; pulumi cancel --yes --stack dev-two',
      ].join("\n"),
    }),
  );
});

test("of this machine it is known whether the process is still there", () => {
  expect(() => requireUnlocked(locked({ pid: process.pid, hostname: hostname() }))).toThrow("Wait for that process");
  expect(() => requireUnlocked(locked({ pid: noProcess, hostname: hostname() }))).toThrow("That process is gone, and left its lock behind");
});
