import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PlanCredential } from "../../../../src/preview/plan.ts";
import { createVault, variableName } from "../../../../src/preview/render/vault.ts";
import { interpolate, readEnvFile } from "./compose-env.ts";

const variable = (name: string) => `\${${name}}`;
const credential = (name: string, value: string): PlanCredential => ({ name, value, urn: `urn:${name}` });

/** Letters, digits and what is special to Compose, YAML and shells. */
const awkward = fc.string({
  unit: fc.oneof(
    fc.constantFrom("$", "{", "}", "'", '"', "\\", "\n", "n", " ", "#", "=", "A"),
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }),
  ),
});

/** As they are generated: alphanumeric, long, none twice. Names that differ only in signs are on purpose. */
const credentials = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom("db-app-password", "db-app_-password", "db_app-password", "bus-route-password", "cache-app-password"),
      value: fc.stringMatching(/^[A-Za-z0-9]{16,32}$/),
    }),
    { maxLength: 4, selector: ({ name }) => name },
  )
  .filter((all) => all.every(({ value }, index) => all.every((other, i) => i === index || !other.value.includes(value))))
  .map((all) => all.map(({ name, value }) => credential(name, value)));

/** Text in which some of the credentials stand, between awkward characters. */
const textWith = (all: readonly PlanCredential[]) =>
  fc
    .array(fc.oneof(awkward, all.length > 0 ? fc.constantFrom(...all.map(({ value }) => value)) : awkward), { maxLength: 5 })
    .map((parts) => parts.join(""));

const scenario = credentials.chain((all) =>
  fc.record({
    all: fc.constant(all),
    texts: fc.array(fc.record({ text: textWith(all), secret: fc.boolean(), name: fc.constantFrom("api-TOKEN", "api-KEY", "api-key") }), {
      minLength: 1,
      maxLength: 4,
    }),
  }),
);

describe("the vault", () => {
  test("what Compose puts together is the text, and no credential stands in what it reads openly", () => {
    fc.assert(
      fc.property(scenario, ({ all, texts }) => {
        const vault = createVault(all);
        const shown = texts.map(({ text, name, secret }) => ({ text, secret, open: vault.protect(text, name, secret), plain: vault.plain(text) }));
        const values = readEnvFile(vault.file());
        for (const { text, secret, open, plain } of shown) {
          expect(interpolate(open, values)).toBe(text);
          expect(interpolate(plain, values)).toBe(text);
          for (const { value } of all) expect(open + plain).not.toContain(value);
          if (secret && !all.some(({ value }) => text.includes(value))) expect(open).toMatch(/^\$\{[A-Z0-9_]+\}$/);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test("a credential inside a text becomes its variable, and the rest stays readable", () => {
    const vault = createVault([credential("db-app-password", "s3cret")]);
    expect(vault.protect("postgres://app:s3cret@db/app?cost=$5", "api-DATABASE_URL", true)).toBe(
      `postgres://app:${variable("DB_APP_PASSWORD")}@db/app?cost=$$5`,
    );
    expect(vault.file()).toContain("\nDB_APP_PASSWORD='s3cret'\n");
  });

  test("only what is used is written, in the order of the names", () => {
    const vault = createVault([credential("z-password", "zzz"), credential("a-password", "aaa"), credential("m-password", "mmm")]);
    vault.plain("zzz and aaa");
    expect(vault.file().split("\n").slice(1, -1)).toEqual(["A_PASSWORD='aaa'", "Z_PASSWORD='zzz'"]);
  });

  test("two credentials whose names become one variable keep their own values", () => {
    const vault = createVault([credential("db-a_b-password", "first"), credential("db-a-b-password", "second")]);
    const open = vault.plain("first second first");
    expect(interpolate(open, readEnvFile(vault.file()))).toBe("first second first");
    expect(new Set(open.split(" ")).size).toBe(2);
  });

  test.each(["tail\\", "a\\'b", "\\n", "line\nbreak", "'", '"', `$HOME ${variable("HOME")} $$`, "#", "", " "])(
    "a secret of the user survives .env: %j",
    (secret) => {
      const vault = createVault([]);
      const open = vault.protect(secret, "api-TOKEN", true);
      vault.protect("next", "api-z", true);
      expect(open).toBe(variable("API_TOKEN"));
      expect(readEnvFile(vault.file())).toEqual({ API_TOKEN: secret, API_Z: "next" });
    },
  );

  test("without secrets there are no variables", () => {
    const vault = createVault([credential("db-app-password", "s3cret")]);
    expect(vault.protect("plain $x", "api-X", false)).toBe("plain $$x");
    expect(readEnvFile(vault.file())).toEqual({});
  });
});

test("a variable is named so that a shell and Compose take it", () => {
  expect(["db-app-password", "order-api-LOG_LEVEL", "bus-nats.conf"].map(variableName)).toEqual([
    "DB_APP_PASSWORD",
    "ORDER_API_LOG_LEVEL",
    "BUS_NATS_CONF",
  ]);
});
