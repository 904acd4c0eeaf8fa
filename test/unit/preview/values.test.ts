import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { marked, unmark } from "../../../src/preview/values.ts";

const signature = "4dabf18193072939515e22adb298388d";
const outputValue = (value: unknown, secret: boolean) => ({ [signature]: "d0e6a833031e9bbcd3f4e8bde6ca49a4", value, secret, dependencies: [] });
const resource = (urn: string) => ({ [signature]: "5cf8f73096256a8f31e491e813e4eb8e", urn, id: "1" });

describe("marks of the engine's protocol", () => {
  test.each([
    ["a secret", { password: marked("p") }, { password: "p" }, ["password"]],
    ["a secret in a list", { envs: ["a", marked("b")] }, { envs: ["a", "b"] }, ["envs[1]"]],
    ["a secret list", { envs: marked(["a", "b"]) }, { envs: ["a", "b"] }, ["envs[0]", "envs[1]"]],
    [
      "a secret map",
      { ports: marked({ http: { port: 1 }, list: ["x"] }) },
      { ports: { http: { port: 1 }, list: ["x"] } },
      ["ports.http.port", "ports.list[0]"],
    ],
    ["a secret deep in maps and lists", { a: [{ b: { c: [marked("s")] } }] }, { a: [{ b: { c: ["s"] } }] }, ["a[0].b.c[0]"]],
    ["a secret in a secret", { a: marked({ b: marked("s") }) }, { a: { b: "s" } }, ["a.b"]],
    ["a secret nothing", { a: marked(null) }, { a: null }, ["a"]],
    ["an output that is secret", { a: outputValue(["s"], true) }, { a: ["s"] }, ["a[0]"]],
    ["an output that is not", { a: outputValue(["s"], false) }, { a: ["s"] }, []],
    ["a secret inside an open output", { a: outputValue({ b: marked("s") }, false) }, { a: { b: "s" } }, ["a.b"]],
    ["a resource", { a: [resource("urn:x")] }, { a: ["urn:x"] }, []],
    ["an unknown mark stays", { a: { [signature]: "other", value: 1 } }, { a: { [signature]: "other", value: 1 } }, []],
  ])("%s", (_, value, plain, secrets) => {
    const found = unmark(value);
    expect(found.value).toEqual(plain);
    expect([...new Set(found.secrets)]).toEqual(secrets);
  });

  test("come off everywhere, and every value that was below one is told", () => {
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { depthSize: "small" },
        fc.string({ maxLength: 3 }),
        fc.array(tie("tree"), { maxLength: 3 }),
        fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), tie("tree"), { maxKeys: 3 }),
        tie("tree").map(marked),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), tree, { maxKeys: 3 }), (value) => {
        const found = unmark(value);
        expect(JSON.stringify(found.value)).not.toContain(signature);
        expect(new Set(found.secrets)).toEqual(new Set(secretLeaves(value, "", false)));
      }),
    );
  });
});

/** The same by another way: walks with a flag instead of collecting from below. */
function secretLeaves(value: unknown, path: string, below: boolean): string[] {
  if (Array.isArray(value)) return value.flatMap((entry, index) => secretLeaves(entry, `${path}[${index}]`, below));
  if (typeof value !== "object" || value === null) return below ? [path] : [];
  if (signature in value) return secretLeaves((value as unknown as { value: unknown }).value, path, true);
  return Object.entries(value).flatMap(([key, entry]) => secretLeaves(entry, path ? `${path}.${key}` : key, below));
}
