import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, test } from "vitest";
import { resolveBindings } from "../../../src/core/binding.ts";
import type { Endpoint } from "../../../src/core/connection.ts";
import { disallowedEgress } from "../../../src/core/egress.ts";
import { openSecret, secretFindings } from "../../../src/core/given-secret.ts";
import { type OutsideServer, outsideProblems, outsideWarnings, realiseOutside } from "../../../src/core/outside.ts";
import type { SystemSpec } from "../../../src/core/system.ts";
import { type Kind, settingsOf, soundSpec, specs } from "../../support/settings.ts";
import { resolved } from "../connections.ts";

const password = pulumi.secret("p/w d");
const place = { host: "db.internal", databases: { app: { password, database: "orders", roles: { reporting: { password } } } } };
const declared = { databases: { app: { owner: "shop", grants: { reporting: "read" } } } };
const database = (existing: object, profile = "dev"): SystemSpec => specs.PostgresDb("db", { ...declared, existing }, settingsOf({ profile }));
const told = ({ problems }: SystemSpec) => problems.map(({ path, value, rule }) => `${path} = ${value}: ${rule}`);

/** Connections of a spec, with what each of them would open. */
function realised(spec: SystemSpec) {
  const opened = new Map<Endpoint, OutsideServer>();
  const seal = (server: OutsideServer) => {
    const endpoint = {} as Endpoint;
    opened.set(endpoint, server);
    return endpoint;
  };
  if (!spec.existing) throw new Error("it does not run elsewhere");
  return { ...realiseOutside(spec, spec.existing, spec.problems, seal), opened };
}

afterEach(() => {
  delete process.env.GROUNDPLAN_RECORDING;
  delete process.env.GP_GIVEN;
});

describe("a database that runs elsewhere", () => {
  test("has the connections of one that is made, each with its own login, and nothing to run", async () => {
    const own = soundSpec("PostgresDb", "db", declared);
    const spec = database(place);
    expect(spec.problems).toEqual([]);
    expect([...spec.workloads, ...spec.jobs]).toEqual([]);
    expect(Object.keys(spec.connections)).toEqual(Object.keys(own.connections));
    const { connections, opened } = realised(spec);
    expect(await resolved(pulumi.output(connections.app?.uri ?? ""))).toBe("postgres://shop:p%2Fw%20d@db.internal:5432/orders?sslmode=require");
    expect(await resolved(pulumi.output(connections["app/reporting"]?.uri ?? ""))).toContain("postgres://reporting:");
    expect(await pulumi.isSecret(pulumi.output(connections.app?.uri))).toBe(true);
    expect(await pulumi.isSecret(pulumi.output(connections.app?.host))).toBe(false);
    expect(opened.get(connections.app?.endpoint as Endpoint)).toEqual({ system: "db", host: "db.internal", port: 5432 });
    expect(spec.digest).toMatchObject({ existing: "db.internal:5432", replicas: 0, storageGiB: 0, probes: { db: "runs elsewhere" } });
  });

  test("what nobody said how to reach is told to whoever binds to it", () => {
    const { connections } = realised(database({ host: "db.internal", databases: { app: { password } } }));
    const bind = (key: string) => resolveBindings("api", { DATABASE: connections[key] as never }).problems.map(({ fix }) => fix);
    expect(bind("app")).toEqual([]);
    expect(bind("app/reporting")).toEqual(["give existing.databases.app.roles.reporting.password of db"]);
    expect(bind("monitor")).toEqual(["give existing.monitor.password of db"]);
  });

  test.each([
    [{ host: "https://db.internal" }, "existing.host = https://db.internal: a host name or an IPv4 address, without scheme and port"],
    [{ host: "10.0.0.300" }, "existing.host = 10.0.0.300: a host name or an IPv4 address, without scheme and port"],
    [{ host: "localhost" }, "existing.host = localhost: a host that containers reach: each of them is its own localhost"],
    [{ port: 0 }, "existing.port = 0: a whole number from 1 to 65535"],
    [{ port: 65_536 }, "existing.port = 65536: a whole number from 1 to 65535"],
    [{ databases: {} }, "existing.databases.app = undefined: required: the topology has this database"],
    [{ databases: { ...place.databases, more: { password } } }, "existing.databases.more = more: a database of the topology: app"],
    [{ databases: { app: { password: "in the clear" } } }, "existing.databases.app.password = [hidden]: where the secret is kept, not its text"],
    [{ network: { cidr: "0.0.0.0/0" } }, "existing.network.cidr = 0.0.0.0/0: a range of addresses, not all there are"],
    [{ network: { securityGroup: "database" } }, "existing.network.securityGroup = database: the id of a security group"],
    [{ plaintext: "the way is short" }, "existing.plaintext = the way is short: nothing: the way to it has TLS"],
    [{ tls: false, ca: "-----BEGIN CERTIFICATE-----" }, "existing.ca = given: nothing without TLS: no certificate is shown"],
    [{ user: "app" }, "existing.user = app: a known argument"],
  ])("%o is a problem", (wrong, problem) => {
    expect(told(database({ ...place, ...wrong }))).toEqual([problem]);
  });

  test("a way without TLS needs a reason where data is guarded", () => {
    expect(told(database({ ...place, tls: false }))).toEqual([]);
    expect(told(database({ ...place, tls: false }, "prod"))).toEqual(["existing.tls = false: TLS: profile prod guards data"]);
    const spec = database({ ...place, tls: false, plaintext: "a tunnel encrypts it" }, "prod");
    expect(told(spec)).toEqual([]);
    expect(spec.connections.app).toMatchObject({ tls: false });
    expect(spec.connections.app).not.toHaveProperty("path");
  });

  test("says which arguments mean nothing there", () => {
    const spec = specs.PostgresDb("db", { ...declared, existing: place, memoryMiB: 900, version: "17" });
    expect(spec.warnings).toEqual(["runs elsewhere, so memoryMiB, version of it are as they made it there"]);
  });

  test("the stack file turns one that is made into one that is there, and back", () => {
    const settings = (existing: unknown) => settingsOf({ components: { db: { existing } } });
    const yaml = { host: "db.internal", databases: { app: { password: { env: "DB_PASSWORD" } } } };
    expect(soundSpec("PostgresDb", "db", declared, settings(yaml)).digest.existing).toBe("db.internal:5432");
    expect(soundSpec("PostgresDb", "db", { ...declared, existing: place }, settings(null)).workloads).toHaveLength(1);
    const wrong = specs.PostgresDb("db", declared, settings({ ...yaml, port: "5432" }));
    expect(wrong.problems).toMatchObject([{ path: "existing.port", origin: "Pulumi.dev.yaml components.db.existing" }]);
  });

  test("must be among the addresses that the environment allows", () => {
    const allowed = (egress: string[]) => disallowedEgress(database(place), settingsOf({ egress }));
    expect(allowed(["db.internal:5432"])).toEqual([]);
    expect(allowed(["db.internal:5433"])).toMatchObject([{ component: "db", path: "existing.host", value: "db.internal:5432" }]);
  });
});

