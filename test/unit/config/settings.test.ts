import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { settingNames } from "../../../src/config/schema.ts";
import type { Problem } from "../../../src/core/problems.ts";
import { formatProblems } from "../../../src/core/problems.ts";
import { goodDocument, settingsOf, settleDocument, stackFile } from "../../support/settings.ts";
import { json, mapLike, nearly, recordLike } from "../arbitraries.ts";

const document = fc.oneof(
  {
    weight: 8,
    arbitrary: recordLike({
      topology: nearly("starter"),
      target: nearly("docker", "aws"),
      profile: nearly("dev", "staging", "prod"),
      isolation: nearly("", "two"),
      mirror: nearly("127.0.0.1:5000"),
      images: mapLike(["api", "postgres:16"], nearly("acme/api:1.0")),
      ports: mapLike(["db.sql", "bus.nats"], nearly(5432, 4222)),
      egress: fc.oneof(fc.array(nearly("a.io:443"), { maxLength: 2 }), json),
      subnetPool: nearly("10.1.0.0/16"),
      components: mapLike(["db", "bus"], recordLike({ memoryMiB: json })),
    }),
  },
  { weight: 1, arbitrary: json },
);

const variable = fc.oneof(
  fc.constantFrom(
    ...settingNames.map((name) => `GROUNDPLAN_${name.toUpperCase()}`),
    "GROUNDPLAN_IMAGE_MIRROR",
    "GROUNDPLAN_PORTS__DB__SQL",
    "GROUNDPLAN_IMAGES__API",
    "GROUNDPLAN_COMPONENTS__DB__MEMORY_MIB",
  ),
  fc.string().map((rest) => `GROUNDPLAN_${rest}`),
);
const text = fc.oneof(fc.constantFrom("docker", "dev", "prod", "5432", "[a, b]", "{a: b}", "!tag x", "*alias", "&a [*a]", "'", "~"), fc.string());
const environment = fc.dictionary(variable, text, { maxKeys: 4 });

describe("settleSettings", () => {
  test("never throws: complete settings, or problems with path, rule and fix", () => {
    fc.assert(
      fc.property(document, environment, (written, variables) => {
        const result = settleDocument(written, variables);
        if ("settings" in result) {
          expect(Object.keys(result.settings.profile)).toContain("natsReplicas");
          expect(Object.isFrozen(result.settings)).toBe(true);
          return;
        }
        expect(result.problems.length).toBeGreaterThan(0);
        for (const { path, rule, fix } of result.problems) {
          expect(path !== "" || Object.hasOwn(Object(written), "")).toBe(true);
          expect([rule, fix].every((part) => part.trim() !== "")).toBe(true);
        }
        expect(formatProblems(result.problems)).not.toMatch(/^\s+at /m);
      }),
      { numRuns: 1000 },
    );
  });

  test("without problems everything written arrives", () => {
    const settings = settingsOf({
      mirror: "127.0.0.1:5000",
      images: { api: "acme/api:1.0" },
      ports: { "db.sql": 6000 },
      egress: ["a.io:443"],
      isolation: "two",
    });
    expect(settings).toMatchObject({
      ...goodDocument,
      profile: { name: "dev", natsReplicas: 1 },
      project: "groundplan",
      env: "dev",
      isolation: "two",
      images: { mirror: "127.0.0.1:5000", overrides: { api: "acme/api:1.0" } },
      ports: { "db.sql": 6000 },
      egress: ["a.io:443"],
      subnetPool: "10.213.0.0/16",
    });
  });

  test("environment over stack file over defaults, each with its origin", () => {
    const settings = settingsOf(
      { mirror: "file.io", subnetPool: "10.1.0.0/16", ports: { "db.sql": 1000, "bus.nats": 2000 } },
      { GROUNDPLAN_IMAGE_MIRROR: "env.io", GROUNDPLAN_PORTS__DB__SQL: "3000", GROUNDPLAN_TARGET: "" },
    );
    expect(settings.images.mirror).toBe("env.io");
    expect(settings.subnetPool).toBe("10.1.0.0/16");
    expect(settings.ports).toEqual({ "db.sql": 3000, "bus.nats": 2000 });
    expect(settings.origins).toMatchObject({
      mirror: "environment GROUNDPLAN_IMAGE_MIRROR",
      ports: "environment GROUNDPLAN_PORTS__DB__SQL",
      subnetPool: stackFile,
      target: stackFile,
      isolation: "default",
    });
  });

  test("a profile from the environment replaces that of the file, sizes included", () => {
    const { profile } = settingsOf({}, { GROUNDPLAN_PROFILE: "staging" });
    expect(profile).toMatchObject({ name: "staging", natsReplicas: 3, allowPlaceholder: false });
  });

  test("profile prod takes mirror and images from the environment", () => {
    const settings = settingsOf({ profile: "prod" }, { GROUNDPLAN_MIRROR: "env.io", GROUNDPLAN_IMAGES__API: "acme/api:2" });
    expect(settings.images).toEqual({ mirror: "env.io", mirrorDigests: false, overrides: { api: "acme/api:2" } });
  });

  test("settings cannot be changed, not even deep inside", () => {
    const settings = settingsOf({ components: { db: { databases: { app: {} } } } });
    expect(() => Object.assign(settings.components.db?.databases as object, { other: {} })).toThrow(TypeError);
    expect(() => Object.assign(settings.profile.resources.cache, { memoryMiB: 1 })).toThrow(TypeError);
  });

  test.each(["10.0.0.0/10", "10.213.0.0/16", "172.16.0.0/12", "172.31.255.0/24", "192.168.0.0/16"])("takes the pool %s", (subnetPool) => {
    expect(settingsOf({ subnetPool }).subnetPool).toBe(subnetPool);
  });

  test.each(["172.16.0.0/10", "192.168.0.0/12", "010.1.0.0/16", "10.1.0.0/16/3"])(
    "refuses the pool %s, which leaves the private range or is none",
    (subnetPool) => {
      const { problems } = settleDocument({ ...goodDocument, subnetPool });
      expect(problems.map(({ path }: Problem) => path)).toEqual(["subnetPool"]);
    },
  );

  const digest = `@sha256:${"0a".repeat(32)}`;
  test.each(["postgres:16", "localhost:5000/api:1", "ghcr.io/acme/api:v1.2", `acme/api${digest}`])("takes the image %s", (image) => {
    expect(settingsOf({ images: { api: image } }).images.overrides).toEqual({ api: image });
  });
});
