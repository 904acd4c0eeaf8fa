import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { buildTag, contextFiles } from "../../../../src/platforms/docker/build-context.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "groundplan-context-"));
  mkdirSync(join(folder, "docker"));
  for (const file of ["Dockerfile", "docker/api.Dockerfile", "server.mjs", "notes.md"]) writeFileSync(join(folder, file), file);
});
afterEach(() => rmSync(folder, { recursive: true }));
const ignore = (...lines: string[]) => writeFileSync(join(folder, ".dockerignore"), lines.join("\n"));

test("what .dockerignore names stays out, but never the Dockerfile: Docker reads it all the same", () => {
  ignore("*", "!server.mjs");
  expect(contextFiles(folder, "Dockerfile")).toEqual(["Dockerfile", "server.mjs"]);
  expect(contextFiles(folder, "./docker/api.Dockerfile")).toEqual(["docker/api.Dockerfile", "server.mjs"]);
});

test("a changed Dockerfile is another image, also when it is ignored; a changed ignored file is not", () => {
  ignore("*", "!server.mjs");
  const tag = () => buildTag(folder, { context: "." });
  const before = tag();
  writeFileSync(join(folder, "notes.md"), "other notes");
  expect(tag()).toBe(before);
  writeFileSync(join(folder, "Dockerfile"), "FROM other");
  expect(tag()).not.toBe(before);
});

test("times of files count for nothing, whether they can be run does, and a link is what it says", () => {
  const tag = () => buildTag(folder, { context: "." });
  symlinkSync("server.mjs", join(folder, "current"));
  expect(contextFiles(folder, "Dockerfile")).toContain("current");
  const before = tag();
  utimesSync(join(folder, "server.mjs"), new Date(0), new Date(0));
  expect(tag()).toBe(before);
  chmodSync(join(folder, "server.mjs"), 0o755);
  expect(tag()).not.toBe(before);
  chmodSync(join(folder, "server.mjs"), 0o644);
  rmSync(join(folder, "current"));
  symlinkSync("notes.md", join(folder, "current"));
  expect(tag()).not.toBe(before);
});

test("target, arguments and the machines that it is made for are a part of the tag", () => {
  const tags = [
    buildTag(folder, { context: "." }),
    buildTag(folder, { context: ".", target: "run" }),
    buildTag(folder, { context: ".", args: { A: "1" } }),
    buildTag(folder, { context: "." }, "linux/arm64"),
  ];
  expect(new Set(tags).size).toBe(tags.length);
});

test("a Dockerfile's own ignore file stands for that of the context", () => {
  ignore("server.mjs");
  writeFileSync(join(folder, "Dockerfile.dockerignore"), "notes.md");
  expect(contextFiles(folder, "Dockerfile")).toContain("server.mjs");
  expect(contextFiles(folder, "Dockerfile")).not.toContain("notes.md");
  expect(contextFiles(folder, "docker/api.Dockerfile")).not.toContain("server.mjs");
});
