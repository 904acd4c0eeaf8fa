import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import type { SystemSpec } from "../../../../src/core/system.ts";
import { soundSpec, specs } from "../../../support/settings.ts";
import { connectionTo, resolved } from "../../connections.ts";

/** A database: with TLS, and with authorities to check it by. */
const store = (database: string, tls: boolean, ca?: string) => {
  const connection = connectionTo("db", { username: database, password: "p", database });
  return { ...connection, tls, ...(ca === undefined ? {} : { ca: pulumi.output(ca) }) };
};
const over = (database: object, visibility: object) => ({ database, visibility, historyShards: 4, namespaces: { guard: {} } });
const on = (tls: boolean, ca?: string, other?: string) =>
  soundSpec("TemporalServer", "temporal", over(store("temporal", tls, ca), store("visibility", tls, other)));

async function tlsEnvOf(system: SystemSpec, name: string): Promise<Record<string, string>> {
  const env = [...system.workloads, ...system.jobs].find((part) => part.name === name)?.env ?? {};
  const told = Object.entries(env).filter(([key]) => /TLS|SSL|SQL_CA|SQL_HOST|DATABASE_CA/.test(key));
  const values = told.map(async ([key, value]) => [key, typeof value === "string" ? value : await resolved(value as never)]);
  return Object.fromEntries(await Promise.all(values));
}

const file = "/tmp/database-ca.pem";
const script = (system: SystemSpec, job: string) => String(system.jobs.find(({ name }) => name === job)?.files[0]?.content);

test("without TLS nothing is said of it, and the image starts as it does", async () => {
  const system = on(false);
  for (const name of ["temporal", "temporal-version", "temporal-schema"]) expect(await tlsEnvOf(system, name)).toEqual({});
  expect(system.workloads[0]).not.toHaveProperty("entrypoint");
  expect(system.warnings).toEqual([]);
});

describe("with TLS and the authorities of both servers", () => {
  const system = on(true, "ONE", "ONE");

  test("the server compares certificate and name", async () => {
    expect(await tlsEnvOf(system, "temporal")).toEqual({ SQL_TLS_ENABLED: "true", SQL_HOST_VERIFICATION: "true", SQL_CA: file, DATABASE_CA: "ONE" });
    expect(system.workloads[0]).toMatchObject({
      entrypoint: ["sh", "-ec", expect.stringContaining(file), "sh"],
      command: ["/etc/temporal/entrypoint.sh"],
    });
    expect(system.workloads[0]?.scratch).toContain("/tmp");
    expect(system.warnings).toEqual([]);
  });

  test("so do the tools that come before it, which find the file when they start", async () => {
    const told = { SQL_TLS: "true", SQL_TLS_CA_FILE: file, PGSSLMODE: "verify-full", PGSSLROOTCERT: file, DATABASE_CA: "ONE" };
    for (const job of ["temporal-version", "temporal-schema"]) {
      expect(await tlsEnvOf(system, job)).toEqual(told);
      expect(script(system, job)).toMatch(/^printf '%s\\n' "\$DATABASE_CA" >\/tmp\/database-ca\.pem\n/);
    }
    expect(await tlsEnvOf(system, "temporal-namespace")).toEqual({});
  });

  test("authorities of two servers are one file", async () => {
    expect((await tlsEnvOf(on(true, "ONE", "OTHER"), "temporal")).DATABASE_CA).toBe("ONE\nOTHER");
  });
});

test.each([
  ["neither", undefined, undefined],
  ["one alone", "ONE", undefined],
])("with the authorities of %s it is encrypted, and a warning says that nobody checks", async (_, one, other) => {
  const system = on(true, one, other);
  expect(await tlsEnvOf(system, "temporal")).toEqual({ SQL_TLS_ENABLED: "true" });
  expect(await tlsEnvOf(system, "temporal-schema")).toEqual({ SQL_TLS: "true", SQL_TLS_DISABLE_HOST_VERIFICATION: "true", PGSSLMODE: "require" });
  expect(system.warnings).toEqual([expect.stringMatching(/nobody checks with whom/)]);
});

test("one database with TLS beside one without is told", () => {
  const { problems } = specs.TemporalServer("temporal", over(store("temporal", true), store("visibility", false)));
  expect(problems.map(({ path, rule }) => `${path}: ${rule}`)).toEqual([
    "visibility: TLS as the database of workflows has it (true): the server has one setting for both",
  ]);
});
