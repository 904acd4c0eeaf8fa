import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { AppService } from "../../components/app-service/app-service.ts";
import { MessageQueue } from "../../components/message-queue/message-queue.ts";
import { NatsCluster } from "../../components/nats-cluster/nats-cluster.ts";
import { ObservabilityStack } from "../../components/observability-stack/observability-stack.ts";
import { OpaServer } from "../../components/opa-server/opa-server.ts";
import { PostgresDb } from "../../components/postgres-db/postgres-db.ts";
import { RedisCache } from "../../components/redis-cache/redis-cache.ts";
import { ServiceMeshGateway } from "../../components/service-mesh-gateway/service-mesh-gateway.ts";
import { abandoned, type EngineState } from "../../src/cli/engines/kept-data.ts";
import type { Platform } from "../../src/core/platform.ts";
import { http } from "../../src/core/probe.ts";
import type { Plan } from "../../src/preview/plan.ts";
import { retirementOf } from "../../src/preview/retirement.ts";
import { recordInProcess } from "../support/in-process.ts";
import { recordedTopology } from "../support/recorded-topology.ts";
import { tempProject } from "../support/temp-project.ts";

const aws = {
  region: "eu-central-1",
  accountId: "123456789012",
  zones: ["eu-central-1a", "eu-central-1b", "eu-central-1c"],
  backupRegion: "eu-west-1",
};
const grounds = {
  docker: { target: "docker", profile: "prod" },
  kubernetes: { target: "kubernetes", profile: "prod", kubernetes: { context: "c", storageClass: "fast" } },
  aws: { target: "aws", profile: "prod", aws },
} as const;
type Target = keyof typeof grounds;
const targets = Object.keys(grounds) as Target[];

const makers = {
  db: (platform: Platform) => new PostgresDb("db", { platform, databases: { app: {} } }),
  cache: (platform: Platform) => new RedisCache("cache", { platform, replicas: platform.target === "docker" ? 1 : 3 }),
  bus: (platform: Platform) => new NatsCluster("bus", { platform }),
  queue: (platform: Platform) => new MessageQueue("queue", { platform, queues: { jobs: {} } }),
};
/** What holds data on AWS alone, or in another way there. */
const onAws = {
  notes: (platform: Platform) =>
    new AppService("notes", {
      platform,
      image: "registry.example/notes:1.0.0",
      ports: { http: 8000 },
      health: http("/"),
      replicas: 1,
      user: "1000:1000",
      volumes: { pages: { path: "/pages" } },
    }),
  gateway: (platform: Platform) => {
    const web = new AppService("web", { platform, image: "registry.example/web:1.0.0", ports: { http: 8000 }, health: http("/") });
    const issuer = { acm: { hostedZone: "Z0123456789ABCDEFGHIJ" } };
    new ServiceMeshGateway("gateway", {
      platform,
      hosts: ["shop.example"],
      routes: { web: { to: web.connection } },
      tls: { certificate: { issuer } },
    });
  },
  opa: (platform: Platform) => new OpaServer("opa", { platform, policies: join(import.meta.dirname, "../fixtures/policies"), path: "repo/guard" }),
};
type Component = keyof typeof makers | keyof typeof onAws;
const names = Object.keys(makers) as Component[];
const namesOn = (target: Target) => (target === "aws" ? [...names, ...(Object.keys(onAws) as Component[])] : names);
/** What leaves nothing of its own behind. */
const holding = (target: Target) => namesOn(target).filter((name) => name !== "opa");

/** The same, as a program of its own. */
const lines = `
const db = new PostgresDb("db", { platform, databases: { app: {} } });
const cache = new RedisCache("cache", { platform, replicas: platform.target === "docker" ? 1 : 3 });
const bus = new NatsCluster("bus", { platform });
const queue = new MessageQueue("queue", { platform, queues: { jobs: {} } });
`;
const service = `new AppService("api", { platform, image: "example.com/api:1.0.0", ports: { http: 8000 }, health: http("/"), bindings: { CACHE: cache.connection } });`;

