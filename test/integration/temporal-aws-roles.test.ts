import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, expect, test } from "vitest";
import { temporalOnAws } from "../../components/temporal-server/aws/shape.ts";
import { type ImageName, imageReference } from "../../src/core/images.ts";
import type { ContainerSpec, JobSpec, WorkloadSpec } from "../../src/core/workload.ts";
import { AwsContext } from "../../src/platforms/aws/context.ts";
import { tellingAddress } from "../../src/platforms/aws/own-address.ts";
import { describeDocker, mirror } from "../support/docker-tier.ts";
import { groundSettings } from "../support/grounds.ts";
import { settingsOf, soundSpec } from "../support/settings.ts";
import { until } from "../support/stack.ts";
import { connectionTo, resolved } from "../unit/connections.ts";

const prefix = `groundplan-roles-${process.pid}`;

/** Says the address of whoever asks, as the agent of a task does; the first one has to ask again. */
const agent = `let asked = 0;
require("node:http").createServer((request, response) => {
  if (asked++ === 0) return response.writeHead(500).end();
  const own = request.socket.remoteAddress.replace("::ffff:", "");
  response.end(JSON.stringify({ Name: "temporal", Networks: [{ NetworkMode: "awsvpc", IPv4Addresses: [own] }] }));
}).listen(8080);`;

const databases = `CREATE ROLE temporal LOGIN PASSWORD 'one'; CREATE ROLE lists LOGIN PASSWORD 'two';
CREATE DATABASE temporal OWNER temporal; CREATE DATABASE lists OWNER lists;`;

