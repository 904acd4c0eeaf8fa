import { execFileSync, spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { errors } from "../../../src/core/errors.ts";

const bin = resolve(import.meta.dirname, "..", "..", "..", "bin", "groundplan.js");
/** Outside of any project. */
const groundplan = (...args: string[]) => spawnSync("node", [bin, ...args], { cwd: tmpdir(), encoding: "utf8" });

test("a code is explained in a folder without a project, in small letters too", () => {
  const { status, stdout } = groundplan("explain", "gp205");
  expect(status).toBe(0);
  expect(stdout).toContain("GP205  The state is locked\n");
  expect(stdout).toContain("pulumi cancel --yes");
  expect(stdout).not.toContain("`");
});

test("without a code all are listed, and JSON has the whole catalogue", () => {
  const listed = [...groundplan("explain").stdout.matchAll(/^ {2}(GP\d{3}) {2}/gm)].map(([, code]) => code);
  expect(listed.toSorted()).toEqual(Object.keys(errors).toSorted());
  expect(JSON.parse(execFileSync("node", [bin, "explain", "--json"], { cwd: tmpdir(), encoding: "utf8" }))).toEqual(errors);
  expect(JSON.parse(groundplan("explain", "GP319", "--json").stdout)).toEqual({ code: "GP319", ...errors.GP319 });
});

test("a code that is none is told with the nearest one", () => {
  const { status, stderr } = groundplan("explain", "GP1O1");
  expect(status).toBe(3);
  expect(stderr).toContain("did you mean GP1");
  expect(stderr).toMatch(/\n {2}GP310 {2}groundplan explain GP310\n$/);
});
