import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { labelKeys, labelsFor } from "../../../src/core/labels.ts";
import { componentName, physicalName, replicaName, shortHash, stackName } from "../../../src/core/naming.ts";

const accepted = (name: unknown) => componentName(name, "name").length === 0;
/** RFC 1123, section 2.1. */
const dnsLabel = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

describe("componentName", () => {
  test("what it accepts is a DNS label of at most 24 characters, and so are its replicas", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "z", "0", "9", "-", "_", "A", ".", "é", "\n"), maxLength: 26 });
    fc.assert(
      fc.property(fc.oneof(letters, fc.string()), (name) => {
        if (!accepted(name)) return;
        expect(name).toMatch(dnsLabel);
        expect(name.length).toBeLessThanOrEqual(24);
        expect(replicaName(name, "stable", 3, 2)).toMatch(dnsLabel);
      }),
      { numRuns: 2000 },
    );
  });

  test("it accepts every name of hyphenated words that are not the words of a platform's own parts", () => {
    // With a digit at the end of each word: none of the names that are kept for parts has such words.
    const word = fc.stringMatching(/^[a-z][a-z0-9]{0,4}[0-9]$/).filter((text) => text !== "s3");
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 3 }), (words) => {
        expect(accepted(words.join("-"))).toBe(true);
      }),
    );
  });

  test.each([`a${"b".repeat(23)}`, "a", "a-b1"])("accepts %s", (name) => expect(accepted(name)).toBe(true));
  test.each([`a${"b".repeat(24)}`, "a--b", "a-", "-a", "1a", "A", "a_b", "", "a\n", 5, undefined])("refuses %j", (name) =>
    expect(accepted(name)).toBe(false),
  );
  test.each([
    "edge",
    "egress",
    "docker",
    "aws",
    "endpoints",
    "flow",
    "db-check",
    "db-runner",
    "bus-0",
    "db-databases",
    "db-proxy",
    "db-app-login-data",
    "api-to-db",
    "a-to-a",
  ])("refuses %s, which a part of the platform or of another component has", (name) => expect(accepted(name)).toBe(false));
});

const id = { project: "groundplan", env: "dev", isolation: "" };

test("names and labels carry the copy of the stack, so that two copies never meet", () => {
  const second = { ...id, isolation: "two" };
  expect(physicalName(id, "db")).toBe("groundplan-dev-db");
  expect(physicalName(second, "db")).toBe("groundplan-dev-two-db");
  expect([stackName("dev", ""), stackName("dev", "two")]).toEqual(["dev", "dev-two"]);
  expect(labelsFor(second, "db", "server")).toEqual({
    [labelKeys.stack]: "groundplan-dev-two",
    [labelKeys.component]: "db",
    [labelKeys.role]: "server",
  });
});

test("a quorum keeps its numbers when it shrinks to one node; replicas that are alike have one only among several", () => {
  expect(replicaName("bus", "stable", 1, 0)).toBe("bus-0");
  expect(replicaName("api", "any", 1, 0)).toBe("api");
  expect(replicaName("api", "any", 2, 1)).toBe("api-1");
});

test("a short hash tells contents apart and fits into a name", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      expect(shortHash(a)).toMatch(/^[0-9a-f]{10}$/);
      expect(shortHash(a) === shortHash(b)).toBe(a === b);
    }),
  );
});
