import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { describe, expect, inject, test } from "vitest";

const repository = resolve(import.meta.dirname, "..", "..");

describe("the tarball", () => {
  const files = () =>
    execFileSync("tar", ["-tzf", inject("tarball")], { encoding: "utf8", maxBuffer: 2 ** 24 })
      .trim()
      .split("\n");

  test("holds compiled code with its declarations, what that reads, and nothing else", () => {
    const kinds = new Set(files().map((path) => path.replace(/^package\//, "").replace(/^(dist\/[^/]+|bin)\/.*$/, "$1")));
    expect([...kinds].toSorted()).toEqual(
      [
        "CHANGELOG.md",
        "LICENSE",
        "README.md",
        "bin",
        "dist/components",
        "dist/docs",
        "dist/policies",
        "dist/src",
        "dist/templates",
        "package.json",
      ].toSorted(),
    );
    expect(files().filter((path) => /\.m?ts$/.test(path) && !path.endsWith(".d.ts") && !path.includes("/templates/"))).toEqual([]);
    expect(files().filter((path) => /\.test\.|\/test\/|\/stacks\/|waivers\.yaml/.test(path) && !path.includes("/templates/"))).toEqual([]);
  });

  test("names no folder of the machine that packed it", () => {
    const found = execFileSync("tar", ["-xzOf", inject("tarball")], { maxBuffer: 2 ** 27 });
    expect(found.includes(repository)).toBe(false);
  });

  test("publint finds nothing to say", async () => {
    const { exitCode, all } = await execa("publint", ["--strict", inject("tarball")], {
      preferLocal: true,
      localDir: repository,
      reject: false,
      all: true,
    });
    expect({ exitCode, all }).toEqual({ exitCode: 0, all: expect.stringContaining("All good!") });
  });

  test("its types are right in every kind of project", async () => {
    const config = join(repository, ".attw.json");
    const { exitCode, all } = await execa("attw", ["--config-path", config, inject("tarball")], {
      preferLocal: true,
      localDir: repository,
      reject: false,
      all: true,
    });
    expect(exitCode, all).toBe(0);
    expect(all).toContain("No problems found");
  });
});