const recordings = new Map<string, Promise<Plan>>();

interface Change {
  readonly retired?: Component;
  readonly gone?: Component;
}

/** Each plan is recorded once for all that look at it. */
function recordedOn(target: Target, change: Change = {}): Promise<Plan> {
  const key = JSON.stringify([target, change]);
  const plan = recordings.get(key) ?? recording(target, change);
  recordings.set(key, plan);
  return plan;
}

async function recording(target: Target, { retired, gone }: Change): Promise<Plan> {
  const made = (platform: Platform) => {
    for (const name of namesOn(target)) if (name !== gone) ({ ...makers, ...onAws })[name](platform);
  };
  const { resources, problems } = await recordInProcess(made, { ...grounds[target], ...(retired ? { retired: [retired] } : {}) });
  expect(problems).toEqual([]);
  return { resources } as unknown as Plan;
}

/** The state of an engine that carried a plan out. */
const stateOf = ({ resources }: Plan): EngineState => ({
  deployment: { resources: resources.map(({ urn, type, parent, protect }) => ({ urn, type, protect, ...(parent ? { parent } : {}) })) },
});
const dev = { stack: "dev", copy: "dev" };
const heldIn = ({ resources }: Plan) => resources.filter(({ protect }) => protect).map(({ name }) => name);

describe.each(targets)("on %s", (target) => {
  test.each(holding(target))("%s is protected until it is retired, alone, and can then be taken out", async (component) => {
    const before = await recordedOn(target);
    const after = await recordedOn(target, { retired: component });
    const gone = await recordedOn(target, { gone: component });
    const { parts, stillHeld, shared } = retirementOf(before, after, component);
    expect(parts.length).toBeGreaterThan(0);
    expect(stillHeld).toEqual([]);
    const released = new Set(parts.map(({ name }) => name));
    expect(heldIn(after).toSorted()).toEqual(
      heldIn(before)
        .filter((name) => !released.has(name))
        .toSorted(),
    );
    expect(released.size).toBe(parts.length);
    // Taken out at once it is refused, with the command; after step 1 it may go, and so may keys that it alone used.
    const [refused] = abandoned(stateOf(before), gone, dev);
    expect(refused).toMatchObject({ component, fix: expect.stringContaining(`groundplan retire ${component} --env dev`) });
    const left = abandoned(stateOf(after), gone, dev);
    expect(left.map(({ fix }) => fix)).toEqual(shared.map((urn) => expect.stringContaining(`pulumi state unprotect '${urn}'`)));
  });
});

