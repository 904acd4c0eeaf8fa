import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
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
