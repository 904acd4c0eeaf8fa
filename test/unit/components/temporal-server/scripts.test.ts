import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Namespaces } from "../../../../components/temporal-server/namespaces.ts";
import { reconcileScript } from "../../../../components/temporal-server/reconcile.ts";
import { schemaScript } from "../../../../components/temporal-server/schema.ts";
import { type TemporalVersion, versionScript } from "../../../../components/temporal-server/versions.ts";

/** The scripts in a real shell, with programs that answer as the real ones do. */
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "groundplan-temporal-"));
  mkdirSync(join(folder, "bin"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function program(name: string, script: string): void {
  writeFileSync(join(folder, "bin", name), `#!/bin/sh\n${script}`);
  chmodSync(join(folder, "bin", name), 0o755);
}

/** Runs a script whose /tmp is the folder of this test. */
function run(script: string, env: Record<string, string> = {}) {
  writeFileSync(join(folder, "calls"), "");
  const { status, stdout, stderr } = spawnSync("sh", ["-c", script.replaceAll("/tmp/", `${folder}/`)], {
    env: { ...env, PATH: `${join(folder, "bin")}:${process.env.PATH}` },
    encoding: "utf8",
  });
  return { status, said: `${stdout}${stderr}`.trim(), calls: readFileSync(join(folder, "calls"), "utf8").trim().split("\n").filter(Boolean) };
}

const databases = {
  ...{ DATABASE_HOST: "db", DATABASE_PORT: "5432", DATABASE_USER: "temporal", DATABASE_PASSWORD: "p1", DATABASE_NAME: "temporal" },
  ...{ VISIBILITY_HOST: "db2", VISIBILITY_PORT: "5432", VISIBILITY_USER: "vis", VISIBILITY_PASSWORD: "p2", VISIBILITY_NAME: "temporal_visibility" },
};

describe("version", () => {
  interface Found {
    readonly database?: string;
    readonly visibility?: string;
    readonly used?: boolean;
  }

  /** A psql that knows the two databases by their passwords. */
  function gate(version: TemporalVersion, { database = "", visibility = "", used = true }: Found) {
    program(
      "psql",
      `case "$PGPASSWORD" in p1) schema="${database}" ;; p2) schema="${visibility}" ;; *) echo "wrong password"; exit 2 ;; esac
case "$*" in
  *"to_regclass('schema_version')"*) [ -n "$schema" ] && echo t || echo f ;;
  *"to_regclass('cluster_metadata_info')"*) [ -n "$schema" ] && echo t || echo f ;;
  *"FROM schema_version"*) echo "$schema" ;;
  *"FROM cluster_metadata_info"*) echo ${used ? 1 : 0} ;;
esac
`,
    );
    return run(versionScript(version), databases);
  }

  test.each<[TemporalVersion, Found]>([
    ["1.31", {}],
    ["1.31", { database: "1.19", visibility: "1.14" }],
    ["1.31", { database: "1.18", visibility: "1.13" }],
    // The schema job ended between the two.
    ["1.31", { database: "1.19", visibility: "1.13" }],
    ["1.32", { database: "1.19", visibility: "1.14" }],
    // A first start that was cut short: no server ran on it.
    ["1.31", { database: "1.3", used: false }],
    ["1.31", { database: "0.0", visibility: "0.0", used: false }],
  ])("%s takes over %j", (version, found) => {
    const { status, said } = gate(version, found);
    expect(said).toBe(`Temporal ${version} may run on schema ${found.database || "none"} and, for visibility, ${found.visibility || "none"}`);
    expect(status).toBe(0);
  });

  test.each<[TemporalVersion, Found, string]>([
    [
      "1.31",
      { database: "1.18", visibility: "1.9" },
      "database temporal_visibility has schema 1.9, and Temporal 1.31 takes over from 1.30, which has 1.13",
    ],
    ["1.31", { database: "1.9", visibility: "1.14" }, "database temporal has schema 1.9, and Temporal 1.31 takes over from 1.30, which has 1.18"],
    ["1.32", { database: "1.18", visibility: "1.13" }, "Temporal 1.32 takes over from 1.31, which has 1.19: upgrade one minor at a time"],
    [
      "1.31",
      { database: "1.20", visibility: "1.14" },
      "database temporal has schema 1.20, and Temporal 1.31 knows it up to 1.19: a later release wrote it",
    ],
    ["1.31", { database: "1.20", used: false }, "a later release wrote it, and there is no way back"],
  ])("%s refuses %j", (version, found, reason) => {
    const { status, said } = gate(version, found);
    expect(said).toContain(reason);
    expect(status).toBe(1);
  });

  test("a database that cannot be asked is no database without a schema", () => {
    program("psql", 'echo "connection refused" >&2; exit 2\n');
    expect(run(versionScript("1.31"), databases).status).not.toBe(0);
  });
});

describe("schema", () => {
  const tool = (failing: string) =>
    program(
      "temporal-sql-tool",
      `echo "$SQL_HOST $SQL_DATABASE $SQL_PASSWORD $*" >>${folder}/calls\ncase "$*" in *${failing}*) echo "it broke"; exit 1 ;; esac\n`,
    );

  test("both databases are set up and updated, each with its own credentials", () => {
    tool("nothing");
    const { status, calls } = run(schemaScript, databases);
    const versioned = "/etc/temporal/schema/postgresql/v12";
    expect(calls).toEqual([
      "db temporal p1 --plugin postgres12 setup-schema -v 0.0",
      `db temporal p1 --plugin postgres12 update-schema -d ${versioned}/temporal/versioned`,
      "db2 temporal_visibility p2 --plugin postgres12 setup-schema -v 0.0",
      `db2 temporal_visibility p2 --plugin postgres12 update-schema -d ${versioned}/visibility/versioned`,
    ]);
    expect(status).toBe(0);
  });

  test("a setup that was done may fail, an update may not", () => {
    tool("setup-schema");
    expect(run(schemaScript, databases).status).toBe(0);
    tool("update-schema");
    const { status, said } = run(schemaScript, databases);
    expect(said).toBe("it broke\nthe schema of database temporal could not be updated");
    expect(status).toBe(1);
  });
});

describe("namespaces", () => {
  interface Standing {
    readonly shards?: number;
    /** Seconds of retention; without it the namespace is not there. */
    readonly retention?: number;
    readonly description?: string;
    readonly attributes?: Readonly<Record<string, string>>;
    /** How often a frontend answers that does not know the namespace yet. @default 0 */
    readonly strangers?: number;
    /** Why no attribute is made. */
    readonly refusal?: string;
  }

  function reconcile(
    namespaces: Namespaces,
    { shards = 4, retention, description = "", attributes = {}, strangers = 0, refusal = "" }: Standing = {},
  ) {
    const found = JSON.stringify({ namespaceInfo: { description }, config: { workflowExecutionRetentionTtl: `${retention}s` } }, null, 2);
    const listed = JSON.stringify({ customAttributes: attributes, systemAttributes: { RunId: "INDEXED_VALUE_TYPE_KEYWORD" } }, null, 2);
    writeFileSync(join(folder, "found.json"), found);
    writeFileSync(join(folder, "listed.json"), listed);
    program(
      "temporal",
      `echo "$*" >>${folder}/calls
case "$*" in
  *"cluster describe"*) printf '{\\n  "historyShardCount": ${shards},\\n}\\n' ;;
  *"namespace describe"*) ${retention === undefined ? 'echo "Namespace x is not found." >&2; exit 1' : `cat ${folder}/found.json`} ;;
  *"search-attribute create"*)
    [ -z "${refusal}" ] || { echo "${refusal}" >&2; exit 1; }
    [ "$(grep -c "search-attribute create" ${folder}/calls)" -gt ${strangers} ] || { echo "Namespace x is not found." >&2; exit 1; } ;;
  *"search-attribute list"*) cat ${folder}/listed.json; sed -n 's/.*search-attribute create.*--name \\([A-Za-z]*\\).*/"\\1": "made"/p' ${folder}/calls ;;
esac
`,
    );
    const result = run(reconcileScript(namespaces, 4));
    return { ...result, changes: result.calls.filter((call) => /create|update/.test(call)) };
  }

  test("what is missing is made", () => {
    const { changes, status } = reconcile({
      guard: { retentionDays: 3, description: "it's $(ours)", searchAttributes: { Repo: "Keyword", Tags: "KeywordList" } },
    });
    expect(changes).toEqual([
      "operator namespace create -n guard --retention 3d --description it's $(ours)",
      "operator search-attribute create -n guard --name Repo --type Keyword",
      "operator search-attribute create -n guard --name Tags --type KeywordList",
    ]);
    expect(status).toBe(0);
  });

  test("a frontend that has not learnt of a namespace that was just made is asked again", () => {
    const { changes, said, status } = reconcile({ guard: { searchAttributes: { Repo: "Keyword" } } }, { strangers: 2 });
    const create = "operator search-attribute create -n guard --name Repo --type Keyword";
    expect(changes.slice(1)).toEqual([create, create, create]);
    expect(said).toContain("search attribute Repo of namespace guard is made");
    expect(status).toBe(0);
  });

  test("any other reason against an attribute is final, and told", () => {
    const refusal = "cannot have more than 3 search attribute of type Int";
    const { changes, said, status } = reconcile({ guard: { searchAttributes: { Fourth: "Int" } } }, { refusal });
    expect(changes.filter((change) => change.includes("search-attribute create"))).toHaveLength(1);
    expect(said).toContain(`${refusal}\nfailed: temporal operator search-attribute create -n guard --name Fourth --type Int`);
    expect(status).toBe(1);
  });

  test("what is as declared is left alone", () => {
    const attributes = { Repo: "INDEXED_VALUE_TYPE_KEYWORD", Tags: "INDEXED_VALUE_TYPE_KEYWORD_LIST" };
    const declared = {
      guard: { retentionDays: 3, description: "it's $(ours)", searchAttributes: { Repo: "Keyword", Tags: "KeywordList" } },
    } as const;
    const { changes, said } = reconcile(declared, { retention: 3 * 86_400, description: "it's $(ours)", attributes });
    expect(changes).toEqual([]);
    expect(said).toBe("namespace guard keeps workflows for 3 days after their end; search attributes: Repo, Tags");
  });

  test.each<[string, Standing]>([
    ["retention", { retention: 60 * 86_400, description: "ours" }],
    ["description", { retention: 6 * 86_400, description: "theirs" }],
  ])("a changed %s is updated in place", (_what, standing) => {
    const { changes } = reconcile({ guard: { retentionDays: 6, description: "ours" } }, standing);
    expect(changes).toEqual(["operator namespace update -n guard --retention 6d --description ours"]);
  });

  test("a description that is not declared is nobody's business", () => {
    expect(reconcile({ guard: {} }, { retention: 7 * 86_400, description: "theirs" }).changes).toEqual([]);
  });

  test("an attribute of another type is refused, whichever part of a name it shares", () => {
    const standing = { retention: 7 * 86_400, attributes: { Repo: "INDEXED_VALUE_TYPE_INT", MyRepo: "INDEXED_VALUE_TYPE_KEYWORD" } };
    const { status, said, changes } = reconcile({ guard: { searchAttributes: { Repo: "Keyword" } } }, standing);
    expect(said).toContain("search attribute Repo of namespace guard exists with type INT and cannot become Keyword");
    expect([status, changes]).toEqual([1, []]);
  });

  test("another number of shards is refused before anything changes", () => {
    const { status, said, changes } = reconcile({ guard: {} }, { shards: 512 });
    expect(said).toContain("historyShards is 4, and the data was made with 512");
    expect(said).toContain("write historyShards: 512");
    expect([status, changes]).toEqual([1, []]);
  });
});
