import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { AppService } from "../../components/app-service/app-service.ts";
import { MessageQueue } from "../../components/message-queue/message-queue.ts";
import { PostgresDb } from "../../components/postgres-db/postgres-db.ts";
import { TemporalServer } from "../../components/temporal-server/temporal-server.ts";
import type { Platform } from "../../src/core/platform.ts";
import { http } from "../../src/core/probe.ts";
import type { PlanResource } from "../../src/preview/plan.ts";
import { type Ground, groundSettings } from "../support/grounds.ts";
import { recordInProcess } from "../support/in-process.ts";

interface Place {
  readonly host: pulumi.Input<string>;
  readonly network?: { readonly cidr?: string; readonly securityGroup?: string };
}

const service = (platform: Platform, name: string, bindings: object) =>
  new AppService(name, { platform, image: "registry.example/api:1.0.0", ports: { http: 80 }, health: http("/"), replicas: 1, bindings } as never);

/** A database elsewhere, a service that is bound to it, and one that is not. */
const topology = (place: Place) => (platform: Platform) => {
  const db = PostgresDb.existing("db", { platform, ...place, port: 6432, databases: { app: { password: pulumi.secret("x") } } });
  service(platform, "api", { DATABASE: db.databases.app });
  service(platform, "web", {});
};

const on = async (target: Ground, make: (platform: Platform) => void, more: object = {}) => {
  const { resources, problems, warnings } = await recordInProcess(make, { target, profile: "dev", ...groundSettings[target], ...more });
  expect(problems).toEqual([]);
  return { resources, warnings };
};
const named = (resources: readonly PlanResource[], type: string, name: string) => {
  const found = resources.find((resource) => resource.type.endsWith(type) && resource.name === name);
  if (!found) throw new Error(`no ${type} ${name}`);
  return found.inputs as Record<string, unknown>;
};
const component = (resources: readonly PlanResource[]) => resources.find(({ type }) => type === "groundplan:index:PostgresDb");

/** Resources of AWS or a cluster that name the outside are looked at as text: exactly those of the client may. */
const naming = (resources: readonly PlanResource[], text: string) =>
  resources.filter(({ custom, inputs }) => custom && JSON.stringify(inputs).includes(text)).map(({ name }) => name);

describe("a way to a database that runs elsewhere is open for whoever is bound to it, and nobody else", () => {
  test("on Docker by the bridge that leads out, and this machine has its name", async () => {
    const { resources, warnings } = await on("docker", topology({ host: "host.docker.internal" }));
    const networks = (name: string) => (named(resources, ":Container", name).networksAdvanced as { name: string }[]).map((one) => one.name);
    expect(networks("api")).toEqual(["shop-dev-api", "shop-dev-egress"]);
    expect(networks("web")).toEqual(["shop-dev-web"]);
    expect(named(resources, ":Container", "api").hosts).toEqual([{ host: "host.docker.internal", ip: "host-gateway" }]);
    expect(named(resources, ":Container", "web").hosts).toBeUndefined();
    expect(warnings).toContainEqual(expect.stringMatching(/^db: a system that runs elsewhere \(existing\): docker gives a way out as a whole/));
    expect(resources.filter(({ parent }) => parent === component(resources)?.urn)).toEqual([]);
    expect(component(resources)?.outputs).toMatchObject({
      kind: "PostgresDb",
      existing: "host.docker.internal:6432",
      connections: { app: { host: "host.docker.internal", port: 6432, tls: true, external: "127.0.0.1:6432" } },
    });
    expect(JSON.stringify(component(resources)?.outputs)).not.toContain("monitor");
  });

  const policy = (resources: readonly PlanResource[], name: string) =>
    (named(resources, ":NetworkPolicy", name).spec as { egress: { to: object[]; ports: { port: number }[] }[] }).egress.filter(({ ports }) =>
      ports.some(({ port }) => port === 6432),
    );

  test.each<[string, Place, object]>([
    ["an address", { host: "10.1.2.3" }, { ipBlock: { cidr: "10.1.2.3/32" } }],
    ["a range", { host: "db.internal", network: { cidr: "10.1.0.0/16" } }, { ipBlock: { cidr: "10.1.0.0/16" } }],
    ["a host that is known later", { host: pulumi.output("late.internal"), network: { cidr: "10.1.0.0/16" } }, { ipBlock: { cidr: "10.1.0.0/16" } }],
    [
      "a Service of another namespace",
      { host: "db.data.svc.cluster.local" },
      { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "data" } } },
    ],
  ])("on Kubernetes by its port to %s", async (_, place, peer) => {
    const { resources, warnings } = await on("kubernetes", topology(place));
    expect(policy(resources, "api")).toEqual([{ to: [peer], ports: [{ protocol: "TCP", port: 6432 }] }]);
    expect(policy(resources, "web")).toEqual([]);
    expect(warnings.filter((warning) => warning.startsWith("db:"))).toEqual([]);
  });

  test("in a mesh the proxies know it, by its range", async () => {
    const kubernetes = { kubernetes: { ...groundSettings.kubernetes.kubernetes, mesh: { mode: "sidecar" } } };
    const { resources } = await on("kubernetes", topology({ host: "db.internal", network: { cidr: "10.1.0.0/16" } }), kubernetes);
    expect(named(resources, ":ServiceEntry", "egress-db-internal-6432").spec).toMatchObject({
      hosts: ["db.internal"],
      addresses: ["10.1.0.0/16"],
      resolution: "NONE",
      ports: [{ number: 6432, protocol: "TCP" }],
    });
  });

  test.each<[string, Place, object]>([
    ["a range", { host: "db.internal", network: { cidr: "10.1.0.0/16" } }, { cidrIpv4: "10.1.0.0/16" }],
    [
      "a security group",
      { host: "db.internal", network: { securityGroup: "sg-0123456789abcdef0" } },
      { referencedSecurityGroupId: "sg-0123456789abcdef0" },
    ],
    ["an address", { host: "203.0.113.7" }, { cidrIpv4: "203.0.113.7/32" }],
  ])("on AWS by a rule to %s", async (_, place, target) => {
    const { resources } = await on("aws", topology(place));
    const rules = resources.filter(({ type, inputs }) => type.includes("securityGroup") && inputs.fromPort === 6432);
    expect(rules.map(({ name }) => name)).toEqual(["api-to-db-6432-out"]);
    expect(rules[0]?.inputs).toMatchObject({ ...target, toPort: 6432, description: "api: db, which runs elsewhere" });
    expect(resources.filter(({ type }) => type.startsWith("aws:rds"))).toEqual([]);
  });

  test("on AWS a name alone needs a way out, and says how wide that is", async () => {
    const { warnings } = await on("aws", topology({ host: "db.example.com" }));
    expect(warnings).toContainEqual(expect.stringMatching(/^db: existing.host is a name: .* every address; existing.network.cidr narrows that/));
    const closed = { aws: { ...groundSettings.aws.aws, nat: "none" }, mirror: "123456789012.dkr.ecr.eu-central-1.amazonaws.com" };
    const settings = { target: "aws", profile: "dev", ...closed };
    const { problems } = await recordInProcess(topology({ host: "db.example.com" }), settings);
    expect(problems.filter(({ component: name }) => name === "db")).toMatchObject([{ path: "existing.host", value: "db.example.com:6432" }]);
    const within = await recordInProcess(topology({ host: "db.internal", network: { cidr: "10.1.0.0/16" } }), settings);
    expect(within.problems.filter(({ component: name }) => name === "db")).toEqual([]);
  });
});

