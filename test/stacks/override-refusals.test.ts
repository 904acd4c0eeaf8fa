import { expect, test } from "vitest";
import { childOf, overridesCheck } from "../../src/core/override-book.ts";
import type { Target } from "../../src/core/platform.ts";
import { componentsOf, type Plan, type PlanResource } from "../../src/preview/plan.ts";
import { grounds, starterOn } from "../support/grounds.ts";
import { shippedPlan } from "../support/shipped.ts";

/** Kinds whose names, ids and addresses are what an identity, a path or a secret is realised with. */
const named: Readonly<Record<Target, RegExp>> = {
  docker: /:(Network|Image|RemoteImage|Volume)$/,
  kubernetes: /:(ServiceAccount|Secret|ConfigMap|Service)$/,
  aws: /^aws:(iam|secretsmanager|vpc)\/|:(SecurityGroup|Subnet|TaskDefinition|UserGroup|User)$/,
};

/** Kinds that take most inputs: looked at one by one below. All others realise a binding, an identity or a secret, or data of those. */
const open: Readonly<Record<Target, readonly string[]>> = {
  docker: ["Container", "Volume"],
  kubernetes: [
    "CronJob",
    "DaemonSet",
    "Deployment",
    "Job",
    "LimitRange",
    "Namespace",
    "PersistentVolumeClaim",
    "PodDisruptionBudget",
    "Service",
    "StatefulSet",
  ],
  aws: [
    "appautoscaling.Policy",
    "appautoscaling.Target",
    "cloudwatch.Dashboard",
    "cloudwatch.LogGroup",
    "cloudwatch.LogMetricFilter",
    "cloudwatch.MetricAlarm",
    "ebs.Volume",
    "ec2.Instance",
    "ec2.LaunchTemplate",
    "ec2.VolumeAttachment",
    "ecs.Service",
    "elasticache.ParameterGroup",
    "elasticache.ReplicationGroup",
    "elasticache.SubnetGroup",
    "lb.LoadBalancer",
    "lb.TargetGroup",
    "rds.Instance",
    "rds.InstanceAutomatedBackupsReplication",
    "rds.ParameterGroup",
    "rds.SubnetGroup",
    "s3.Bucket",
    "s3.BucketLifecycleConfiguration",
    "s3.BucketServerSideEncryptionConfiguration",
    "s3.BucketVersioning",
    "sns.Topic",
    "sqs.Queue",
    "wafv2.WebAcl",
    "wafv2.WebAclLoggingConfiguration",
    "xray.Group",
  ],
};

interface Leaf {
  readonly path: string;
  readonly value: unknown;
  /** What somebody would write to set it. */
  readonly over: unknown;
}

/** Every single value of the inputs; a list whose entries have no names is set as a whole. */
function leaves(value: unknown, path: string, wrap: (inner: unknown) => unknown): Leaf[] {
  if (Array.isArray(value)) {
    const byName = value.length > 0 && value.every((entry) => typeof entry?.name === "string");
    return value.flatMap((entry, index) =>
      leaves(entry, `${path}[${index}]`, byName ? (inner) => wrap([{ name: entry.name, ...(inner as object) }]) : () => wrap(["x"])),
    );
  }
  if (typeof value === "object" && value !== null)
    return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path ? `${path}.${key}` : key, (over) => wrap({ [key]: over })));
  return [{ path, value, over: wrap("x") }];
}

/** Children of components, each by the name under which it is overridden. */
function children(plan: Plan, target: Target): (readonly [child: string, PlanResource])[] {
  const components = new Map(componentsOf(plan).map(({ urn, name }) => [urn, name]));
  return plan.resources.flatMap((resource) => {
    const component = components.get(resource.parent ?? "");
    const child = component && childOf(target, resource.type, component, resource.name);
    return child ? [[child, resource] as const] : [];
  });
}

/** The starter and GitGuard on each target, as for production. */
const cases = grounds.flatMap((target) => [
  [target, "the starter", () => starterOn(target, "prod")] as const,
  [target, "GitGuard", () => shippedPlan(({ docker: "prod-docker", kubernetes: "prod", aws: "prod-aws" } as const)[target])] as const,
]);

test.each(cases)("on %s every input of %s that holds a secret, an identity or a place of a binding is refused", async (target, _, planOf) => {
  const plan = await planOf();
  const marks = plan.resources
    .filter(({ type }) => named[target].test(type))
    .flatMap(({ id, outputs: { arn, metadata, name } }) => (target === "aws" ? [id, arn] : [name, (metadata as { name?: string } | undefined)?.name]))
    .filter((mark): mark is string => typeof mark === "string" && mark.length > 2);
  const credentials = plan.credentials.map(({ value }) => value);
  // Names are short words: only as a whole, or where a port follows.
  const holds = (text: string) =>
    credentials.some((value) => text.includes(value)) ||
    marks.some((mark) => (target === "aws" ? text.includes(mark) : text === mark || new RegExp(`\\b${mark.replaceAll(".", "\\.")}:\\d`).test(text)));
  const realising = children(plan, target).flatMap(([child, { inputs, secretInputs }]) =>
    leaves(inputs, "", (over) => over)
      .filter(({ path, value }) => secretInputs.includes(path) || holds(String(value)))
      // Words for people, and where pods are spread: nothing is reached or allowed by them.
      .filter(
        ({ path }) =>
          !/(^|\.)(tags\.Name|dashboardBody|description|alarmDescription|labels\.app\.kubernetes\.io\/name|containers\[\d+\]\.name)$|topologySpread/.test(
            path,
          ),
      )
      .map((leaf) => ({ child, ...leaf })),
  );
  expect(realising.length).toBeGreaterThan(20);
  const taken = realising.filter(({ child, over }) => overridesCheck({ [target]: { [child]: over } }, "overrides").length === 0);
  expect([...new Set(taken.map(({ child, path, value }) => `${child} ${path} ${value}`))]).toEqual([]);
});

test.each(grounds)("on %s a kind takes inputs because somebody looked at it", async (target) => {
  const plans = await Promise.all(cases.filter(([one]) => one === target).map(([, , planOf]) => planOf()));
  const kinds = plans.flatMap((plan) => children(plan, target)).map(([child]) => child.split("/")[0] ?? "");
  // An input that no resource has: what is closed refuses it as well.
  const takes = kinds.filter((kind) => overridesCheck({ [target]: { [kind]: { anything: "x" } } }, "overrides").length === 0);
  expect([...new Set(takes)].toSorted()).toEqual(open[target]);
});
