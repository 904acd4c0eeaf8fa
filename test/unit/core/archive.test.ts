import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, expect, test } from "vitest";
import { archive, archived } from "../../../src/core/archive.ts";

const folder = mkdtempSync(join(tmpdir(), "groundplan-archive-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const long = `${"deep%2F".repeat(20)}guard.rego`;
const files = [
  { path: "guard.rego", content: "package repo.guard\n\ndefault allow := false\n" },
  { path: ".manifest", content: '{"revision":"1"}\n' },
  { path: "a%2Fguard.rego", content: "# ä and 漢\n".repeat(10_000) },
  { path: long, content: "x".repeat(512) },
  { path: "empty.rego", content: "" },
];

test("tar reads back names and content, and finds them readable by everybody", async () => {
  const file = join(folder, "bundle.tar.gz");
  const out = join(folder, "out");
  mkdirSync(out);
  writeFileSync(file, archive(files));
  await execa("tar", ["xzf", file, "-C", out, "--no-same-owner"]);
  expect(readdirSync(out).toSorted()).toEqual(files.map(({ path }) => path).toSorted());
  for (const { path, content } of files) expect(readFileSync(join(out, path), "utf8")).toBe(content);
  expect(statSync(join(out, "guard.rego")).mode & 0o444).toBe(0o444);
  const { stdout } = await execa("tar", ["tvzf", file, "--numeric-owner", "--utc"]);
  for (const line of stdout.split("\n")) expect(line).toMatch(/^-rw-r--r-- 0\/0 +\d+ 1970-01-01 00:00 /);
});

test("the bytes follow names and content alone", () => {
  const bytes = archive(files);
  expect(archive(files.toReversed()).equals(bytes)).toBe(true);
  // Fixed here, so that another version of Node or another processor is noticed.
  expect(createHash("sha256").update(bytes).digest("hex")).toBe("e4fdb02c487462c27348138a0ecddc03bbd85813cc3e175466b1d06651d41cc1");
  expect(archive([{ path: "guard.rego", content: "" }]).equals(archive([{ path: "guard.reg", content: "" }]))).toBe(false);
});

test("what was archived is read again", () => {
  expect(archived(archive(files))).toEqual(files.toSorted((a, b) => (a.path < b.path ? -1 : 1)));
  expect(archived(archive([]))).toEqual([]);
});
