import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { AppService } from "../../components/app-service/app-service.ts";
import { PostgresDb } from "../../components/postgres-db/postgres-db.ts";
import { catalogue } from "../../policies/catalogue/index.ts";
import { noOverrides } from "../../policies/overrides.ts";
import { isMandatory, runPolicies } from "../../policies/run.ts";
import { overridesCheck } from "../../src/core/override-book.ts";
import type { Overrides } from "../../src/core/overrides.ts";
import type { Platform } from "../../src/core/platform.ts";
import { http } from "../../src/core/probe.ts";
import { type Ground, groundSettings } from "../support/grounds.ts";
import { recordInProcess } from "../support/in-process.ts";

const on = (target: Ground, make: (platform: Platform) => void, more: object = {}) =>
  recordInProcess(make, { target, profile: "dev", ...groundSettings[target], ...more });
const database = (overrides: Overrides) => (platform: Platform) => {
  new PostgresDb("db", { platform, databases: { app: {} }, overrides });
};
const wrong = async (target: Ground, overrides: object) =>
  (await on(target, database(overrides))).problems.map(({ component, path, value, rule, fix }) => ({ component, path, value, rule, fix }));

test("a child that is not there is told with those that are", async () => {
  expect(await wrong("docker", { docker: { "Container/database": { shmSize: 99 } } })).toEqual([
    {
      component: "db",
      path: "overrides.docker.Container/database",
      value: "Container/database",
      rule: "a child of this component: Container, Container/check, Container/check-carrier, Container/databases, Container/databases-carrier, Container/carrier, Network/network, Volume/check-files, Volume/data, Volume/databases-files, Volume/files"
        .split(": ")
        .map((text, index) => (index === 1 ? text.split(", ").toSorted().join(", ") : text))
        .join(": "),
      fix: "did you mean Container/databases?",
    },
  ]);
});

test.each<[Ground, object, string, string]>([
  ["docker", { docker: { Container: { shmsize: 99 } } }, "overrides.docker.Container.shmsize", "did you mean shmSize?"],
  ["kubernetes", { kubernetes: { StatefulSet: { specs: {} } } }, "overrides.kubernetes.StatefulSet.specs", "did you mean spec?"],
  ["aws", { aws: { "rds.Instance": { multiAZ: true } } }, "overrides.aws.rds.Instance.multiAZ", "did you mean multiAz?"],
])("an input that a resource of %s does not have is told", async (target, overrides, path, fix) => {
  expect(await wrong(target, overrides)).toMatchObject([{ component: "db", path, fix }]);
});

test("all replicas of a workload are one child, and no other component gets what is laid over one", async () => {
  const { resources, problems } = await on("docker", (platform) => {
    const args = { platform, image: "registry.example/api:1.0.0", ports: { http: 80 }, health: http("/") };
    new AppService("api", { ...args, replicas: 2, overrides: { docker: { Container: { shmSize: 99 } } } });
    new AppService("web", { ...args, replicas: 1 });
  });
  expect(problems).toEqual([]);
  const sizes = resources
    .filter(({ type, name }) => type.endsWith(":Container") && !name.endsWith("-check"))
    .map(({ name, inputs }) => [name, inputs.shmSize]);
  expect(sizes).toEqual([
    ["api-0", 99],
    ["api-0-prober", undefined],
    ["api-1", 99],
    ["api-1-prober", undefined],
    ["web", undefined],
    ["web-prober", undefined],
  ]);
});

