import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import type { AppServiceArgs } from "../../../components/app-service/app-service.ts";
import { exec, http, tcp } from "../../../src/core/probe.ts";
import { settingsOf, soundSpec, specs } from "../../support/settings.ts";
import { connectionTo } from "../connections.ts";

const db = connectionTo("db", { username: "app", password: "hunter2", database: "shop" });
const sound = { image: "acme/api:1.0", ports: { http: 8000, grpc: 9000 }, health: tcp() };
const specOf = (args: Partial<Omit<AppServiceArgs, "platform">> = {}, settings = settingsOf()) =>
  soundSpec("AppService", "api", { ...sound, ...args }, settings);
const workloadOf = (...args: Parameters<typeof specOf>) => specOf(...args).workloads[0];

describe("what a service runs", () => {
  test("its image and its settings, with those of its bindings", () => {
    const workload = workloadOf({ env: { LEVEL: "debug" }, bindings: { DB: db }, command: ["node", "x.js"], tools: ["curl"] });
    expect(workload).toMatchObject({
      image: { reference: "acme/api:1.0" },
      entrypoint: ["node", "x.js"],
      tools: ["curl"],
      bindings: [{ key: "DB", to: db }],
    });
    expect(workload?.env).toEqual({ LEVEL: "debug", DB_URL: db.uri });
  });

  test("as the user that it names, who may write only where it was said", () => {
    expect(workloadOf({ user: "70:1001", volumes: { data: { path: "/data" } } })).toMatchObject({
      uid: 70,
      gid: 1001,
      readOnlyRoot: true,
      scratch: ["/tmp"],
      volumes: [{ name: "data", path: "/data", storageGiB: 5 }],
    });
    expect(workloadOf({ writableRoot: true })).toMatchObject({ uid: 1000, gid: 1000, readOnlyRoot: false });
  });

  test("with copies of repositories, whose hosts it may reach, each once, beside what it declares", () => {
    const checkouts = {
      docs: { url: "https://git.example:8443/acme/docs.git", ref: "v1.2", path: "/docs", token: "t0ken" },
      more: { url: "https://git.example:8443/acme/more.git", ref: "main", path: "/more", sizeMiB: 50 },
      site: { url: "https://api.example/site", ref: "main", path: "/site" },
    };
    expect(workloadOf({ checkouts, egress: [{ host: "api.example", port: 443 }] })).toMatchObject({
      checkouts: [
        { name: "docs", ref: "v1.2", path: "/docs", sizeMiB: 1024, login: { username: "x-access-token", token: "t0ken" } },
        { name: "more", sizeMiB: 50 },
        { name: "site" },
      ],
      egress: [
        { host: "api.example", port: 443 },
        { host: "git.example", port: 8443 },
      ],
    });
    expect(workloadOf({ checkouts })?.env).toEqual({});
  });

  test("a password before the host of a repository is refused and not repeated", () => {
    const [problem] = specs.AppService("api", { ...sound, checkouts: { docs: { url: "https://me:hunter2@x/y", ref: "main", path: "/d" } } }).problems;
    expect(problem).toMatchObject({ path: "checkouts.docs.url", value: "[hidden]" });
    expect(JSON.stringify(problem)).not.toContain("hunter2");
  });

  test("sized by its profile, or by its arguments", () => {
    const prod = settingsOf({ profile: "prod" });
    expect(workloadOf({}, prod)).toMatchObject({ replicas: 3, resources: { memoryMiB: 1024, cpus: 1 } });
    expect(workloadOf({ replicas: 1, memoryMiB: 64, cpus: 0.1 }, prod)).toMatchObject({ replicas: 1, resources: { memoryMiB: 64, cpus: 0.1 } });
  });

  test("restarted by a question that asks nobody else: its port, unless it says another", () => {
    const ports = { http: 8000, admin: 9000 };
    expect(workloadOf({ ports, health: http("/ready", { port: "admin" }) })?.liveness).toEqual(tcp({ port: "admin" }));
    expect(workloadOf({ ports, health: exec(["check"]) })?.liveness).toEqual(tcp());
    expect(workloadOf({ ports, liveness: http("/live") })?.liveness).toEqual(http("/live"));
  });

  test("with autoscale the smallest number of replicas is what runs first", () => {
    expect(workloadOf({ autoscale: { min: 2, max: 8 } })).toMatchObject({ replicas: 2, autoscale: { min: 2, max: 8, cpuPercent: 70 } });
    expect(workloadOf({ replicas: 2 })).not.toHaveProperty("autoscale");
  });

  test.each([
    ["go", { GOMEMLIMIT: "460MiB" }],
    ["node", { NODE_OPTIONS: "--max-old-space-size=384" }],
    ["java", { JAVA_TOOL_OPTIONS: "-XX:MaxRAMPercentage=75" }],
    [undefined, {}],
  ] as const)("the heap of %s stays below the memory limit, and env has the last word", (runtime, heap) => {
    const args = { memoryMiB: 512, ...(runtime ? { runtime } : {}) };
    expect(workloadOf(args)?.env).toEqual(heap);
    for (const name of Object.keys(heap)) expect(workloadOf({ ...args, env: { [name]: "own" } })?.env).toEqual({ [name]: "own" });
  });

  test("published are the ports that it names, and no others", () => {
    expect(workloadOf({ publish: ["grpc"] })?.ports).toEqual({
      http: { port: 8000, protocol: "http", published: false },
      grpc: { port: 9000, protocol: "tcp", published: true },
    });
  });

  test("the digest tells who is bound and what is reached, and no secret", () => {
    const { digest } = specOf({ bindings: { DB: db }, egress: [{ host: "a.io", port: 443 }], health: http("/health"), publish: ["http"] });
    expect(digest).toMatchObject({
      bindings: { DB: "db:5432" },
      variables: ["DB=DB_URL"],
      egress: ["a.io:443"],
      probe: "http GET /health",
      published: ["http"],
    });
    expect(JSON.stringify(digest)).not.toContain("hunter2");
  });
});

