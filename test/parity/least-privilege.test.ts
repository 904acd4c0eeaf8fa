import { describe, expect, test } from "vitest";
import { componentsOf, type Plan } from "../../src/preview/plan.ts";
import { allowedOnAws } from "../support/allowed/aws.ts";
import { allowedOnDocker } from "../support/allowed/docker.ts";
import { allowedOnKubernetes } from "../support/allowed/kubernetes.ts";
import { profiles, starterOn } from "../support/grounds.ts";

/** What the topology says, by workload: `api -> db:5432`. */
const bound = (plan: Plan): string[] =>
  componentsOf(plan).flatMap(({ outputs }) =>
    Object.entries(outputs.reaches as Record<string, readonly string[]>).flatMap(([from, targets]) => targets.map((to) => `${from} -> ${to}`)),
  );
const withoutPort = (pairs: readonly string[]) => [...new Set(pairs.map((pair) => pair.replace(/:\d+$/, "")))];

describe.each(profiles)("who may connect to whom equals the bindings, profile %s", (profile) => {
  test("on Docker, by server", async () => {
    const plan = await starterOn("docker", profile);
    expect(bound(plan)).toHaveLength(4);
    expect(allowedOnDocker(plan).toSorted()).toEqual(withoutPort(bound(plan)).toSorted());
  });

  test("on Kubernetes, by port", async () => {
    const plan = await starterOn("kubernetes", profile);
    expect(bound(plan)).toHaveLength(4);
    expect(allowedOnKubernetes(plan).toSorted()).toEqual(bound(plan).toSorted());
  });

  test("on AWS, by port; a queue is opened by a role and not by a port", async () => {
    const plan = await starterOn("aws", profile);
    expect(bound(plan)).toHaveLength(4);
    const byPort = bound(plan).filter((pair) => !pair.startsWith("api -> queue:"));
    expect(allowedOnAws(plan).toSorted()).toEqual(byPort.toSorted());
  });
});
