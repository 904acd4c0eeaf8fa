import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startScript } from "../../../../components/postgres-db/start.ts";

describe("the start of the server", () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  const told = (name: string) => (existsSync(at(name)) ? readFileSync(at(name), "utf8") : undefined);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "groundplan-start-"));
    mkdirSync(at("bin"));
    mkdirSync(at("data"));
    program("postgres", 'printf "%s\\n" "$@" >"$OUT/single.args"; cat >"$OUT/single.sql"');
    program("docker-entrypoint.sh", 'printf "%s\\n" "$@" >"$OUT/server.args"');
    writeFileSync(at("start.sh"), startScript);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function program(name: string, body: string) {
    writeFileSync(at(`bin/${name}`), `#!/bin/sh\n${body}\n`);
    chmodSync(at(`bin/${name}`), 0o755);
  }
  function makeData() {
    mkdirSync(at("data/pgdata"), { recursive: true });
    writeFileSync(at("data/pgdata/PG_VERSION"), "16\n");
  }
  /** Starts with this password, and forgets what was told before. */
  function start(password: string) {
    for (const name of ["single.args", "single.sql", "server.args"]) rmSync(at(name), { force: true });
    writeFileSync(at("password"), password);
    const env = { PATH: `${at("bin")}:${process.env.PATH}`, OUT: folder, PGDATA: at("data/pgdata"), POSTGRES_PASSWORD_FILE: at("password") };
    const { status, stdout, stderr } = spawnSync("sh", [at("start.sh"), "-c", "work_mem=8MB"], { env, encoding: "utf8" });
    return { status, output: stdout + stderr };
  }

  test("leaves data that is not there to the image, which makes it with this password", () => {
    expect(start("first").status).toBe(0);
    expect(told("single.sql")).toBeUndefined();
    expect(told("server.args")).toBe("postgres\n-c\nwork_mem=8MB\n");
    makeData();
    start("first");
    expect(told("single.sql")).toBeUndefined();
  });

  test("sets another password before the server starts, once", () => {
    start("first");
    makeData();
    expect(start("sec'ond").status).toBe(0);
    expect(told("single.sql")).toBe("ALTER ROLE postgres WITH LOGIN PASSWORD 'sec''ond'\n");
    expect(told("server.args")).toBeDefined();
    start("sec'ond");
    expect([told("single.sql"), told("server.args")]).toEqual([undefined, "postgres\n-c\nwork_mem=8MB\n"]);
  });

  test("sets the password of data whose fingerprint is not there", () => {
    makeData();
    start("kept");
    expect(told("single.sql")).toContain("'kept'");
  });

  test("shows the password to nobody: neither as an argument, nor in a log, nor in a file that others read", () => {
    makeData();
    const { output } = start("hidden");
    expect(output).not.toContain("hidden");
    const args = told("single.args") ?? "";
    expect(args).not.toContain("hidden");
    // The last value of a flag counts.
    expect(args).toMatch(/^--single\n-c\nwork_mem=8MB\n/);
    for (const flag of ["log_statement=none", "log_min_error_statement=panic", "shared_preload_libraries=", "exit_on_error=on"]) {
      expect(args.split("\n")).toContain(flag);
    }
    expect(told("data/administrator.sha256")).toMatch(/^[0-9a-f]{64}\n$/);
    expect((statSync(at("data/administrator.sha256")).mode & 0o777).toString(8)).toBe("600");
  });

  test("does not start a server whose password could not be set, and tries again", () => {
    makeData();
    program("postgres", "exit 1");
    const { status, output } = start("first");
    expect(status).toBe(1);
    expect(output).toContain("the password of the administrator could not be set");
    expect([told("server.args"), told("data/administrator.sha256")]).toEqual([undefined, undefined]);
  });
});
