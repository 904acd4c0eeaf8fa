import * as pulumi from "@pulumi/pulumi";
import type { Finding } from "../../src/core/checks.ts";
import type { DatabaseConnection } from "../../src/core/connection.ts";
import type { EnvValue } from "../../src/core/workload.ts";
import { type Stores, stores } from "./stores.ts";

/** `checked`: with the certificate of the server, by the authorities that its connection gives; `unchecked`: encrypted alone. */
export type StoreTls = "none" | "unchecked" | "checked";

const bound = (given: Stores): DatabaseConnection[] => stores.flatMap((store) => given[store] ?? []);

/** Server and tools have one setting for both databases. */
function storeTls(given: Stores): StoreTls {
  const databases = bound(given);
  if (!databases.some(({ tls }) => tls)) return "none";
  return databases.every(({ ca }) => ca !== undefined) ? "checked" : "unchecked";
}

/** Certificates are known when the databases are made, so they come in a variable; programs want a file. */
const variable = "DATABASE_CA";
const file = "/tmp/database-ca.pem";

/** Line of a shell that makes the file, before whatever connects. Empty when there is nothing to check with. */
export const writeAuthorities = (given: Stores): string => (storeTls(given) === "checked" ? `printf '%s\\n' "$${variable}" >${file}\n` : "");

const authorities = (given: Stores): Record<string, EnvValue> => ({
  [variable]: pulumi.all(bound(given).flatMap(({ ca }) => ca ?? [])).apply((all) => [...new Set(all)].join("\n")),
});

/** For the server: the names of the template in its image. With a host to check it asks for the name that it connects to. */
export function serverTlsEnv(given: Stores): Record<string, EnvValue> {
  const tls = storeTls(given);
  if (tls === "none") return {};
  return { SQL_TLS_ENABLED: "true", ...(tls === "checked" ? { SQL_HOST_VERIFICATION: "true", SQL_CA: file, ...authorities(given) } : {}) };
}

/** For the jobs: the names of `temporal-sql-tool`, and those of `psql`. */
export function jobTlsEnv(given: Stores): Record<string, EnvValue> {
  switch (storeTls(given)) {
    case "none":
      return {};
    case "unchecked":
      return { SQL_TLS: "true", SQL_TLS_DISABLE_HOST_VERIFICATION: "true", PGSSLMODE: "require" };
    case "checked":
      return { SQL_TLS: "true", SQL_TLS_CA_FILE: file, PGSSLMODE: "verify-full", PGSSLROOTCERT: file, ...authorities(given) };
  }
}

/** One database with TLS beside one without: the server cannot be told so. */
export function mixedTls(given: Stores): Finding[] {
  const { database, visibility } = given;
  if (!database || !visibility || database.tls === visibility.tls) return [];
  const value = `tls: ${visibility.tls}`;
  const fix = "put both on one PostgresDb, or on two that are alike in this";
  return [{ path: "visibility", value, rule: `TLS as the database of workflows has it (${database.tls}): the server has one setting for both`, fix }];
}

export const tlsWarnings = (given: Stores): string[] =>
  storeTls(given) === "unchecked"
    ? [
        "its connections to the databases are encrypted, and nobody checks with whom: a connection has no ca, so the certificate of its server is taken as it is",
      ]
    : [];
