import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { childOf, overridesCheck } from "../../../src/core/override-book.ts";
import { laidOver } from "../../../src/core/override-merge.ts";
import { settingsOf, specs } from "../../support/settings.ts";
import { resolved } from "../connections.ts";

describe("inputs with others laid over them", () => {
  test("maps are merged, lists of named entries by name, other lists replaced, and null takes away", () => {
    const base = {
      spec: {
        replicas: 2,
        containers: [
          { name: "db", image: "a", ports: [1, 2] },
          { name: "side", image: "b" },
        ],
      },
      args: ["one", "two"],
      kept: 1,
      gone: 2,
    };
    const over = {
      spec: {
        containers: [
          { name: "db", ports: [3] },
          { name: "more", image: "c" },
        ],
      },
      args: ["three"],
      gone: null,
      fresh: { of: { it: true } },
    };
    expect(laidOver(base, over)).toEqual({
      spec: {
        replicas: 2,
        containers: [
          { name: "db", image: "a", ports: [3] },
          { name: "side", image: "b" },
          { name: "more", image: "c" },
        ],
      },
      args: ["three"],
      kept: 1,
      fresh: { of: { it: true } },
    });
    // What was there is as it was.
    expect(base.spec.containers[0]).toEqual({ name: "db", image: "a", ports: [1, 2] });
  });

  test("what is known later is merged later, and a secret stays one", async () => {
    const merged = laidOver({ spec: pulumi.secret({ a: 1, b: { c: 2 } }) }, { spec: { b: { c: 3 } } }) as { spec: pulumi.Output<unknown> };
    expect(await resolved(merged.spec)).toEqual({ a: 1, b: { c: 3 } });
    expect(await pulumi.isSecret(merged.spec)).toBe(true);
    const given = pulumi.output("late");
    expect(laidOver({ a: { b: 1 } }, { a: { b: given } })).toEqual({ a: { b: given } });
  });

  test("a key of an object's own machinery is one like all others", () => {
    const merged = laidOver({}, JSON.parse('{"__proto__": {"polluted": true}}')) as Record<string, unknown>;
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(merged.polluted).toBeUndefined();
  });
});

