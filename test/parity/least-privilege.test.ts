import { describe, expect, test } from "vitest";
import { componentsOf, type Plan } from "../../src/preview/plan.ts";
import { allowedOnAws } from "../support/allowed/aws.ts";
import { allowedOnDocker } from "../support/allowed/docker.ts";
import { allowedOnKubernetes } from "../support/allowed/kubernetes.ts";
import { allowedInMesh, unlikeInMesh } from "../support/allowed/mesh.ts";
import { everythingOnAws } from "../support/aws/everything.ts";
import { groundSettings, profiles, starterOn } from "../support/grounds.ts";

/** What the topology says, by workload: `api -> db:5432`. */
const bound = (plan: Plan): string[] =>
  componentsOf(plan).flatMap(({ outputs }) =>
    Object.entries(outputs.reaches as Record<string, readonly string[]>).flatMap(([from, targets]) => targets.map((to) => `${from} -> ${to}`)),
  );
const withoutPort = (pairs: readonly string[]) => [...new Set(pairs.map((pair) => pair.replace(/:\d+$/, "")))];

/** Members that let each other in. */
const quorums = ["bus-to-bus 4222,6222,8222", "cache-node-to-cache-node 6379", "cache-sentinel-to-cache-sentinel 26379"];

describe.each(profiles)("who may connect to whom equals the bindings, profile %s", (profile) => {
  test("on Docker, by server", async () => {
    const plan = await starterOn("docker", profile);
    expect(bound(plan)).toHaveLength(4);
    expect(allowedOnDocker(plan).toSorted()).toEqual(withoutPort(bound(plan)).toSorted());
  });

  test("on Kubernetes, by port", async () => {
    const plan = await starterOn("kubernetes", profile);
    // Four bindings, and between the parts of a cache that fails over three paths.
    expect(bound(plan)).toHaveLength(profile === "dev" ? 4 : 7);
    expect(allowedOnKubernetes(plan).toSorted()).toEqual(bound(plan).toSorted());
  });

  test("in a mesh, by port and identity, and its rules say the same as the network policies", async () => {
    const mesh = { mode: "sidecar", install: true, trustDomain: "shop.example" };
    const plan = await starterOn("kubernetes", profile, { kubernetes: { ...groundSettings.kubernetes.kubernetes, mesh } });
    expect(bound(plan)).toHaveLength(profile === "dev" ? 4 : 7);
    expect(allowedOnKubernetes(plan).toSorted()).toEqual(bound(plan).toSorted());
    expect(allowedInMesh(plan, "shop.example").toSorted()).toEqual(bound(plan).toSorted());
    // Members of a quorum let each other in by the network policy of their part, and have a rule of their own.
    expect(unlikeInMesh(plan)).toEqual(profile === "dev" ? [] : quorums);
    expect(allowedInMesh(plan)).toEqual([]);
  });

  test("on AWS, by port; what has an API of AWS for a port is opened by a role", async () => {
    const plan = await starterOn("aws", profile);
    expect(bound(plan)).toHaveLength(4);
    expect(bound(plan)).toContain("api -> queue:443");
    expect(allowedOnAws(plan).toSorted()).toEqual(bound(plan).toSorted());
  });
});

test("a mesh without its rules, or with a wider one, is seen", async () => {
  const mesh = { mode: "sidecar" };
  const plan = await starterOn("kubernetes", "prod", { kubernetes: { ...groundSettings.kubernetes.kubernetes, mesh } });
  const without = (kept: (name: string) => boolean): Plan => ({
    ...plan,
    resources: plan.resources.filter(({ type, name }) => !type.endsWith(":AuthorizationPolicy") || kept(name)),
  });
  expect(allowedInMesh(without(() => false))).toContain("cache -> db:5432");
  expect(allowedInMesh(without((name) => name === "mesh-default-deny"))).toEqual([]);
  const widened: Plan = {
    ...plan,
    resources: plan.resources.map((resource) =>
      resource.name === "api-to-db-rule" ? { ...resource, inputs: { ...resource.inputs, spec: { rules: [{}] } } } : resource,
    ),
  };
  expect(allowedInMesh(widened)).toContain("cache -> queue:9324");
});

describe("on AWS with everything that is offered", () => {
  test("who may reach whom equals the bindings", async () => {
    const plan = await everythingOnAws();
    expect(allowedOnAws(plan).toSorted()).toEqual(bound(plan).toSorted());
  });

  test("a role that may use somebody else's queue, topic or secret is seen", async () => {
    const plan = await everythingOnAws();
    const widened = (arn: string, action: string): Plan => ({
      ...plan,
      resources: plan.resources.map((resource) =>
        resource.name === "db-monitoring-policy" ? { ...resource, inputs: { ...resource.inputs, policy: policy(arn, action) } } : resource,
      ),
    });
    const policy = (arn: string, action: string) =>
      JSON.stringify({ Statement: [{ Sid: "More", Effect: "Allow", Action: [action], Resource: [arn] }] });
    const more = (arn: unknown, action: string) => allowedOnAws(widened(String(arn), action)).filter((pair) => pair.startsWith("db -> "));
    const of = (type: string, name: string) => plan.resources.find((r) => r.type === type && r.name === name)?.outputs.arn;
    expect(more(of("aws:sqs/queue:Queue", "queue-jobs"), "sqs:SendMessage")).toEqual(["db -> queue:443"]);
    expect(more("arn:aws:sqs:eu-central-1:123456789012:*", "sqs:*")).toEqual(["db -> arn:aws:sqs:eu-central-1:123456789012:*:443"]);
    expect(more(of("aws:secretsmanager/secret:Secret", "bus-nodes-secret"), "secretsmanager:GetSecretValue")).toEqual(["db -> bus:443"]);
  });
});