describe("without an image", () => {
  test("dev runs a placeholder with the bindings, and says so", () => {
    const { workloads, warnings } = specOf(
      { image: undefined, bindings: { DB: db }, health: http("/ready") },
      settingsOf({ mirror: "127.0.0.1:5000" }),
    );
    expect(warnings.join()).toMatch(/placeholder/);
    expect(workloads[0]?.image).toMatchObject({ build: { args: { BASE: expect.stringMatching(/^127\.0\.0\.1:5000\/library\/node:/) } } });
    expect(workloads[0]?.env).toMatchObject({
      PLACEHOLDER_PORTS: "8000,9000",
      PLACEHOLDER_HEALTH: "/ready",
      PLACEHOLDER_BINDING_DB: db.uri,
      DB_URL: db.uri,
    });
  });

  test("a broken service gets none: its problems are what there is to see", () => {
    const { problems, warnings, workloads } = specs.AppService("api", { ...sound, image: undefined, user: "root" });
    expect([problems.length, warnings]).toEqual([1, []]);
    expect(workloads[0]?.env).toEqual({});
  });
});

test("a service with problems can still be bound to, by the names of its ports", () => {
  expect(Object.keys(specs.AppService("api", { ...sound, ports: { http: 0, web: "x" } }).connections)).toEqual(["http", "web"]);
  expect(Object.keys(specs.AppService("api", { health: tcp() }).connections)).toEqual(["http"]);
  expect(Object.keys(specs.PostgresDb("db", { databases: { app: { grants: { reader: "raed" } }, shop: null } }).connections)).toEqual([
    "app",
    "app/reader",
    "shop",
    "monitor",
  ]);
});

describe("the check that verify runs", () => {
  const scriptOf = (health: AppServiceArgs["health"]) => specOf({ health }).jobs.map(({ entrypoint }) => entrypoint?.at(-1) ?? "");

  test("asks the probe's port by the name of the service; a command inside cannot be asked from outside", () => {
    expect(scriptOf(tcp({ port: "grpc" })).join()).toContain("api 9000");
    expect(scriptOf(http("/health")).join()).toContain("api 8000");
    expect(scriptOf(exec(["true"]))).toEqual([]);
  });

  test.each(["/health", "/health?x=%20&y=%s;z", "/a/~b/@c,d+e:f"])("sends the path %s as it is", (path) => {
    const print =
      scriptOf(http(path))
        .join()
        .split("\n")
        .find((line) => line.startsWith("printf"))
        ?.replace(/ >&3$| \| nc .*$/, "") ?? "";
    expect(execFileSync("sh", ["-c", print], { encoding: "utf8" })).toBe(`GET ${path} HTTP/1.0\r\nHost: api\r\n\r\n`);
  });

  test.each(["/a'b", "/a$(b)", "/a`b`", '/a"b', "/a b", "/a\\b"])("no path that a shell would read: %s", (path) => {
    expect(specs.AppService("api", { ...sound, health: http(path) }).problems.map((problem) => problem.path)).toEqual(["health.path"]);
  });
});