test("what a target cannot do with a place is a problem, and what it opens too widely a warning", () => {
  const of = (more: object) => database({ ...place, ...more });
  const paths = (target: "docker" | "kubernetes" | "aws", more: object) => outsideProblems(target, of(more)).map(({ path }) => path);
  expect(paths("docker", { host: "host.docker.internal" })).toEqual([]);
  expect(paths("kubernetes", { host: "host.docker.internal" })).toEqual(["existing.host"]);
  const late = { host: pulumi.output("db.internal") };
  expect(paths("docker", late)).toEqual([]);
  expect(paths("kubernetes", late)).toEqual(["existing.network.cidr"]);
  expect(paths("kubernetes", { ...late, network: { securityGroup: "sg-0123456789abcdef0" } })).toEqual(["existing.network.cidr"]);
  expect(paths("aws", { ...late, network: { securityGroup: "sg-0123456789abcdef0" } })).toEqual([]);
  const warned = (target: "docker" | "kubernetes" | "aws", more: object) => outsideWarnings(target, of(more)).length;
  expect([warned("docker", {}), warned("kubernetes", {}), warned("aws", {})]).toEqual([0, 1, 1]);
  expect([warned("kubernetes", { host: "10.1.2.3" }), warned("aws", { network: { cidr: "10.1.0.0/16" } })]).toEqual([0, 0]);
  expect(warned("kubernetes", { host: "db.data.svc.cluster.local" })).toBe(0);
});

