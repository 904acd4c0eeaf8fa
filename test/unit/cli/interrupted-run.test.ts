import { expect, test } from "vitest";
import { isDaemonGone } from "../../../src/cli/commands/up-failed.ts";
import { halfMade } from "../../../src/cli/engines/interrupted-run.ts";

const container = (id: string, name: string) => ({ kind: "container", id, name }) as const;
const resource = (name: string, id?: string) => ({
  urn: `urn:${name}`,
  type: "docker:index/container:Container",
  inputs: { name },
  ...(id ? { id } : {}),
});

test("after an engine that was killed, only what this state had begun is taken away", () => {
  const there = [container("1", "shop-dev-db"), container("2", "shop-dev-api"), container("3", "shop-dev-web"), container("4", "shop-dev-cache")];
  const pending = [
    { type: "creating", resource: resource("shop-dev-api") },
    { type: "creating", resource: resource("shop-dev-db") },
    { type: "deleting", resource: resource("shop-dev-cache", "4") },
  ];
  const state = { deployment: { resources: [resource("shop-dev-db", "1")], pending_operations: pending } };
  // web was made by another state, or by Compose; db was noted meanwhile.
  expect(halfMade(state, there)).toEqual([there[1]]);
  expect(halfMade({ deployment: { resources: [] } }, there)).toEqual([]);
});

test.each([
  [{ code: "ECONNREFUSED", syscall: "connect" }, true],
  [{ code: "ENOENT", syscall: "connect" }, true],
  [{ code: "EPIPE", syscall: "write" }, true],
  [{ code: "ENOENT", syscall: "open" }, false],
  [{ code: "EACCES", syscall: "mkdir" }, false],
  [{}, false],
])("an error with %o may come from the daemon: %s", (facts, expected) => {
  expect(isDaemonGone(Object.assign(new Error("no such file: ENOENT"), facts))).toBe(expected);
});
