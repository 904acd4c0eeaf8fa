import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkScript } from "../../../../components/postgres-db/check.ts";
import type { Databases } from "../../../../components/postgres-db/databases.ts";
import { reconcileScript, reconcileSql } from "../../../../components/postgres-db/reconcile.ts";
import { type SecretText, shownText } from "../../../../src/core/text.ts";

const sqlOf = (databases: Databases) => shownText(reconcileSql(databases));
const secretsOf = (text: SecretText) => text.parts.flatMap((part) => (typeof part === "string" ? [] : [part.secret]));
const linesWith = (text: string, pattern: RegExp) => text.split("\n").filter((line) => pattern.test(line));

const shop: Databases = {
  app: { owner: "chief", extensions: ["uuid-ossp"], grants: { reader: "read", writer: "write" } },
  shop: { grants: { reader: "write" } },
};

describe("passwords", () => {
  test("stand only where the platform puts them in, once for each role, before any other database is opened", () => {
    const { parts } = reconcileSql(shop);
    expect(secretsOf({ parts })).toEqual(["chief", "reader", "writer", "shop", "monitor"]);
    for (const [index, part] of parts.entries()) {
      if (typeof part === "string") expect(part.match(/PASSWORD '(?!$)/g)).toBeNull();
      else expect(shownText({ parts: parts.slice(0, index) })).toMatch(new RegExp(`\nALTER ROLE "${part.secret}" .* PASSWORD '$`));
    }
    const shown = shownText({ parts });
    expect(shown.lastIndexOf("PASSWORD")).toBeLessThan(shown.indexOf("\\connect"));
  });

  test("never reach the server's log: it is switched off before the first of them, and anew in each database", () => {
    const shown = sqlOf(shop);
    const [first = "", ...later] = shown.split(/^(?=\\connect)/m);
    const settings = [
      "('log_statement', 'none')",
      "('log_min_error_statement', 'panic')",
      "('log_min_duration_statement', '-1')",
      "('pg_stat_statements.track_utility', 'off')",
    ];
    for (const setting of settings) expect(first.slice(0, first.indexOf("PASSWORD"))).toContain(setting);
    for (const part of later) for (const setting of settings) expect(part).toContain(setting);
  });

  test("reach psql in its environment, from a file: arguments can be seen by others", () => {
    const script = reconcileScript(
      { host: "db", port: 5432, options: "sslmode=require" },
      "/etc/groundplan/password",
      "/etc/groundplan/reconcile.sql",
    );
    expect(script).toContain("PGPASSWORD=$(cat /etc/groundplan/password)\nexport PGPASSWORD\n");
    expect(script).toMatch(/^exec psql .*-f \/etc\/groundplan\/reconcile.sql "host=db port=5432 user=postgres .*sslmode=require"$/m);
  });
});

describe("an administrator who is no superuser", () => {
  const superuserOnly = /\b(NO)?(SUPERUSER|REPLICATION|BYPASSRLS)\b|^SET (?!LOCAL ROLE|client_min_messages)/m;
  const ordinary = sqlOf(shop).replaceAll(/\\if :superuser\n.*?\\else\n(.*?)\\endif/gs, "$1");

  test("is asked for nothing that only a superuser may", () => {
    expect(ordinary).not.toMatch(superuserOnly);
    expect(sqlOf(shop)).toMatch(superuserOnly);
    expect(linesWith(ordinary, /log_statement/).every((line) => line.includes("VALUES"))).toBe(true);
    expect(ordinary.match(/has_parameter_privilege\(name, 'SET'\)/g)).toHaveLength(3);
  });

  test("is a member of each role before anything is given to it", () => {
    for (const role of ["chief", "reader", "writer", "shop"]) {
      const member = ordinary.indexOf(`GRANT "${role}" TO CURRENT_USER;`);
      expect([role, member > 0 && member < ordinary.indexOf("CREATE DATABASE")]).toEqual([role, true]);
    }
  });

  test("keeps what is his: only an ordinary role counts as a former owner", () => {
    for (const database of ["app", "shop"]) {
      expect(ordinary).toMatch(new RegExp(`datname = '${database}' AND NOT rolsuper AND rolname <> current_user`));
    }
    expect(ordinary).not.toMatch(/postgres/);
  });
});

describe("running it again", () => {
  test("nothing is created that may exist already", () => {
    for (const line of linesWith(sqlOf(shop), /\bCREATE\b/)) {
      expect(line).toMatch(/WHERE NOT EXISTS \(SELECT FROM pg_(roles|database) .*\) \\gexec$|IF NOT EXISTS/);
    }
  });

  test("stops at the first error", () => expect(sqlOf({})).toMatch(/^\\set ON_ERROR_STOP on\n/));

  test("roles that are no longer declared are locked, all others not", () => {
    const lock = /ALTER ROLE %I NOLOGIN[^;]*?ARRAY\[(.*?)\]::name\[\]/s;
    expect(lock.exec(sqlOf(shop))?.[1]).toBe("'chief', 'reader', 'writer', 'shop', 'monitor'");
    expect(lock.exec(sqlOf({}))?.[1]).toBe("'monitor'");
  });

  test("whoever watches may read statistics, and gets into no database of anybody", () => {
    const shown = sqlOf(shop);
    expect(linesWith(shown, /monitor/).filter((line) => /^GRANT/.test(line))).toEqual([
      'GRANT "monitor" TO CURRENT_USER;',
      'GRANT pg_monitor TO "monitor";',
    ]);
    for (const database of ["app", "shop"]) expect(shown).toContain(`REVOKE ALL ON DATABASE "${database}" FROM PUBLIC;`);
  });

  test("a grant that is taken out closes the database, also when the role lives on", () => {
    const revoke = linesWith(sqlOf({ ...shop, app: { owner: "chief" } }), /rolname = ANY/).slice(1);
    expect(revoke.map((line) => /ARRAY\[(.*?)\]/.exec(line)?.[1])).toEqual(["'chief'", "'shop', 'reader'"]);
  });

  test("what a role may do is taken away before it is given, so that write can become read", () => {
    const grants = linesWith(sqlOf({ app: { grants: { reader: "read" } } }), /"reader"/).filter((line) => /^(GRANT|REVOKE)/.test(line));
    for (const what of ["TABLES", "SEQUENCES"]) {
      const [first, second] = grants.filter((line) => line.includes(`ALL ${what}`));
      expect(first).toMatch(/^REVOKE ALL/);
      expect(second).toMatch(/^GRANT SELECT ON/);
    }
    expect(grants.join("\n")).not.toMatch(/INSERT|UPDATE|DELETE|USAGE, /);
  });
});

test("every name is quoted, so that any word may be one", () => {
  const word = fc.constantFrom("user", "order", "select", "table", "zz_a1", "limit");
  const database = fc.record({
    owner: word,
    extensions: fc.array(word, { maxLength: 2 }),
    grants: fc.dictionary(word, fc.constantFrom("read" as const, "write" as const), { maxKeys: 2 }),
  });
  fc.assert(
    fc.property(fc.dictionary(word, database, { minKeys: 1, maxKeys: 3 }), (databases) => {
      const bare = sqlOf(databases).replace(/"\w+"|'\w+'|\[\w+\]/g, "");
      expect(bare).not.toMatch(/\b(user|order|select|table|zz_a1|limit)\b/);
    }),
  );
});

describe("initSql", () => {
  const hashesOf = (initSql: string) => [...sqlOf({ app: { initSql } }).matchAll(/[0-9a-f]{64}/g)].map(([hash]) => hash);

  test("runs once for each content: asked for and remembered under the same hash, another text under another", () => {
    const first = hashesOf("CREATE TABLE a (id int)");
    expect(new Set(first).size).toBe(1);
    expect(first).toHaveLength(2);
    expect(hashesOf("CREATE TABLE a (id int)")).toEqual(first);
    expect(hashesOf("CREATE TABLE b (id int)")).not.toEqual(first);
  });

  test("runs as the owner, in one transaction with what remembers it", () => {
    const shown = sqlOf({ app: { owner: "chief", initSql: "CREATE TABLE a (id int);" } });
    const order = [
      "\\if :pending",
      "BEGIN;",
      'SET LOCAL ROLE "chief";',
      "CREATE TABLE a",
      "RESET ROLE;",
      "INSERT INTO groundplan.init_sql",
      "COMMIT;\n\\endif",
    ];
    const places = order.map((step) => shown.indexOf(step));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
  });

  test.each(["SELECT 1", "SELECT 1;", "SELECT 1;\n\n", "SELECT 1 -- done", "SELECT 1; -- done"])(
    "%j ends before the next statement begins",
    (initSql) => {
      expect(sqlOf({ app: { initSql } })).toContain(`${initSql.trimEnd()}\n;\nRESET ROLE;`);
    },
  );

  test("without it there is no schema for it", () => expect(sqlOf({ app: {} })).not.toContain("init_sql"));
});

describe("the check", () => {
  const script = checkScript({ host: "$PGHOST", port: 6432, options: "sslmode=verify-full" }, shop);

  test("tries every role with its own password", () => {
    expect(secretsOf(script)).toEqual(["chief", "reader", "writer", "shop", "reader"]);
    const at = (role: string, database: string) =>
      `on="host=$PGHOST port=6432 user=${role} dbname=${database} connect_timeout=5 sslmode=verify-full"`;
    expect(linesWith(shownText(script), /^on=/)).toEqual([
      at("chief", "app"),
      at("reader", "app"),
      at("writer", "app"),
      at("shop", "shop"),
      at("reader", "shop"),
      at("postgres", "postgres"),
    ]);
  });

  test("tries the administrator with a wrong password and without one, on a server that answers", () => {
    const lines = shownText(script).split("\n");
    const asked = lines.findIndex((line) => line.startsWith("pg_isready"));
    expect(lines[asked]).toMatch(/exit 1; \}$/);
    expect(lines[asked + 1]).toBe('for PGPASSWORD in wrong ""; do');
    expect(lines[1]).toContain("psql -X -w ");
  });
});
