import { describe, expect, test } from "vitest";
import { bind, resolveBindings } from "../../../src/core/binding.ts";
import { connectionTo, resolved } from "../connections.ts";

const db = connectionTo("db", { username: "app", password: "hunter2", database: "shop" });
const cache = connectionTo("cache");

describe("resolveBindings", () => {
  test("the short form gives the URI in one variable", async () => {
    const { bindings, env, problems } = resolveBindings("api", { DATABASE: db });
    expect(problems).toEqual([]);
    expect(bindings).toEqual([{ key: "DATABASE", to: db, variables: ["DATABASE_URL"] }]);
    expect(Object.keys(env)).toEqual(["DATABASE_URL"]);
    expect(env.DATABASE_URL).toBe(db.uri);
  });

  test("the long form names the variables itself, and gives no other", async () => {
    const { bindings, env } = resolveBindings("api", {
      DB: bind(db, { DB_HOST: (c) => c.host, DB_PORT: (c) => c.port.apply(String), DB_MODE: () => "rw" }),
    });
    expect(bindings).toEqual([{ key: "DB", to: db, variables: ["DB_HOST", "DB_PORT", "DB_MODE"] }]);
    expect(Object.keys(env)).toEqual(["DB_HOST", "DB_PORT", "DB_MODE"]);
    expect(await resolved(env.DB_PORT as typeof db.host)).toBe("5432");
    expect(env.DB_MODE).toBe("rw");
  });

  test("a permission without variables", () => {
    expect(resolveBindings("api", { DB: { to: db, env: {} } })).toEqual({ bindings: [{ key: "DB", to: db, variables: [] }], env: {}, problems: [] });
  });

  test("variables that clients read by themselves come along, once for two bindings to one server", () => {
    const queue = (system: string, endpoint: string) => ({ ...connectionTo(system), env: { AWS_ENDPOINT_URL_SQS: endpoint } });
    const [jobs, mails] = [queue("queue", "http://queue:9324"), queue("queue", "http://queue:9324")];
    const { env, problems } = resolveBindings("api", { JOBS: jobs, MAILS: bind(mails, {}) });
    expect(problems).toEqual([]);
    expect(env).toEqual({ JOBS_URL: jobs.uri, AWS_ENDPOINT_URL_SQS: "http://queue:9324" });
    expect(resolveBindings("api", { JOBS: jobs, OTHER: queue("other", "http://other:9324") }).problems).toMatchObject([
      { path: "bindings.OTHER", value: "AWS_ENDPOINT_URL_SQS", rule: expect.stringContaining("clients of other read by themselves") },
    ]);
  });

  test("what is right is resolved although something beside it is wrong", () => {
    const { bindings, problems } = resolveBindings("api", { DATABASE: db, WRONG: {} as typeof db, cache });
    expect(bindings.map(({ key }) => key)).toEqual(["DATABASE", "cache"]);
    expect(problems.map(({ path, component }) => [component, path])).toEqual([
      ["api", "bindings.WRONG"],
      ["api", "bindings.cache"],
      ["api", "bindings.cache.env.cache_URL"],
    ]);
  });

  test("no problem shows the password of the connection that it is about", () => {
    const { problems } = resolveBindings("db", { self: db, other: { to: db, env: { a: (c: typeof db) => c.uri } } });
    expect(problems.length).toBeGreaterThan(2);
    expect(JSON.stringify(problems)).not.toContain("hunter2");
  });
});