test("overrides of the stack file are laid over those of the topology, which are laid over everything else", async () => {
  const components = { db: { overrides: { kubernetes: { StatefulSet: { spec: { template: { spec: { priorityClassName: "high" } } } } } } } };
  const overrides: Overrides = {
    kubernetes: {
      StatefulSet: { spec: { template: { spec: { priorityClassName: "low", containers: [{ name: "db", imagePullPolicy: "Always" }] } } } },
    } as never,
  };
  const { resources, problems } = await on("kubernetes", database(overrides), { components });
  expect(problems).toEqual([]);
  const before = (await on("kubernetes", database({}))).resources;
  const pod = (all: typeof resources) => {
    const set = all.find(({ type }) => type.endsWith(":StatefulSet"));
    if (!set) throw new Error("no StatefulSet");
    return (set.inputs.spec as { template: { spec: { containers: object[] } } }).template.spec;
  };
  const [container, ...others] = pod(before).containers;
  expect(pod(resources)).toEqual({
    ...pod(before),
    priorityClassName: "high",
    containers: [{ ...container, imagePullPolicy: "Always" }, ...others],
  });
});

test("what is secret stays so, and one that is given is one", async () => {
  const { resources, problems } = await on("aws", database({ aws: { "rds.Instance": { characterSetName: pulumi.secret("hidden") } } } as Overrides));
  expect(problems).toEqual([]);
  expect(resources.find(({ type }) => type === "aws:rds/instance:Instance")?.secretInputs).toContain("characterSetName");
});

test("a component that runs elsewhere says that it has no children", async () => {
  const existing = { host: "db.internal", databases: { app: { password: pulumi.secret("x") } } };
  const { warnings, problems } = await on("docker", (platform) => {
    new PostgresDb("db", { platform, databases: { app: {} }, existing, overrides: { docker: { Container: { shmSize: 99 } } } as Overrides });
  });
  expect(problems).toEqual([]);
  expect(warnings).toContain("db: runs elsewhere, so overrides of it is as they made it there");
});

test.each<[Ground, string, object, string]>([
  ["docker", "Container", { readOnly: false }, "docker-readonly-rootfs at db"],
  [
    "kubernetes",
    "StatefulSet",
    { spec: { template: { spec: { containers: [{ name: "db", securityContext: { readOnlyRootFilesystem: false } }] } } } },
    "k8s-readonly-rootfs at db",
  ],
  ["aws", "rds.Instance", { storageEncrypted: false }, "rds-storage-encrypted at db"],
])("on %s the gate sees what %s is overridden with", async (target, child, inputs, finding) => {
  const stops = async (overrides: object) => {
    const { resources, problems } = await on(target, database(overrides), { profile: "prod" });
    expect(problems).toEqual([]);
    const subject = { project: "shop", stack: "dev", program: "main" };
    const { open } = runPolicies({ waivers: [], overrides: noOverrides, policies: catalogue, resources, stage: "prod", subject, day: "2026-11-28" });
    return open.filter(isMandatory).map(({ policy, name }) => `${policy} at ${name}`);
  };
  const before = await stops({});
  const after = await stops({ [target]: { [child]: inputs } });
  expect(after.filter((one) => !before.includes(one))).toContain(finding);
});

test("the compiler knows children and inputs where the types of a target are read, and what it takes has the right form", () => {
  const right: readonly Overrides[] = [
    { kubernetes: { StatefulSet: { spec: { template: { spec: { priorityClassName: "high" } } } } } },
    { aws: { "rds.Instance": { applyImmediately: true, characterSetName: null } } },
  ];
  const wrong: readonly Overrides[] = [
    // @ts-expect-error an input that there is not
    { kubernetes: { StatefulSet: { spec: { replica: 3 } } } },
    // @ts-expect-error a kind that there is not
    { kubernetes: { StatefulSets: {} } },
    // @ts-expect-error an input that there is not
    { aws: { "rds.Instance": { applyNow: true } } },
    // @ts-expect-error a kind without its service
    { aws: { Instance: {} } },
  ];
  expect(right.flatMap((overrides) => overridesCheck(overrides, "overrides"))).toEqual([]);
  // Without a compiler the plan tells, as above: their form is right.
  expect(wrong.flatMap((overrides) => overridesCheck(overrides, "overrides"))).toEqual([]);
});
