import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkScript } from "../../components/postgres-db/check.ts";
import type { Databases } from "../../components/postgres-db/databases.ts";
import { reconcileScript, reconcileSql } from "../../components/postgres-db/reconcile.ts";
import { imageReference } from "../../src/core/images.ts";
import { shownText, type Text } from "../../src/core/text.ts";
import { describeDocker, mirror } from "../support/docker-tier.ts";
import { daemon, until } from "../support/stack.ts";

const name = `groundplan-administrator-${process.pid}`;
const server = { host: "$PGHOST", port: 5432, options: "sslmode=disable" };
const env = { PGDATA: "/tmp/pgdata", POSTGRES_USER: "owner", POSTGRES_PASSWORD: "superuser", POSTGRES_INITDB_ARGS: "--auth-host=scram-sha-256" };

const initSql = `
  CREATE TABLE kept (word text); INSERT INTO kept VALUES ('written before');
  CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1';
  CREATE SCHEMA side; CREATE FUNCTION side.two() RETURNS int LANGUAGE sql AS 'SELECT 2';`;
const first: Databases = { app: { owner: "joint", grants: { reader: "read" }, initSql }, shop: { owner: "joint", extensions: ["pgcrypto"] } };
const grown: Databases = { ...first, app: { ...first.app, grants: { reader: "read", writer: "write" } }, late: {} };
const given: Databases = { ...grown, app: { ...grown.app, owner: "solo" } };

/** As a managed service has it: the administrator may make roles and databases, and nothing else. */
describeDocker("an administrator who is no superuser", () => {
  /** Output of a shell in the server's container; fails with what it said. */
  function shell(script: string, variables: Readonly<Record<string, string>> = {}): string {
    const options = Object.entries({ PGHOST: "127.0.0.1", ...variables }).flatMap(([key, value]) => ["--env", `${key}=${value}`]);
    return execFileSync("docker", ["exec", "-i", ...options, name, "sh", "-s"], {
      input: script,
      encoding: "utf8",
      stdio: "pipe",
      timeout: 60_000,
    }).trim();
  }
  const write = (path: string, content: Text) => shell(`cat >${path} <<'END_OF_FILE'\n${shownText(content)}\nEND_OF_FILE\n`);
  /** As a role of the declaration: its password is its name in brackets, as texts show it. */
  const sql = (role: string, database: string, text: string, password = `[${role}]`) =>
    shell(`psql -X -w -q -A -t -v ON_ERROR_STOP=1 "user=${role} dbname=${database}" <<'END'\n${text}\nEND\n`, { PGPASSWORD: password });

  function reconciles(databases: Databases) {
    write("/tmp/reconcile.sql", reconcileSql(databases));
    expect(shell(reconcileScript(server, "/tmp/password", "/tmp/reconcile.sql"))).toBe("reconciled");
    expect(shell(shownText(checkScript(server, databases)))).toMatch(/^wrote and read as .*; the administrator only with the right password$/);
  }

  beforeAll(async () => {
    const variables = Object.entries(env).flatMap(([key, value]) => ["--env", `${key}=${value}`]);
    const image = imageReference({ table: "postgres:16" }, mirror ? { mirror } : {});
    // The CLI also pulls what is not there.
    execFileSync("docker", ["run", "--detach", "--rm", "--name", name, "--network", "none", "--user", "70:70", ...variables, image], {
      stdio: "pipe",
    });
    await until("the server", 60, async () => shell("pg_isready -q && echo ready") === "ready");
    sql("owner", "owner", "CREATE ROLE postgres LOGIN CREATEROLE CREATEDB PASSWORD 'administrator'", "superuser");
    write("/tmp/password", "administrator");
  });
  afterAll(() => daemon.getContainer(name).remove({ force: true, v: true }));

  test("brings a new server to what is declared, and again", () => {
    reconciles(first);
    reconciles(first);
    expect(sql("reader", "app", "SELECT word FROM kept")).toBe("written before");
    expect(() => sql("reader", "app", "INSERT INTO kept VALUES ('x')")).toThrow("permission denied for table kept");
    expect(() => sql("reader", "shop", "SELECT 1")).toThrow("permission denied for database");
  });

  test("adds what is declared later", () => {
    reconciles(grown);
    reconciles(grown);
    expect(sql("writer", "app", "INSERT INTO kept VALUES ('later') RETURNING word")).toBe("later");
  });

  test("gives a database with all that is in it to another owner, and nothing else", () => {
    reconciles(given);
    reconciles(given);
    expect(sql("solo", "app", "SELECT word, one(), side.two() FROM kept LIMIT 1")).toBe("written before|1|2");
    expect(sql("solo", "app", "SELECT proowner::regrole FROM pg_proc WHERE proname IN ('one', 'two')")).toBe("solo\nsolo");
    expect(sql("solo", "app", "CREATE TABLE fresh (word text); SELECT 'made'")).toBe("made");
    expect(sql("reader", "app", "SELECT count(*) FROM fresh")).toBe("0");
    expect(() => sql("joint", "app", "SELECT 1")).toThrow("permission denied for database");
    expect(sql("joint", "shop", "SELECT 1")).toBe("1");
  });

  test("locks what is no longer declared", () => {
    reconciles({ app: { owner: "solo" }, shop: { owner: "joint", grants: { reader: "read" } } });
    expect(() => sql("reader", "app", "SELECT 1")).toThrow("permission denied for database");
    expect(sql("reader", "shop", "SELECT 1")).toBe("1");
    for (const role of ["writer", "late"]) expect(() => sql(role, "app", "SELECT 1"), role).toThrow("is not permitted to log in");
  });
});