describe("what stays on AWS", () => {
  const retired = async (component: Component) => {
    const before = await recordedOn("aws");
    const after = await recordedOn("aws", { retired: component });
    return { ...retirementOf(before, after, component), after };
  };
  const typed = (plan: Plan, type: string) => plan.resources.filter((resource) => resource.type === type);

  test("the instance of a database may be deleted, its last snapshot and its backups may not be left out", async () => {
    const { parts, shared, after } = await retired("db");
    expect(parts.find(({ name }) => name === "db")).toMatchObject({ held: ["protect", "retainOnDelete", "deletionProtection"] });
    expect(parts.find(({ name }) => name === "db")?.stays).toMatch(
      /^a last snapshot \S+-final-\*; automated backups for 35 days; .*eu-west-1.*; recovery points in vault \S+-backup-copies of eu-west-1; recovery points in vault \S+$/,
    );
    const [instance] = typed(after, "aws:rds/instance:Instance");
    expect(instance?.inputs).toMatchObject({ deletionProtection: false, skipFinalSnapshot: false, deleteAutomatedBackups: false });
    expect(instance?.retainOnDelete).toBeUndefined();
    // The key of copies in the other region: snapshots that stay need it, so it is not deleted with the last database.
    expect(shared.every((urn) => /Key::backup-/.test(urn))).toBe(true);
  });

  test("volumes and caches end with a snapshot, and the key that those need stays protected for all others", async () => {
    const volumes = typed((await retired("bus")).after, "aws:ebs/volume:Volume");
    expect(volumes.map(({ protect, inputs }) => [protect, inputs.finalSnapshot])).toEqual(volumes.map(() => [false, true]));
    const { after } = await retired("cache");
    expect(typed(after, "aws:elasticache/replicationGroup:ReplicationGroup")[0]?.inputs.finalSnapshotIdentifier).toBeDefined();
    expect(after.resources.find(({ name }) => name === "data-key")).toMatchObject({ protect: true, retainOnDelete: true });
  });

  test("the file system of volumes, and the files in it, are recovery points in the vaults", async () => {
    const { parts } = await retired("notes");
    expect(parts).toMatchObject([
      { name: "notes-volumes", held: ["protect", "retainOnDelete"], stays: expect.stringContaining("recovery points in vault ") },
    ]);
  });

  test("the load balancer may be deleted, and its bucket of lines is emptied", async () => {
    const { parts, after } = await retired("gateway");
    expect(parts.map(({ name, held }) => [name, held])).toEqual(
      expect.arrayContaining([
        ["gateway-logs-bucket", ["protect", "retainOnDelete", "forceDestroy: false"]],
        [expect.any(String), expect.arrayContaining(["enableDeletionProtection"])],
      ]),
    );
    expect(typed(after, "aws:s3/bucket:Bucket").find(({ name }) => name === "gateway-logs-bucket")?.inputs.forceDestroy).toBe(true);
  });

  test("a switch of the target that is left on is told as what still holds, too", async () => {
    const before = await recordedOn("aws");
    const after = await recordedOn("aws", { retired: "gateway" });
    const left = (change: Readonly<Record<string, unknown>>, type: string): Plan => ({
      ...after,
      resources: after.resources.map((one) => (one.type === type ? { ...one, inputs: { ...one.inputs, ...change } } : one)),
    });
    const { stillHeld } = retirementOf(before, left({ enableDeletionProtection: true }, "aws:lb/loadBalancer:LoadBalancer"), "gateway");
    expect(stillHeld).toHaveLength(1);
    expect(retirementOf(before, left({ forceDestroy: false }, "aws:s3/bucket:Bucket"), "gateway").stillHeld).toEqual(["gateway-logs-bucket"]);
  });

  test("of a server of policies its bundles are left, in a bucket that nobody else uses", async () => {
    const { parts, shared } = await retired("opa");
    expect(parts).toEqual([]);
    expect(shared).toEqual([expect.stringMatching(/aws:s3\/bucket:Bucket::bundles-bucket$/)]);
    const gone = await recordedOn("aws", { gone: "opa" });
    const left = abandoned(stateOf(await recordedOn("aws")), gone, dev);
    expect(left.map(({ fix }) => fix)).toEqual(shared.map((urn) => expect.stringContaining(`pulumi state unprotect '${urn}'`)));
  });

  test("the key that the last queue leaves behind is named, because the engine would not delete it", async () => {
    expect((await retired("queue")).shared).toEqual([expect.stringMatching(/::messages-key$/)]);
  });
});

test("what looks on names the argument that says so, not the ways that nobody wrote", async () => {
  const { resources } = await recordInProcess((platform) => {
    const db = makers.db(platform);
    new ObservabilityStack("telemetry", { platform, observes: [db] });
  }, grounds.docker);
  const plan = { resources } as unknown as Plan;
  expect(retirementOf(plan, plan, "db").bound).toEqual([{ component: "telemetry", bindings: ["observes"] }]);
});

test("a component that is retired is warned of, and one that is not there is a problem", async () => {
  const plan = await recordedTopology(lines, { ...grounds.docker, retired: ["cache"] });
  expect(plan.warnings).toContainEqual(expect.stringMatching(/^cache: retired: its data is not protected/));
  const missing = recordedTopology(lines, { ...grounds.docker, retired: ["cach"] });
  await expect(missing).rejects.toThrow(/"path":"retired","value":"cach".*did you mean cache\?/);
});