test("a queue of SQS in the stack's region is the matter of the client's role; one of another region is not", async () => {
  const queue = (region: string) => (platform: Platform) => {
    const url = `https://sqs.${region}.amazonaws.com/210987654321/orders`;
    service(platform, "api", { QUEUE: MessageQueue.existing("queue", { platform, queues: { jobs: url } }).queues.jobs });
  };
  const here = (await on("aws", queue("eu-central-1"))).resources;
  expect(naming(here, "arn:aws:sqs:eu-central-1:210987654321:orders")).toEqual(["api-task-policy"]);
  expect(here.filter(({ name }) => name.startsWith("api-to-queue"))).toEqual([]);
  const there = (await on("aws", queue("us-east-1"))).resources;
  expect(naming(there, "arn:aws:sqs")).toEqual([]);
  expect(there.filter(({ name }) => name.startsWith("api-to-queue")).map(({ name }) => name)).toEqual(["api-to-queue-443-out"]);
});

test.each(["docker", "kubernetes", "aws"] as const)(
  "a server of the stack uses a database that runs elsewhere, its jobs included, on %s",
  async (target) => {
    const { resources } = await on(target, (platform) => {
      const login = { password: pulumi.secret("x") };
      const db = PostgresDb.existing("db", { platform, host: "10.1.2.3", databases: { temporal: login, lists: login } });
      const { temporal: database, lists: visibility } = db.databases;
      new TemporalServer("temporal", { platform, database, visibility, historyShards: 4, namespaces: { guard: {} } });
    });
    const opened = {
      docker: () =>
        resources
          .filter(({ type, inputs }) => type.endsWith(":Container") && JSON.stringify(inputs.networksAdvanced ?? "").includes("shop-dev-egress"))
          .map(({ name }) => name),
      kubernetes: () =>
        resources
          .filter(({ type, inputs }) => type.endsWith(":NetworkPolicy") && JSON.stringify(inputs).includes("10.1.2.3/32"))
          .map(({ name }) => name),
      aws: () => resources.filter(({ name }) => name.endsWith("-to-db-5432-out")).map(({ name }) => name.replace("-to-db-5432-out", "")),
    }[target];
    expect(opened().toSorted()).toEqual(["temporal", "temporal-schema", "temporal-version"]);
  },
);
