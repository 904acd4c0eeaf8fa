import { exec, http, tcp } from "../../../src/core/probe.ts";
import { connectionTo } from "../connections.ts";
import type { ExpectedProblem, MalformedCase } from "./malformed-cases.ts";

const sound = { image: "acme/api:1.4.2", ports: { http: 8000 }, health: http("/health") };
const db = connectionTo("db");

/** A sound service with these arguments laid over it. */
const service = (name: string, args: object, ...expected: ExpectedProblem[]): MalformedCase => ({
  name: `AppService: ${name}`,
  components: [["AppService", "api", { ...sound, ...args }]],
  expected,
});

const one = (path: string, rule: RegExp, fix: RegExp): ExpectedProblem => ({ path, rule, fix });
const pinned = (path = "image") => one(path, /with a version \(not latest\) or a digest/, /registry\/name:version/);
const ownPath = (path: string) => one(path, /an absolute path that is not the system's own/, /e\.g\. \/data/);
const notRoot = one("user", /a user that is not root/, /1000:1000/);
const connection = (path: string) => one(path, /a connection of another component/, /not to the component/);

/** What can be wrong in the arguments of a service. */
export const malformedAppServices: readonly MalformedCase[] = [
  {
    name: "AppService: neither ports nor health, and three unknown arguments",
    components: [["AppService", "api", { image: "acme/api:1.0", helth: http("/"), prots: {}, wat: 1 }]],
    expected: [
      one("ports", /required/, /give ports/),
      one("health", /required/, /give health/),
      one("helth", /a known argument/, /did you mean health\?/),
      one("prots", /a known argument/, /did you mean ports\?/),
      one("wat", /a known argument/, /remove it, or use one of/),
    ],
  },
  {
    name: "AppService: no image outside dev",
    stack: { profile: "staging" },
    components: [["AppService", "api", { ports: { http: 8000 }, health: tcp() }]],
    expected: [one("image", /profile staging runs no placeholder/, /under images in the stack file/)],
  },
  service(
    "checkouts that name no repository, no commit, no place, and a user without a token",
    {
      checkouts: {
        plain: { url: "http://git.example/docs.git", ref: "main", path: "/docs" },
        keyed: { url: "https://me:secret@git.example/docs.git", ref: "main", path: "/keyed" },
        option: { url: "https://git.example/docs.git", ref: "--upload-pack=x", path: "/option" },
        inside: { url: "https://git.example/docs.git", ref: "main", path: "/etc/groundplan/docs" },
      },
    },
    one("checkouts.plain.url", /over HTTPS, without user and password/, /give a token apart/),
    one("checkouts.keyed.url", /over HTTPS, without user and password/, /give a token apart/),
    one("checkouts.option.ref", /a branch, a tag or a full commit/, /e\.g\. main/),
    ownPath("checkouts.inside.path"),
  ),
  service(
    "two checkouts in one place, and a user that has no token",
    {
      checkouts: {
        docs: { url: "https://git.example/docs.git", ref: "main", path: "/docs" },
        more: { url: "https://git.example/more.git", ref: "main", path: "/docs", username: "oauth2" },
      },
    },
    one("checkouts.more.path", /a path of its own; docs has it/, /mount it elsewhere/),
    one("checkouts.more.username", /only together with token/, /give the token/),
  ),
  service(
    "a fixed number and a moving one, upside down, and a liveness that asks a port that is not there",
    { replicas: 3, autoscale: { min: 4, max: 2, cpuPercent: 70 }, liveness: tcp({ port: "admin" }) },
    one("replicas", /either a fixed number or autoscale/, /leave replicas out/),
    one("autoscale.max", /at least autoscale\.min, 4/, /raise max/),
    one("liveness.port", /the name of a port: http/, /leave it out for the first one/),
  ),
  service(
    "autoscale and runtime that are none",
    { autoscale: { min: 0, cpuPercent: 99 }, runtime: "rust", liveness: { kind: "grpc" } },
    one("autoscale.min", /from 1 to 50/, /in that range/),
    one("autoscale.max", /required/, /give max/),
    one("autoscale.cpuPercent", /from 10 to 95/, /in that range/),
    one("runtime", /one of go, node, java/, /choose/),
    one("liveness.kind", /one of http, tcp, exec/, /choose|did you mean/),
  ),
  service(
    "processors and a patience that are none",
    { architecture: "x86_64", requestTimeoutSeconds: 0 },
    one("architecture", /one of amd64, arm64/, /choose|did you mean/),
    one("requestTimeoutSeconds", /from 1 to 3600 seconds/, /in that range/),
  ),
  service("an image that floats", { image: "ghcr.io/acme/api:latest" }, pinned()),
  service("an image without a version", { image: "localhost:5000/api" }, pinned()),
  service("an image with a scheme", { image: "https://robot:hunter2@ghcr.io/acme/api:1.0" }, pinned()),
  service("an image that is a number", { image: 5 }, pinned()),
  service(
    "a build without a context",
    { image: { build: { dokerfile: "x" } } },
    one("image.build.context", /required/, /give context/),
    one("image.build.dokerfile", /a known argument/, /did you mean dockerfile\?/),
  ),
  service(
    "a build outside its context",
    { image: { build: { context: "api", dockerfile: "/etc/Dockerfile", args: { "A B": "x", C: 1 } } } },
    one("image.build.dockerfile", /a path below the context/, /Dockerfile/),
    one("image.build.args.A B", /the name must be a word/, /rename/),
    one("image.build.args.C", /text/, /quote it/),
  ),
  service(
    "ports that are none",
    { ports: { http: 0, admin: 65_536, "no name": 8000, grpc: "9000" } },
    one("ports.http", /from 1 to 65535/, /in that range/),
    one("ports.admin", /from 1 to 65535/, /in that range/),
    one("ports.no name", /the name must be 1 to 15/, /rename the port/),
    one("ports.grpc", /from 1 to 65535/, /in that range/),
  ),
  service("no port at all", { ports: {} }, one("ports", /at least one port/, /http: 8000/)),
  service("one number for two ports", { ports: { http: 8000, admin: 8000 } }, one("ports.admin", /a number of its own/, /two ports cannot be one/)),
  service("ports as a list", { ports: [8000] }, one("ports", /a map of names/, /as a map/)),
  service(
    "publishing ports that are not declared",
    { publish: ["http", "metrics", "admin"] },
    one("publish[1]", /the name of a port: http/, /add it to ports/),
    one("publish[2]", /the name of a port: http/, /add it to ports/),
  ),
  service("publish as a number", { publish: 8000 }, one("publish", /a list/, /as a list/)),
  service("a health check that is a text", { health: "/health" }, one("health", /a probe/, /http\("\/health"\)/)),
  service(
    "a health check of an unknown kind",
    { health: { kind: "htttp", path: "/" } },
    one("health.kind", /one of http, tcp, exec/, /did you mean http\?/),
  ),
  service(
    "a health check with everything wrong",
    { health: http("health", { intervalSeconds: 0, retries: 1.5, startSeconds: -1, port: "http" }) },
    one("health.path", /a path that starts with \//, /\/health/),
    one("health.intervalSeconds", /from 1 to 3600 seconds/, /in that range/),
    one("health.retries", /from 1 to 1000/, /in that range/),
    one("health.startSeconds", /from 0 to 3600/, /in that range/),
  ),
  service("a health check that runs nothing", { health: exec([]) }, one("health.command", /at least 1 entry/, /add an entry/)),
  service(
    "a health check on an unknown port, slower than its interval",
    { health: tcp({ port: "grpc", intervalSeconds: 2, timeoutSeconds: 3 }) },
    one("health.port", /the name of a port: http/, /leave it out/),
    one("health.timeoutSeconds", /not more than intervalSeconds/, /shorten the timeout/),
  ),
  service(
    "bound to components instead of connections",
    { bindings: { DATABASE: { databases: { app: db } }, CACHE: "cache", BUS: undefined } },
    connection("bindings.DATABASE"),
    connection("bindings.CACHE"),
    connection("bindings.BUS"),
  ),
  service("bindings as a list", { bindings: [db] }, one("bindings", /a map of names to connections/, /DATABASE: db\.databases\.app/)),
  service("bound to itself", { bindings: { SELF: connectionTo("api") } }, one("bindings.SELF", /another component/, /reaches itself anyway/)),
  service(
    "a binding in small letters, with a variable in small letters",
    { bindings: { db: { to: db, env: { host: () => "x" } } } },
    one("bindings.db", /a key in capitals/, /DATABASE/),
    one("bindings.db.env.host", /a variable name in capitals/, /DATABASE_URL/),
  ),
  service(
    "a variable of a binding that is no function",
    { bindings: { DB: { to: db, env: { DB_HOST: "db", DB_PORT: 5432 } } } },
    one("bindings.DB.env.DB_HOST", /a function of the connection/, /\(c\) => c\.host/),
    one("bindings.DB.env.DB_PORT", /a function of the connection/, /\(c\) => c\.host/),
  ),
  service(
    "two bindings that set one variable",
    { bindings: { DB: db, OTHER: { to: connectionTo("other"), env: { DB_URL: () => "x" } } } },
    one("bindings.OTHER.env.DB_URL", /a variable that no other binding sets/, /rename one/),
  ),
  service(
    "a variable that a binding sets too",
    { bindings: { DB: db }, env: { DB_URL: "postgres://app:hunter2@db/app" } },
    one("env.DB_URL", /a variable that no binding sets/, /rename it in the binding/),
  ),
  service(
    "variables that are none",
    { env: { "1ST": "a", LEVEL: 3, PASSWORDS: ["hunter2"], NESTED: { a: "b" } } },
    one("env.1ST", /the name must be the name of a variable/, /letters, digits/),
    one("env.LEVEL", /text/, /quote it/),
    one("env.PASSWORDS", /text/, /quote it/),
    one("env.NESTED", /text/, /quote it/),
  ),
  ...["root", "0:0", "00:1000", "1000", 1000].map((user) => service(`user ${JSON.stringify(user)}`, { user }, notRoot)),
  service(
    "volumes on the system's own paths",
    { volumes: { a: { path: "/proc/self" }, b: { path: "/sys" }, c: { path: "/dev/shm" }, d: { path: "/etc/groundplan/x" } } },
    ...["a", "b", "c", "d"].map((name) => ownPath(`volumes.${name}.path`)),
  ),
  service(
    "volumes on detours to the system's own paths",
    { volumes: { a: { path: "/data/../proc" }, b: { path: "//proc" }, c: { path: "/./sys" } } },
    ...["a", "b", "c"].map((name) => ownPath(`volumes.${name}.path`)),
  ),
  service(
    "volumes elsewhere that cannot be",
    { volumes: { a: { path: "data" }, b: { path: "/" }, c: { path: "/tmp" }, d: { path: "/a:/b" }, e: {} } },
    ...["a", "b", "c", "d"].map((name) => ownPath(`volumes.${name}.path`)),
    one("volumes.e.path", /required/, /give path/),
  ),
  service(
    "two volumes on one path, one of them too small",
    { volumes: { a: { path: "/data" }, b: { path: "/data" } } },
    one("volumes.b.path", /a path of its own; a has it/, /elsewhere/),
  ),
  service(
    "sizes out of range",
    { replicas: 0, memoryMiB: 8, cpus: 0, stopSeconds: 4000, volumes: { a: { path: "/data", storageGiB: 0 } } },
    one("replicas", /from 1 to 50/, /in that range/),
    one("memoryMiB", /from 16 to 1048576 MiB/, /in that range/),
    one("cpus", /from 0\.05 to 256/, /in that range/),
    one("stopSeconds", /from 1 to 3600 seconds/, /in that range/),
    one("volumes.a.storageGiB", /from 1 to 65536 GiB/, /in that range/),
  ),
  service(
    "sizes of the wrong type",
    { replicas: "2", memoryMiB: null, cpus: [1], writableRoot: "no", tools: ["crul"], command: "run" },
    one("replicas", /a whole number/, /in that range/),
    one("memoryMiB", /a whole number/, /in that range/),
    one("cpus", /a number/, /in that range/),
    one("writableRoot", /true or false/, /without quotes/),
    one("tools[0]", /one of wget, curl, nc/, /did you mean curl\?/),
    one("command", /a list/, /as a list/),
  ),
  service(
    "egress that is none",
    { egress: [{ host: "https://api.github.com", port: 443 }, { host: "api.github.com" }, "api.github.com:443"] },
    one("egress[0].host", /a host name/, /api\.github\.com/),
    one("egress[1].port", /required/, /give port/),
    one("egress[2]", /a map of settings/, /as a map/),
  ),
  {
    name: "AppService: a platform in the stack file",
    stack: { components: { api: { platform: "docker", env: { LOG: { level: 1 } } } } },
    components: [["AppService", "api", { ports: { http: 8000 }, health: tcp() }]],
    expected: [
      { ...one("platform", /the platform of the topology/, /remove it/), origin: "Pulumi.dev.yaml components.api.platform" },
      { ...one("env.LOG", /text/, /quote it/), origin: "Pulumi.dev.yaml components.api.env" },
    ],
  },
];
