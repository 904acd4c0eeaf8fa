import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Client, Connection } from "@temporalio/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sql } from "../support/clients.ts";
import { describeDocker } from "../support/docker-tier.ts";
import { daemon, discard, lives, port, ran, until, up, upArgs, verifies } from "../support/stack.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

const policies = resolve(import.meta.dirname, "..", "..", "stacks", "gitguard", "policies");

interface Shape {
  readonly historyShards?: number;
  readonly retentionDays?: number;
  /** Further search attributes of the first namespace. */
  readonly attributes?: string;
  readonly namespaces?: string;
}

const topology = ({ historyShards = 4, retentionDays = 3, attributes = "", namespaces = "" }: Shape = {}) => `
  const db = new PostgresDb("db", { platform, databases: { temporal: {}, temporal_visibility: {} } });
  new TemporalServer("temporal", {
    platform,
    database: db.databases.temporal,
    visibility: db.databases.temporal_visibility,
    historyShards: ${historyShards},
    namespaces: {
      guard: { retentionDays: ${retentionDays}, searchAttributes: { Repository: "Keyword", ${attributes} }, description: "what's guarded" },
      ${namespaces}
    },
    dynamicConfig: { "limit.maxIDLength": 200 },
  });
  new OpaServer("opa", { platform, policies: "policies", path: "repo/guard", maskInputs: ["/payload/secret"] });
  return {};`;

const standing = ["db", "opa", "temporal", "temporal-ui"];

async function withTemporal<T>(project: TempProject, namespace: string, use: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address: `127.0.0.1:${port(project, "temporal.grpc")}`, connectTimeout: 10_000 });
  try {
    return await use(new Client({ connection, namespace }));
  } finally {
    await connection.close();
  }
}

/** A workflow that no worker takes, with its attributes. */
const start = (project: TempProject, namespace: string, workflowId: string, attributes: Record<string, string> = {}) =>
  withTemporal(project, namespace, (client) =>
    client.workflow.start("Push", {
      workflowId,
      taskQueue: "nobody",
      args: [],
      searchAttributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, [value]])),
    }),
  );

const namespaceOf = (project: TempProject, namespace: string) =>
  withTemporal(project, namespace, (client) => client.workflowService.describeNamespace({ namespace }));

interface Decision {
  readonly allow: boolean;
  readonly deny: readonly string[];
}

async function decide(project: TempProject, payload: object, event = "push"): Promise<Decision> {
  const response = await fetch(`http://127.0.0.1:${port(project, "opa.http")}/v1/data/repo/guard`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ input: { event, payload } }),
  });
  return ((await response.json()) as { result: Decision }).result;
}

const push = { ref: "refs/heads/main", sender: { login: "grace" }, commits: [] };

/** The log of a container, without the frames that Docker puts around each piece. */
async function logOf(project: TempProject, part: string): Promise<string> {
  const raw = await daemon.getContainer(`${project.prefix}-${part}`).logs({ stdout: true, stderr: true, follow: false });
  return raw.toString("utf8");
}

