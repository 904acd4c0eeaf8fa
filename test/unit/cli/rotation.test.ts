import { describe, expect, test } from "vitest";
import { generationsIn, renewedSince } from "../../../src/cli/engines/generations.ts";
import { rotatedText, rotationJson, unfinishedText } from "../../../src/cli/rotation-text.ts";
import { settingsOf } from "../../support/settings.ts";

const urn = (name: string) => `urn:pulumi:dev::shop::random:index/randomPassword:RandomPassword::${name}`;
const credential = (name: string) => ({ name, urn: urn(name), value: "" });
const names = ["db-app-password", "db-postgres-password"];

describe("a rotation that ended with an error", () => {
  const text = (noted: string[] | undefined) => unfinishedText({ component: "db", copy: "dev --isolation two", names, noted });

  test("and noted nothing is run again: the next up would change nothing", () => {
    expect(text([])).toBe("  No new value is noted: the old ones are valid. Run it again:\n    groundplan rotate db --env dev --isolation two");
  });
  test("and noted all is completed by an up", () => {
    expect(text(names)).toMatch(
      /^ {2}New values are noted for db-app-password, db-postgres-password, .* groundplan up dev --isolation two completes that\.$/,
    );
  });
  test("and noted some is completed for those, and run again for the others", () => {
    expect(text(["db-app-password"])).toContain(
      "  The old value of db-postgres-password is valid. After that:\n    groundplan rotate db --env dev --isolation two --only db-postgres-password",
    );
  });
  test("is told as such where the state cannot be read", () => expect(text(undefined)).toContain("could not be read"));

  test("is judged by what its engine noted before and after", () => {
    const at = (name: string, created: string, more = {}) => ({
      urn: urn(name),
      type: "random:index/randomPassword:RandomPassword",
      created,
      ...more,
    });
    const state = (...resources: ReturnType<typeof at>[]) => generationsIn({ deployment: { resources } }, names.map(credential));
    const before = state(at("db-app-password", "08:00"), at("db-postgres-password", "08:00"));
    expect(renewedSince(before, before)).toEqual([]);
    // The old one is still there, to be deleted at the end of the run.
    const after = state(at("db-app-password", "09:00"), at("db-app-password", "08:00", { delete: true }), at("db-postgres-password", "08:00"));
    expect(renewedSince(before, after)).toEqual(["db-app-password"]);
    expect(renewedSince(before, undefined)).toBeUndefined();
  });
});

test("that the old passwords are dead is said only where the checks went through", () => {
  const told = (ok: boolean) =>
    rotatedText(
      { prefix: "shop-dev", settings: settingsOf({}) },
      { component: "db", kind: "PostgresDb", rotated: names.map(credential), lasting: {} },
      [
        { name: "db by its protocol", ok: true, said: "" },
        { name: "api by its protocol", ok, said: "password authentication failed" },
      ],
    );
  expect(told(true)).toContain("the old ones open nothing any more");
  expect(told(false)).toContain("db has new credentials, and 1 of 2 checks failed: not everything has them yet");
  expect(told(false)).not.toContain("open nothing");
});

test("for programs a rotation names credentials and holds no value; checks are there once it was done", () => {
  const rotated = [{ ...credential("db-app-password"), value: "s3cret-word" }];
  const told = { chosen: { component: "db", kind: "PostgresDb", rotated, lasting: { "db-key": "stays" } }, engine: "compose", effects: [] } as const;
  const project = { prefix: "shop-dev", settings: settingsOf({}) };
  const looked = rotationJson(project, told);
  expect(looked).toMatchObject({ component: "db", credentials: ["db-app-password"], stays: { "db-key": "stays" }, done: false });
  expect(looked).not.toHaveProperty("checks");
  const done = rotationJson(project, told, [{ name: "db", ok: false, said: "refused" }]);
  expect(done).toMatchObject({ done: true, findings: 1, checks: [{ name: "db", ok: false, said: "refused" }] });
  expect(JSON.stringify([looked, done])).not.toContain("s3cret-word");
});