/** Roles as on AWS, in their real images: on a database that takes TLS alone, told their addresses by what asks for them. */
describeDocker("roles of Temporal with the address of their task and a checked certificate", () => {
  const work = mkdtempSync(join(tmpdir(), "groundplan-roles-"));
  const docker = (...args: string[]) => execFileSync("docker", args, { encoding: "utf8", stdio: "pipe" });
  const image = (table: ImageName) => imageReference({ table }, mirror ? { mirror } : {});
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: work, stdio: "pipe" });
  const container = (name: string) => `${prefix}-${name}`;
  const psql = (sql: string) => docker("exec", container("db"), "psql", "-U", "postgres", "-d", "temporal", "-Atc", sql).trim();
  const addressOf = (name: string) => docker("inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", container(name)).trim();
  const started: string[] = [];

  let parts: Readonly<Record<string, WorkloadSpec | JobSpec>>;
  const partOf = (name: string) => {
    const part = parts[name];
    if (!part) throw new Error(`no part ${name}`);
    return part;
  };

  function shaped(ca: string) {
    const store = (database: string, password: string) => ({
      ...connectionTo("db", { username: database, password, database }),
      tls: true,
      ca: pulumi.output(ca),
    });
    const settings = settingsOf({ target: "aws", profile: "staging", ...groundSettings.aws });
    if (!settings.aws) throw new Error("no settings of AWS");
    const context = new AwsContext(settings, settings.aws, ".", undefined as never, undefined as never);
    const args = { database: store("temporal", "one"), visibility: store("lists", "two"), historyShards: 4, namespaces: { guard: {} } };
    const spec = soundSpec("TemporalServer", "temporal", args, settings);
    const { workloads, jobs } = temporalOnAws.shape?.(spec, context) ?? spec;
    return Object.fromEntries([...workloads.map(tellingAddress), ...jobs].map((part) => [part.name, part]));
  }

  /** As ECS starts it: user, root, folders, entry point and command; `also` is what another environment says. */
  async function runArgs(name: string, part: ContainerSpec, also: Readonly<Record<string, string>>): Promise<string[]> {
    const env = await Promise.all(
      Object.entries(part.env).map(async ([key, value]) => [key, typeof value === "string" ? value : await resolved(value as pulumi.Output<string>)]),
    );
    mkdirSync(join(work, name), { recursive: true });
    for (const { path, content } of part.files) writeFileSync(join(work, name, path.split("/").at(-1) ?? ""), String(content), { mode: 0o644 });
    const variables = Object.entries({
      ...Object.fromEntries(env),
      ECS_CONTAINER_METADATA_URI_V4: `http://${addressOf("agent")}:8080/v4/1`,
      ...also,
    });
    const [program, ...rest] = part.entrypoint ?? [];
    return [
      ...["--network", prefix, "--network-alias", name, "--init", "--read-only", "--cap-drop", "ALL", "--user", `${part.uid}:${part.gid}`],
      ...part.scratch.flatMap((folder) => ["--tmpfs", `${folder}:rw,noexec,nosuid,nodev,size=64m`]),
      ...variables.flatMap(([key, value]) => ["--env", `${key}=${value}`]),
      ...["--volume", `${join(work, name)}:/etc/groundplan:ro`],
      ...(program ? ["--entrypoint", program] : []),
      ...[image("table" in part.image ? part.image.table : "toolbox"), ...rest, ...(part.command ?? [])],
    ];
  }

  async function runJob(name: string, also: Readonly<Record<string, string>> = {}) {
    const { status, stdout, stderr } = spawnSync("docker", ["run", "--rm", ...(await runArgs(name, partOf(name), also))], { encoding: "utf8" });
    return { status, said: `${stdout}${stderr}` };
  }

  async function start(name: string): Promise<void> {
    docker("run", "--detach", "--name", container(name), ...(await runArgs(name, partOf(name), {})));
    started.push(name);
  }

  beforeAll(async () => {
    const key = ["-newkey", "rsa:2048", "-nodes"];
    openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=databases");
    openssl("req", ...key, "-keyout", "db.key", "-out", "db.csr", "-subj", "/CN=db");
    writeFileSync(join(work, "db.ext"), "subjectAltName=DNS:db\n");
    openssl(
      "x509",
      "-req",
      "-in",
      "db.csr",
      "-CA",
      "ca.pem",
      "-CAkey",
      "ca.key",
      "-CAcreateserial",
      "-days",
      "2",
      "-extfile",
      "db.ext",
      "-out",
      "db.pem",
    );
    writeFileSync(join(work, "databases.sql"), databases, { mode: 0o644 });
    // The server refuses a key that others may read.
    execFileSync("sh", ["-c", "chmod 755 . && chmod 644 db.pem && chmod 600 db.key && chown 70:70 db.key"], { cwd: work });
    writeFileSync(join(work, "only-tls.sh"), "sed -i 's/^host /hostssl /' \"$PGDATA/pg_hba.conf\"\n", { mode: 0o644 });
    docker("network", "create", "--internal", prefix);
    const files = [
      "db.pem:/tls/db.pem",
      "db.key:/tls/db.key",
      "databases.sql:/docker-entrypoint-initdb.d/1.sql",
      "only-tls.sh:/docker-entrypoint-initdb.d/2.sh",
    ];
    const mounted = files.flatMap((file) => ["--volume", `${join(work, file)}:ro`]);
    const tls = ["ssl=on", "ssl_cert_file=/tls/db.pem", "ssl_key_file=/tls/db.key"].flatMap((setting) => ["-c", setting]);
    const place = ["--detach", "--network", prefix];
    docker(
      "run",
      ...place,
      "--name",
      container("db"),
      "--network-alias",
      "db",
      "--env",
      "POSTGRES_PASSWORD=x",
      ...mounted,
      image("postgres:16"),
      ...tls,
    );
    docker("run", ...place, "--name", container("agent"), image("node"), "node", "-e", agent);
    started.push("db", "agent");
    parts = shaped(readFileSync(join(work, "ca.pem"), "utf8"));
    await until("the database", 60, async () => spawnSync("docker", ["exec", container("db"), "pg_isready", "-q", "-h", "127.0.0.1"]).status === 0);
  }, 120_000);
  afterAll(() => {
    docker("rm", "--force", "--volumes", ...started.map(container));
    docker("network", "rm", prefix);
    rmSync(work, { recursive: true });
  });

  test("bring the schema up over TLS, and not from a server with a certificate for another name", async () => {
    expect(await runJob("temporal-version")).toMatchObject({ status: 0 });
    expect(await runJob("temporal-schema")).toMatchObject({ status: 0 });
    const other = { DATABASE_HOST: addressOf("db"), VISIBILITY_HOST: addressOf("db") };
    expect(await runJob("temporal-version", other)).toMatchObject({
      status: 1,
      said: expect.stringMatching(/certificate for "db" .*does not match host name/),
    });
    expect(await runJob("temporal-schema", other)).toMatchObject({ status: 1, said: expect.stringMatching(/failed to verify certificate/) });
  });

  const serves = (name: string, port: number) =>
    spawnSync("docker", ["exec", container(name), "nc", "-z", "-w", "3", "127.0.0.1", String(port)]).status === 0;

  test("a frontend serves before any other role is there; then all find each other by what their tasks are called", async () => {
    await start("temporal");
    await until("the frontend", 60, async () => serves("temporal", 7233));
    const others = { "temporal-history": 7234, "temporal-matching": 7235, "temporal-worker": 7239 };
    for (const name of Object.keys(others)) await start(name);
    await until("the others", 60, async () => Object.entries(others).every(([name, port]) => serves(name, port)));
    const ring = psql("SELECT rpc_address FROM cluster_membership WHERE record_expiry > now()").split("\n");
    expect(ring.toSorted()).toEqual(["temporal", ...Object.keys(others)].map(addressOf).toSorted());
    // The names of the private zone are not here.
    const client = { TEMPORAL_ADDRESS: "passthrough:///temporal:7233" };
    expect(await runJob("temporal-namespace", client)).toMatchObject({ status: 0, said: expect.stringContaining("namespace guard is made") });
    expect(await runJob("temporal-check", client)).toMatchObject({
      status: 0,
      said: expect.stringContaining("started, described and ended a workflow"),
    });
    const encrypted = "SELECT count(*) > 0, bool_and(ssl) FROM pg_stat_activity JOIN pg_stat_ssl USING (pid) WHERE usename IN ('temporal', 'lists')";
    expect(psql(encrypted)).toBe("t|t");
  }, 180_000);

  test("who is stopped hands over and ends well, within the time that ECS gives", () => {
    const given = String((partOf("temporal-history") as WorkloadSpec).stopSeconds);
    docker("stop", "--time", given, container("temporal-history"));
    expect(docker("inspect", "-f", "{{.State.ExitCode}}", container("temporal-history")).trim()).toBe("0");
  }, 120_000);
});