describeDocker("TemporalServer and OpaServer", () => {
  let project: TempProject;
  let lived: Record<string, string>;

  beforeAll(async () => {
    project = tempProject("it");
    cpSync(policies, join(project.root, "policies"), { recursive: true });
    project.topology(topology());
    await up(project);
    lived = await lives(project, standing);
  });
  afterAll(() => discard(project));

  test("verify asks both by their protocols", async () => {
    const output = await verifies(project);
    expect(output).toMatch(/Temporal 1\.3\d\.\d+: started, described and ended a workflow in guard/);
    expect(output).toContain("the page loads, and the UI reaches the server");
    expect(output).toContain("repo/guard answers");
  });

  test("a workflow starts with its search attribute and is found by it", async () => {
    await start(project, "guard", "push-1", { Repository: "acme/shop" });
    const found = await until("the workflow in the list", 15, () =>
      withTemporal(project, "guard", async (client) => {
        for await (const { workflowId, searchAttributes } of client.workflow.list({ query: 'Repository = "acme/shop"' })) {
          return { workflowId, repository: searchAttributes.Repository };
        }
        return undefined;
      }),
    );
    expect(found).toEqual({ workflowId: "push-1", repository: ["acme/shop"] });
  });

  test("the dynamic configuration is in force", async () => {
    await expect(start(project, "guard", "x".repeat(201))).rejects.toThrow();
    await expect(start(project, "guard", "x".repeat(200))).resolves.toBeDefined();
  });

  test("all roles together keep to the connections that they may open", async () => {
    const rows = await sql<{ count: string }>(project, "SELECT count(*) FROM pg_stat_activity WHERE usename LIKE 'temporal%'", {
      database: "temporal",
    });
    expect(Number(rows[0]?.count)).toBeGreaterThan(4);
    expect(Number(rows[0]?.count)).toBeLessThanOrEqual(60);
  });

  test("a second up restarts nothing", async () => {
    await up(project);
    expect(await lives(project, standing)).toEqual(lived);
  });

  test("another namespace, another attribute and another retention come in place", async () => {
    expect((await namespaceOf(project, "guard")).config?.workflowExecutionRetentionTtl?.seconds?.toNumber()).toBe(3 * 86_400);
    project.topology(topology({ retentionDays: 5, attributes: 'Branch: "Keyword"', namespaces: "audit: {}" }));
    await up(project);
    expect((await namespaceOf(project, "guard")).config?.workflowExecutionRetentionTtl?.seconds?.toNumber()).toBe(5 * 86_400);
    expect((await namespaceOf(project, "audit")).config?.workflowExecutionRetentionTtl?.seconds?.toNumber()).toBe(7 * 86_400);
    await start(project, "guard", "push-2", { Repository: "acme/shop", Branch: "main" });
    expect(await lives(project, standing)).toEqual(lived);
  });

  test("an attribute cannot become another type", async () => {
    project.topology(topology({ attributes: 'Branch: "Int"', namespaces: "audit: {}" }));
    expect(await ran(project, upArgs, 2)).toContain("search attribute Branch of namespace guard exists with type KEYWORD and cannot become Int");
    expect(await lives(project, standing)).toEqual(lived);
    project.topology(topology());
    await up(project);
  });

  test("databases more than a minor behind, or ahead, are refused before anything is touched", async () => {
    const schema = { database: "temporal_visibility" };
    const set = (version: string) => sql(project, `UPDATE schema_version SET curr_version = '${version}'`, schema);
    await set("1.9");
    const behind = await ran(project, upArgs, 2);
    expect(behind).toContain("database temporal_visibility has schema 1.9, and Temporal 1.31 takes over from 1.30, which has 1.13");
    await set("1.99");
    expect(await ran(project, upArgs, 2)).toContain("a later release wrote it, and there is no way back");
    expect(await sql(project, "SELECT curr_version FROM schema_version", schema)).toEqual([{ curr_version: "1.99" }]);
    await set("1.14");
    await up(project);
    expect(await lives(project, standing)).toEqual(lived);
  });

  test("a changed policy restarts its server alone, and decides anew", async () => {
    expect(await decide(project, push)).toMatchObject({ allow: true, deny: [] });
    const data = join(project.root, "policies", "repo", "guard", "data.json");
    const settings = readFileSync(data, "utf8");
    writeFileSync(data, settings.replace('"grace", ', ""));
    await up(project);
    expect(await decide(project, push)).toMatchObject({ allow: false, deny: ["grace is not trusted"] });
    const now = await lives(project, standing);
    expect(now.opa).not.toBe(lived.opa);
    expect({ ...now, opa: lived.opa }).toEqual(lived);
    lived = now;
  });

  test("a decision is in the log, without what is masked", async () => {
    const branch = `refs/heads/masked-${project.name}`;
    await decide(project, { ...push, ref: branch, secret: "never-to-be-logged" });
    const line = await until("the decision in the log", 10, async () =>
      (await logOf(project, "opa")).split("\n").find((text) => text.includes(branch)),
    );
    expect(line).toContain('"erased":["/input/payload/secret"]');
    expect(line).toContain('"msg":"Decision Log"');
    expect(line).toMatch(/"revision":"[0-9a-f]{64}"/);
    expect(await logOf(project, "opa")).not.toContain("never-to-be-logged");
  });

  test("nobody changes policies or data over the API", async () => {
    const address = `http://127.0.0.1:${port(project, "opa.http")}/v1`;
    const put = (path: string, body: string) => fetch(`${address}${path}`, { method: "PUT", body }).then(({ status }) => status);
    expect(await put("/policies/mine", "package repo.guard\n\nallow := true\n")).toBe(400);
    expect(await put("/data/repo/guard/settings/contributors", '["mallory"]')).toBe(400);
    expect(await put("/data/elsewhere", "{}")).toBe(400);
    expect(await decide(project, { ...push, sender: { login: "mallory" } })).toMatchObject({ allow: false });
  });

  test("another number of shards on kept data is refused, and workflows go on", async () => {
    project.topology(topology({ historyShards: 8 }));
    const refusal = await ran(project, upArgs, 2);
    expect(refusal).toContain("historyShards is 8, and the data was made with 4");
    expect(refusal).toContain("write historyShards: 4");
    await start(project, "guard", "push-3");
    project.topology(topology());
    await up(project);
  });

  test("workflows outlive down and up", async () => {
    await ran(project, ["down", "dev"]);
    await up(project);
    const status = await withTemporal(project, "guard", (client) => client.workflow.getHandle("push-1").describe());
    expect(status.status.name).toBe("RUNNING");
    await verifies(project);
  });

  test("policies that do not compile stop preview and up, with file and line, where an opa is", async () => {
    const program = join(project.root, "fake", "opa");
    const errors = {
      errors: [{ message: "var x is unsafe", code: "rego_unsafe_var_error", location: { file: "/tmp/f/repo%2Fguard%2Fguard.rego", row: 7 } }],
    };
    mkdirSync(dirname(program), { recursive: true });
    writeFileSync(program, `#!/bin/sh\ncat <<'END'\n${JSON.stringify(errors)}\nEND\nexit 1\n`, { mode: 0o755 });
    const withFake = { PATH: `${dirname(program)}:${process.env.PATH}` };
    for (const command of [["preview", "dev"], upArgs]) {
      const { code, output } = await project.run(command, withFake);
      expect(output).toContain('policies = "policies/repo/guard/guard.rego:7"');
      expect(output).toContain("var x is unsafe");
      expect(code).toBe(3);
    }
  });
});