describe("other systems that run elsewhere", () => {
  const uri = async (kind: Kind, args: object, key: string) => {
    const { connections, opened } = realised(soundSpec(kind, "it", args));
    const connection = connections[key];
    return [await resolved(pulumi.output(connection?.uri ?? "")), [...opened.values()].map(({ port }) => port)];
  };

  test.each<[Kind, object, string, string]>([
    ["RedisCache", { existing: { host: "c.internal", password, username: "default" } }, "default", "rediss://default:p%2Fw%20d@c.internal:6379"],
    ["RedisCache", { existing: { host: "c.internal", port: 7000, tls: false, password } }, "default", "redis://app:p%2Fw%20d@c.internal:7000"],
    ["NatsCluster", { existing: { host: "n.internal", password } }, "default", "nats://app:p%2Fw%20d@n.internal:4222"],
    ["NatsCluster", { existing: { host: "n.internal", password, monitorPort: 8222 } }, "monitor", "https://n.internal:8222"],
    ["TemporalServer", { namespaces: { guard: {} }, existing: { host: "t.internal" } }, "namespace/guard", "temporal://t.internal:7233/guard"],
    ["OpaServer", { path: "repo/guard", existing: { host: "o.internal", tls: false } }, "default", "http://o.internal:8181/v1/data/repo/guard"],
    [
      "MessageQueue",
      { queues: { jobs: {} }, existing: { queues: { jobs: "https://sqs.eu-west-1.amazonaws.com/123456789012/shop-jobs" } } },
      "jobs",
      "https://sqs.eu-west-1.amazonaws.com/123456789012/shop-jobs",
    ],
  ])("%s %o", async (kind, args, key, expected) => {
    expect((await uri(kind, args, key))[0]).toBe(expected);
  });

  test("queues of two services are a problem, and clients learn the endpoint of one that is not AWS", async () => {
    const queues = (urls: Record<string, string>) =>
      specs.MessageQueue("it", { queues: Object.fromEntries(Object.keys(urls).map((name) => [name, {}])), existing: { queues: urls } });
    const apart = queues({ jobs: "https://a.internal/1/jobs", mails: "https://b.internal/1/mails" });
    expect(told(apart)).toEqual(["existing.queues = a.internal,b.internal: queues of one service"]);
    const { connections } = realised(queues({ jobs: "http://mq.internal:9324/000000000000/jobs" }));
    expect(connections.jobs?.env).toEqual({ AWS_ENDPOINT_URL_SQS: "http://mq.internal:9324", AWS_REGION: "us-east-1" });
    expect(connections["jobs-dlq"]?.missing).toBe("existing.deadLetters.jobs");
  });
});

describe("a secret that is given", () => {
  const looked = (recording = "to-look-at") => {
    process.env.GROUNDPLAN_RECORDING = recording;
  };

  test("by a variable: needed where the plan is carried out, not where it is looked at", async () => {
    expect(secretFindings({ env: "GP_GIVEN" }, "at")).toMatchObject([{ path: "at", value: "GP_GIVEN", fix: "export GP_GIVEN" }]);
    looked("to-hand-over");
    expect(secretFindings({ env: "GP_GIVEN" }, "at")).toHaveLength(1);
    looked();
    expect(secretFindings({ env: "GP_GIVEN" }, "at")).toEqual([]);
    process.env.GP_GIVEN = "told";
    expect(await resolved(openSecret({ env: "GP_GIVEN" }))).toBe("told");
    expect(await pulumi.isSecret(openSecret({ env: "GP_GIVEN" }))).toBe(true);
  });

  test("by the configuration: it must be there, and not as plain text", async () => {
    const config = (values: Record<string, string>, secret: string[] = []) => pulumi.runtime.setAllConfig(values, secret);
    try {
      config({});
      expect(secretFindings({ config: "shop:db" }, "at")).toMatchObject([{ value: "shop:db", fix: "run pulumi config set --secret shop:db" }]);
      config({ "shop:db": "in the clear" });
      expect(JSON.stringify(secretFindings({ config: "shop:db" }, "at"))).toMatch(/plain text/);
      expect(JSON.stringify(secretFindings({ config: "shop:db" }, "at"))).not.toContain("in the clear");
      config({ "shop:db": "opened" }, ["shop:db"]);
      expect(secretFindings({ config: "shop:db" }, "at")).toEqual([]);
      expect(await resolved(openSecret({ config: "shop:db" }))).toBe("opened");
      // As the stack file has it: the recorder cannot open it.
      config({ "shop:db": '{"secure":"v1:abc"}' });
      expect(secretFindings({ config: "shop:db" }, "at")).toMatchObject([{ rule: expect.stringContaining("only the Pulumi CLI") }]);
      looked();
      expect(secretFindings({ config: "shop:db" }, "at")).toEqual([]);
      expect(await resolved(openSecret({ config: "shop:db" }))).not.toContain("secure");
      // With real credentials beside it: no reason to ask for a CLI.
      looked("to-compare");
      expect(secretFindings({ config: "shop:db" }, "at")).toEqual([]);
      // An engine runs the program itself and opens it.
      looked("to-hand-over");
      expect(secretFindings({ config: "shop:db" }, "at")).toEqual([]);
      config({});
      expect(secretFindings({ config: "shop:db" }, "at")).toMatchObject([{ fix: "run pulumi config set --secret shop:db" }]);
      config({ "shop:db": '{"secure":"v1:abc"}' });
      looked("to-carry-out");
      expect(secretFindings({ config: "shop:db" }, "at")).toHaveLength(1);
    } finally {
      config({});
    }
  });
});