describe("groundplan retire", () => {
  const printed = async (args: readonly string[], settings: Readonly<Record<string, unknown>>, engine?: string) => {
    const project = tempProject("");
    try {
      project.topology(`${lines}${service}`);
      project.settings(settings);
      if (engine) {
        mkdirSync(project.state, { recursive: true });
        writeFileSync(join(project.state, "engine"), `${engine}\n`);
      }
      return { ...(await project.run(["retire", ...args, "--env", "dev"])), project };
    } finally {
      project.remove();
    }
  };

  test.each(["kubernetes", "aws"] as const)("prints both steps on %s, with what is bound", async (target) => {
    const { code, output } = await printed(["cache"], grounds[target]);
    expect(code).toBe(0);
    expect(output).toMatch(/cache \(RedisCache\) of \S+ on \w+: \d+ protected parts/);
    expect(output).toContain("Bound to it: api (CACHE)");
    expect(output).toMatch(
      /Step 1[\s\S]*In Pulumi\.dev\.yaml[\s\S]*retired: \[cache\][\s\S]*groundplan up dev[\s\S]*Step 2[\s\S]*remove the component "cache"/,
    );
    expect(output).toMatch(target === "aws" ? /Stays of cache: a last snapshot/ : /lost, unless its storage class retains volumes/);
  });

  test("with engine compose nothing has to be given up: the volume stays until it is removed by name", async () => {
    const { code, output, project } = await printed(["db"], grounds.docker, "compose");
    expect(code).toBe(0);
    expect(output).not.toContain("retired:");
    expect(output).toContain(`docker volume rm ${project.prefix}-db-data`);
    // Step 1 takes the component out, and with it what is bound; passwords are no volumes.
    expect(output).not.toContain("go in step 2");
    expect(output).toMatch(/^Lost after step 2: db-data\.$/m);
    expect(output).toMatch(/^Stays: .*db-app-password.*, in \.groundplan\/dev\/credentials\.json, until groundplan down dev/m);
  });

  test("with engine pulumi a volume is given up first", async () => {
    const { output } = await printed(["db"], { ...grounds.docker, components: { db: { memoryMiB: 512 } } }, "pulumi");
    expect(output).toMatch(/Step 1[\s\S]*retired: \[db\]/);
    expect(output).toContain("remove: retired: [db]; components.db.");
    expect(output).toContain("volumes included; those of all others are kept");
  });

  test("what is declared already is not to be written again, and others that are retired stay so", async () => {
    const { output } = await printed(["db"], { ...grounds.kubernetes, retired: ["db", "cache"] });
    expect(output).toContain("Pulumi.dev.yaml says so already");
    expect(output).toContain("db from retired (retired: [cache] stays)");
  });

  test("a component without data can go at once", async () => {
    const { code, output } = await printed(["api"], grounds.kubernetes);
    expect(code).toBe(0);
    expect(output).toContain("0 protected parts");
    expect(output).not.toContain("Step 1");
  });

  test("the waivers that the gate of prod wants are told", async () => {
    const { output } = await printed(["db"], grounds.aws);
    expect(output).toMatch(/policy: rds-deletion-protection\n\s+urn: ".*aws:rds\/instance:Instance::db"\n\s+stage: prod/);
    const added = [...output.matchAll(/- id: (\S+)/g)].map(([, id]) => id);
    expect(output).toMatch(new RegExp(`Step 2[\\s\\S]*policies/waivers.yaml, take out again what step 1 added: ${added.join(", ")}\n`));
  });

  test("an unknown component ends with 3 and the list", async () => {
    const { code, output } = await printed(["cach"], grounds.kubernetes);
    expect(code).toBe(3);
    expect(output).toContain("a component of dev: api, bus, cache, db, queue");
    expect(output).toContain("did you mean cache?");
  });
});
