import { beforeAll, describe, expect, test } from "vitest";
import { envFile } from "../../src/cli/connections/env-file.ts";
import { holdsUnknown } from "../../src/cli/engines/real-credentials.ts";
import { connectionsOf, withWord } from "../../src/preview/connections.ts";
import { type Plan, shownPlan } from "../../src/preview/plan.ts";
import { allVariables, serviceVariables } from "../../src/preview/service-variables.ts";
import { groundSettings } from "../support/grounds.ts";
import { recordedTopology } from "../support/recorded-topology.ts";

const lines = `
  const db = new PostgresDb("db", { platform, databases: { app: {} } });
  const cache = new RedisCache("cache", { platform });
  const web = new AppService("web", { platform, image: "registry.example/web:1", ports: { http: 8000 }, health: http("/"), publish: ["http"] });
  new AppService("api", {
    platform, image: "registry.example/api:1", ports: { http: 8000 }, health: http("/"), publish: ["http"],
    env: { MODE: "db:5432 is no address here" },
    bindings: {
      DATABASE: db.databases.app,
      PARTS: bind(db.databases.app, { DB_HOST: (c) => c.host, DB_PORT: (c) => c.port.apply(String), DB_ADDRESS: (c) => c.address, DB_USER: (c) => c.username, DB_PASSWORD: (c) => c.password }),
      CACHE: cache.connection,
      WEB: web.ports.http,
    },
  });
`;

const value = (plan: Plan, variables: ReturnType<typeof allVariables>, name: string) => {
  const found = variables.find((variable) => variable.name === name)?.value;
  return plan.credentials.reduce((text, { name: called, value: word }) => text?.replaceAll(word, `<${called}>`), found);
};

const plans = new Map<string, Promise<Plan>>();
function planOn(target: "docker" | "kubernetes"): Promise<Plan> {
  const plan = plans.get(target) ?? recordedTopology(lines, { target, profile: "dev", ...groundSettings[target] });
  plans.set(target, plan);
  return plan;
}

describe.each(["docker", "kubernetes"] as const)("connections on %s", (target) => {
  let plan: Plan;
  beforeAll(async () => {
    plan = await planOn(target);
  });

  test("variables of a service lead to this machine, and only those that bindings give are told", () => {
    const rows = connectionsOf(plan);
    const variables = serviceVariables(plan, "api", rows);
    expect(variables.map(({ name }) => name).toSorted()).toEqual(
      ["CACHE_URL", "DATABASE_URL", "DB_ADDRESS", "DB_HOST", "DB_PASSWORD", "DB_PORT", "DB_USER", "WEB_URL"].toSorted(),
    );
    const outside = rows.find(({ component, name }) => component === "db" && name === "app")?.outside;
    const { host, port } = outside ?? {};
    expect(host).toBe("127.0.0.1");
    expect(value(plan, variables, "DATABASE_URL")).toBe(`postgres://app:<db-app-password>@${host}:${port}/app`);
    expect(value(plan, variables, "DB_HOST")).toBe(host);
    expect(value(plan, variables, "DB_PORT")).toBe(String(port));
    expect(value(plan, variables, "DB_ADDRESS")).toBe(`${host}:${port}`);
    expect(value(plan, variables, "DB_USER")).toBe("app");
    expect(
      variables
        .filter(({ secret }) => secret)
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(["CACHE_URL", "DATABASE_URL", "DB_PASSWORD"]);
  });

  test("a file without secrets says which variables lack, and one with them has them all", () => {
    const variables = serviceVariables(plan, "api", connectionsOf(plan));
    const hidden = envFile(variables, "test", false);
    expect(hidden).toMatch(/^# DATABASE_URL holds [\w-]+: --show-secrets writes it\nDATABASE_URL=$/m);
    for (const credential of plan.credentials) expect(hidden).not.toContain(credential.value);
    expect(envFile(variables, "test", true)).toMatch(/^DATABASE_URL=postgres:\/\/app:\w+@/m);
  });
});

test("in a cluster two services with one port are brought to two ports of this machine", async () => {
  const plan = await planOn("kubernetes");
  const rows = connectionsOf(plan, "nowhere").filter(({ component }) => component === "web" || component === "api");
  expect(rows.map(({ outside, way }) => [outside?.port, way])).toEqual([
    [8000, "kubectl --context nowhere -n shop-dev port-forward service/api 8000"],
    [8001, "kubectl --context nowhere -n shop-dev port-forward service/web 8001:8000"],
  ]);
  expect(allVariables(connectionsOf(plan)).map(({ name, value: uri }) => `${name}=${uri}`)).toContain("WEB_HTTP_URL=http://127.0.0.1:8001");
});

describe("a system elsewhere", () => {
  const elsewhere = `
  const db = PostgresDb.existing("db", { platform, host: "db.internal", databases: { app: { password: { env: "DB_WORD" }, database: "orders" } } });
  new AppService("api", { platform, image: "registry.example/api:1", ports: { http: 8000 }, health: http("/"), bindings: { DATABASE: db.databases.app } });
`;
  const word = "p/w d";
  const real = { credentials: (name: string) => `real-${name}`, purpose: "compare" } as const;
  const recorded = (environment: Record<string, string>, more = {}) =>
    recordedTopology(elsewhere, { target: "docker", profile: "dev" }, { DB_WORD: "", ...environment }, more);

  test("has its user and its password, which is a secret", async () => {
    const plan = await recorded({ DB_WORD: word }, real);
    const rows = connectionsOf(plan);
    expect(rows.map(({ component, name, username, password }) => [component, name, username, password])).toContainEqual(["db", "app", "app", word]);
    const uri = "postgres://app:p%2Fw%20d@db.internal:5432/orders?sslmode=require";
    expect(allVariables(rows)).toContainEqual(expect.objectContaining({ name: "DB_APP_URL", value: uri, secret: true }));
    expect(serviceVariables(plan, "api", rows)).toContainEqual(expect.objectContaining({ name: "DATABASE_URL", value: uri, secret: true }));
    const [row] = rows.filter(({ name }) => name === "app");
    expect(row && withWord(row, "[hidden]").outside?.uri).toBe("postgres://app:[hidden]@db.internal:5432/orders?sslmode=require");
    const hidden = [
      envFile(allVariables(rows), "test", false),
      JSON.stringify(shownPlan(plan)),
      JSON.stringify(rows.map((each) => withWord(each, "[hidden]"))),
    ];
    for (const text of hidden) {
      expect(text).not.toContain(word);
      expect(text).not.toContain("p%2Fw%20d");
    }
  });

  test("whose password is not at hand is looked at all the same, also beside real credentials, and not carried out", async () => {
    const plan = await recorded({}, real);
    const rows = connectionsOf(plan);
    expect(rows.find(({ name }) => name === "app")?.unknown).toBe(true);
    expect(holdsUnknown(plan)).toBe(true);
    expect(holdsUnknown(await recorded({ DB_WORD: word }, real))).toBe(false);
    expect(envFile(allVariables(rows), "test", true)).toMatch(/^# DB_APP_URL holds a secret that is not known here.*\nDB_APP_URL=$/m);
    expect(envFile(serviceVariables(plan, "api", rows), "test", true)).toMatch(/^DATABASE_URL=$/m);
    await expect(recorded({}, { ...real, purpose: "carry-out" })).rejects.toThrow("export DB_WORD");
  });
});
