import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ImageFacts, imageReference, images, mirrored, pinnedImage, pinnedReference } from "../../../src/core/images.ts";

const digest = `@sha256:${"0a".repeat(32)}`;
const mirror = "127.0.0.1:5000";

describe("mirrored", () => {
  test.each([
    ["docker.io/library/postgres:16.15-alpine", "library/postgres:16.15-alpine"],
    ["postgres:16", "library/postgres:16"],
    ["docker.io/postgres:16", "library/postgres:16"],
    ["acme/api:1", "acme/api:1"],
    ["ghcr.io/acme/api:1", "acme/api:1"],
    ["localhost/api:1", "api:1"],
    ["registry:5000/api:1", "api:1"],
    [`ghcr.io/acme/api${digest}`, `acme/api${digest}`],
  ])("%s", (reference, below) => {
    expect(mirrored(reference, { mirror })).toBe(`${mirror}/${below}`);
    expect(mirrored(reference, {})).toBe(reference);
  });

  test("a digest beside a version applies behind a mirror only on request: the mirror may hold a rebuilt image", () => {
    const reference = `ghcr.io/acme/api:1${digest}`;
    expect(mirrored(reference, {})).toBe(reference);
    expect(mirrored(reference, { mirror })).toBe(`${mirror}/acme/api:1`);
    expect(mirrored(reference, { mirror, mirrorDigests: true })).toBe(`${mirror}/acme/api:1${digest}`);
  });

  const part = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/);
  const registry = fc.constantFrom("", "docker.io/", "ghcr.io/", "localhost:5000/", "registry.acme.io/");
  const reference = fc
    .tuple(registry, fc.array(part, { minLength: 1, maxLength: 3 }), part)
    .map(([host, path, tag]) => `${host}${path.join("/")}:${tag}`);

  test("whatever the registry was, the mirror takes its place, and only once", () => {
    fc.assert(
      fc.property(reference, (original) => {
        const moved = mirrored(original, { mirror });
        expect(moved.startsWith(`${mirror}/`)).toBe(true);
        expect(moved.slice(mirror.length)).not.toMatch(/docker\.io|ghcr|localhost|acme\.io/);
        expect(moved.split("/").at(-1)).toBe(original.split("/").at(-1));
        expect(mirrored(moved, { mirror })).toBe(moved);
      }),
    );
  });
});

describe("imageReference", () => {
  test("rows of the table, replaced by row, behind a mirror or not", () => {
    const overrides = { nats: "acme/nats:2" };
    expect(imageReference({ table: "nats" })).toBe(`${images.nats.repository}:${images.nats.tag}`);
    expect(imageReference({ table: "nats" }, { mirror })).toBe(`${mirror}/library/nats:${images.nats.tag}`);
    expect(imageReference({ table: "nats" }, { overrides })).toBe("acme/nats:2");
    expect(imageReference({ table: "nats" }, { overrides, mirror })).toBe(`${mirror}/acme/nats:2`);
    expect(imageReference({ table: "valkey" }, { overrides })).toContain("valkey");
  });

  test.each(Object.keys(images) as (keyof typeof images)[])(
    "row %s is pinned, and a digest of it applies only where the image is the official one",
    (table) => {
      const facts: ImageFacts = images[table];
      expect(imageReference({ table })).toMatch(pinnedReference);
      expect(imageReference({ table })).toMatch(/^docker\.io\/|^[\w.-]+\.[a-z]+\//);
      expect(imageReference({ table }, { mirror })).not.toContain("@sha256:");
      expect(imageReference({ table }, { mirror, mirrorDigests: true }).includes("@")).toBe(facts.digest !== undefined);
      expect(facts.uid).toBeGreaterThan(0);
    },
  );
});

describe("pinned references", () => {
  test.each(["a:1", "acme/api:1.4.2", "localhost:5000/api:1", `acme/api${digest}`])("takes %s", (reference) => {
    expect(pinnedImage(reference, "image")).toEqual([]);
  });
  test.each([
    "a",
    "acme/api",
    "acme/api:latest",
    "localhost:5000/api",
    "a:1:2",
    "https://ghcr.io/a:1",
    "a b:1",
    "/a:1",
    "a/:1",
    `a@sha256:${"0a".repeat(31)}`,
    `a:latest${digest}`,
    "a:1\n",
    "",
  ])("refuses %j", (reference) => expect(pinnedImage(reference, "image")).toHaveLength(1));
});