describe("the form of overrides", () => {
  const paths = (value: unknown) => overridesCheck(value, "overrides").map(({ path }) => path);

  test("targets, children and inputs are taken as they are", () => {
    const aws = { "rds.Instance": { applyImmediately: true }, "ec2.SecurityGroup/group": { tags: { team: "shop" } } };
    const kubernetes = { StatefulSet: { metadata: { labels: { team: "shop" } }, spec: { template: { spec: { priorityClassName: "high" } } } } };
    expect(paths({ docker: { "Container/databases": { shmSize: 99 } }, kubernetes, aws })).toEqual([]);
  });

  test.each<[unknown, string]>([
    [[], "overrides"],
    [{ podman: {} }, "overrides.podman"],
    [{ docker: [] }, "overrides.docker"],
    [{ docker: { "data base": {} } }, "overrides.docker.data base"],
    [{ docker: { Container: 1 } }, "overrides.docker.Container"],
    [{ docker: { Container: pulumi.output({}) } }, "overrides.docker.Container"],
    [{ docker: { Container: { name: "mine" } } }, "overrides.docker.Container.name"],
    [{ docker: { Container: { envs: ["A=b"] } } }, "overrides.docker.Container.envs"],
    [{ docker: { "Container/databases": { networkMode: "host" } } }, "overrides.docker.Container/databases.networkMode"],
    [{ docker: { Network: { internal: false } } }, "overrides.docker.Network.internal"],
    [{ docker: { Volume: { labels: [] } } }, "overrides.docker.Volume.labels"],
    [{ kubernetes: { Service: { metadata: { name: "x" } } } }, "overrides.kubernetes.Service.metadata.name"],
    [
      { kubernetes: { Deployment: { metadata: { labels: { "io.groundplan.part": "x" } } } } },
      "overrides.kubernetes.Deployment.metadata.labels.io.groundplan.*",
    ],
    [{ kubernetes: { Deployment: { spec: { selector: null } } } }, "overrides.kubernetes.Deployment.spec.selector"],
    [{ kubernetes: { NetworkPolicy: { spec: { egress: [] } } } }, "overrides.kubernetes.NetworkPolicy.spec"],
    [{ kubernetes: { "Secret/env": { stringData: { A: "b" } } } }, "overrides.kubernetes.Secret/env.stringData"],
    [{ aws: { "rds.Instance": { password: "x" } } }, "overrides.aws.rds.Instance.password"],
    [{ aws: { "rds.Instance": { tags: { "groundplan:stack": "x" } } } }, "overrides.aws.rds.Instance.tags.groundplan:*"],
    [{ aws: { "rds.Instance": { vpcSecurityGroupIds: [] } } }, "overrides.aws.rds.Instance.vpcSecurityGroupIds"],
    [{ aws: { "vpc.SecurityGroupEgressRule/to-db": { cidrIpv4: "0.0.0.0/0" } } }, "overrides.aws.vpc.SecurityGroupEgressRule/to-db.cidrIpv4"],
  ])("%j is a problem", (value, path) => {
    expect(paths(value)).toEqual([path]);
  });

  test("what takes away, or replaces, a map with such an input in it is one as well", () => {
    expect(paths({ kubernetes: { Deployment: { metadata: null } } })).toContain("overrides.kubernetes.Deployment.metadata.name");
    expect(paths({ kubernetes: { Deployment: { spec: pulumi.output({}) } } })).toContain("overrides.kubernetes.Deployment.spec.selector");
    expect(paths({ aws: { "sqs.Queue": { tags: null } } })).toEqual(["overrides.aws.sqs.Queue.tags.groundplan:*"]);
  });

  test("no value is told: it may be a secret", () => {
    expect(JSON.stringify(overridesCheck({ aws: { "rds.Instance": { password: "in the clear" } } }, "overrides"))).not.toContain("in the clear");
  });

  test("the stack file's join those of the topology, and say where they were written", () => {
    const yaml = { db: { overrides: { docker: { Container: { cpuShares: 2, name: "mine" } } } } };
    const spec = specs.PostgresDb("db", { overrides: { docker: { Container: { shmSize: 99 } } } }, settingsOf({ components: yaml }));
    expect(spec.problems).toMatchObject([{ path: "overrides.docker.Container.name", origin: "Pulumi.dev.yaml components.db.overrides" }]);
  });
});

test.each<["docker" | "kubernetes" | "aws", string, string, string | undefined]>([
  ["docker", "docker:index/container:Container", "db", "Container"],
  ["docker", "docker:index/container:Container", "db-databases", "Container/databases"],
  ["docker", "docker:index/container:Container", "db-2", "Container"],
  ["docker", "docker:index/container:Container", "db-2-prober", "Container/prober"],
  ["docker", "random:index/randomPassword:RandomPassword", "db-app-password", undefined],
  ["docker", "kubernetes:core/v1:Service", "db", undefined],
  ["kubernetes", "kubernetes:apps/v1:StatefulSet", "db", "StatefulSet"],
  ["kubernetes", "kubernetes:core/v1:PersistentVolumeClaim", "db-0-data", "PersistentVolumeClaim/data"],
  ["kubernetes", "kubernetes:networking.istio.io/v1:DestinationRule", "db-rule", "DestinationRule/rule"],
  ["aws", "aws:rds/instance:Instance", "db", "rds.Instance"],
  ["aws", "aws:ec2/securityGroup:SecurityGroup", "db-group", "ec2.SecurityGroup/group"],
])("on %s, %s named %s is the child %s", (target, type, name, key) => {
  expect(childOf(target, type, "db", name)).toBe(key);
});
