import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { componentsOf, type Plan, type PlanResource, shownPlan } from "../../src/preview/plan.ts";
import { allowedOnAws } from "../support/allowed/aws.ts";
import { allowedOnDocker } from "../support/allowed/docker.ts";
import { askedFigures, danglingFigures } from "../support/aws/metrics.ts";
import { describeAwsPlan } from "../support/aws/plan-rules.ts";
import { ofType, resourceNamed } from "../support/aws/topology.ts";
import { recorded, repository } from "../support/recorded.ts";
import { shippedPlan } from "../support/shipped.ts";

/** Arguments of components over those of the stack file. */
function planned(env: "staging-aws" | "prod-aws", over: Readonly<Record<string, object>> = {}): Promise<Plan> {
  const { config } = parse(readFileSync(join(repository, `Pulumi.${env}.yaml`), "utf8")) as {
    config: Record<string, { components: Record<string, object> }>;
  };
  const settings = config["groundplan:stack"];
  const components = { ...settings?.components };
  for (const [name, args] of Object.entries(over)) components[name] = { ...components[name], ...args };
  return recorded({ stack: env, settings: { ...settings, components } });
}

/** What differs between two plans: `type name`, with the inputs that do. */
function changes(before: Plan, after: Plan): string[] {
  const key = ({ type, name }: PlanResource) => `${type.split(":").at(-1)} ${name}`;
  const [old, now] = [before, after].map((plan) => new Map(plan.resources.map((resource) => [resource.urn, resource]))) as [
    Map<string, PlanResource>,
    Map<string, PlanResource>,
  ];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((urn) => {
    const [was, is] = [old.get(urn), now.get(urn)];
    if (!was || !is) return [`${is ? "+" : "-"} ${key((is ?? was) as PlanResource)}`];
    if (!was.type.startsWith("aws:")) return [];
    const inputs = [...new Set([...Object.keys(was.inputs), ...Object.keys(is.inputs)])];
    return inputs.filter((input) => JSON.stringify(was.inputs[input]) !== JSON.stringify(is.inputs[input])).map((input) => `${key(is)} ${input}`);
  });
}

for (const [env, profile] of [
  ["staging-aws", "staging"],
  ["prod-aws", "prod"],
] as const) {
  describeAwsPlan(`GitGuard on AWS, ${env}`, () => shippedPlan(env), {
    profile,
    prefix: `groundplan-${env}`,
    keyUsers: ["alerts-key cloudwatch.amazonaws.com", "logs-key logs.eu-central-1.amazonaws.com"],
    atLeast: { tasks: 20 },
  });

  describe(`GitGuard on AWS, ${env}`, () => {
    let plan: Plan;
    beforeAll(async () => {
      plan = await shippedPlan(env);
    });

    test("a second preview over the same settings is the same, byte by byte", async () => {
      expect(JSON.stringify(shownPlan(await planned(env)))).toBe(JSON.stringify(shownPlan(plan)));
    });

    test("another number of replicas changes the number of tasks, and the alarm that counts them", async () => {
      const scaled = profile === "prod";
      const more = await planned(env, { "guard-api": scaled ? { autoscale: { min: 4, max: 9 } } : { replicas: 5 } });
      expect(changes(plan, more).toSorted()).toEqual([
        "MetricAlarm guard-api-tasks-alarm threshold",
        "Service guard-api-service desiredCount",
        ...(scaled ? ["Target guard-api-scaling minCapacity"] : []),
      ]);
    });

    test("whoever is called by a name of Service Connect is there before its callers: a proxy knows what was there at its start", () => {
      const byName = new Map(plan.resources.filter(({ type }) => type === "aws:ecs/service:Service").map((service) => [service.name, service]));
      const needs = (urn: string, seen = new Set<string>()): Set<string> => {
        for (const next of plan.resources.find((resource) => resource.urn === urn)?.dependencies ?? []) {
          if (!seen.has(next)) needs(next, seen.add(next));
        }
        return seen;
      };
      for (const [caller, called] of [
        ["temporal-ui", "temporal"],
        ["guard-codex", "temporal"],
        ["codex-trigger", "temporal"],
        ["guard-api", "opa"],
        ["guard-api", "guard-codex"],
      ] as const) {
        const [from, to] = [byName.get(`${caller}-service`), byName.get(`${called}-service`)];
        expect(needs(from?.urn ?? ""), `${caller} -> ${called}`).toContain(to?.urn ?? "nothing");
      }
    });

    test("the proxy of a service behind the gateway waits as long as its routes, and failing answers there take a rollout back", () => {
      const service = plan.resources.find(({ name }) => name === "guard-api-service")?.inputs ?? {};
      const { services } = service.serviceConnectConfiguration as { services: { portName: string; timeout: object }[] };
      expect(services.find(({ portName }) => portName === "http")?.timeout).toEqual({ idleTimeoutSeconds: 300, perRequestTimeoutSeconds: 60 });
      expect((service.alarms as { alarmNames: string[] }).alarmNames).toContain(`groundplan-${env}-gateway-errors-guard-api-8000`);
    });

    test("every alarm and every widget asks for a figure that the plan emits", () => {
      expect(askedFigures(plan).length).toBeGreaterThan(200);
      expect(danglingFigures(plan)).toEqual([]);
    });

    test("the gateway is watched by its load balancer: errors and slow answers ring, and its dashboard has both", () => {
      const { outputs } = resourceNamed(plan, "LoadBalancer", "gateway-balancer");
      const dimensions = { LoadBalancer: outputs.arnSuffix };
      const sum = (metricName: string) => ({ metric: { namespace: "AWS/ApplicationELB", metricName, dimensions, stat: "Sum", period: 60 } });
      expect(resourceNamed(plan, "MetricAlarm", "telemetry-gateway-gateway-errors-high-alarm").inputs).toMatchObject({
        comparisonOperator: "GreaterThanThreshold",
        threshold: 0.05,
        metricQueries: [
          { expression: "(FILL(targets, 0) + FILL(own, 0)) / all", returnData: true },
          { id: "targets", ...sum("HTTPCode_Target_5XX_Count") },
          { id: "own", ...sum("HTTPCode_ELB_5XX_Count") },
          { id: "all", ...sum("RequestCount") },
        ],
      });
      expect(resourceNamed(plan, "MetricAlarm", "telemetry-gateway-gateway-latency-high-alarm").inputs).toMatchObject({
        namespace: "AWS/ApplicationELB",
        metricName: "TargetResponseTime",
        dimensions,
        extendedStatistic: "p99",
        threshold: 2.5,
      });
      const { widgets } = JSON.parse(String(resourceNamed(plan, "Dashboard", "telemetry-gateway-dashboard").inputs.dashboardBody)) as {
        widgets: { type: string; properties: { title?: string; metrics?: unknown[][] } }[];
      };
      const lines = (title: string) =>
        widgets.find(({ properties }) => properties.title === title)?.properties.metrics?.map((line) => line.slice(0, 4));
      const line = (metric: string) => ["AWS/ApplicationELB", metric, "LoadBalancer", outputs.arnSuffix];
      expect(lines("Requests")).toEqual(["RequestCount", "HTTPCode_Target_5XX_Count", "HTTPCode_ELB_5XX_Count"].map(line));
      expect(lines("Seconds for an answer")).toEqual([line("TargetResponseTime"), line("TargetResponseTime")]);
    });

    test("every alarm tells somebody, without receivers too", async () => {
      const silent = await planned(env, { telemetry: { receivers: {} } });
      for (const of of [plan, silent]) {
        const calling = ofType(of, "MetricAlarm").filter(({ inputs }) => (inputs.alarmActions as unknown[]).length === 0);
        expect(calling.map(({ name }) => name)).toEqual([]);
      }
    });

    test("who may connect to whom is the same as on one machine, component by component", async () => {
      const docker = await shippedPlan(`${profile}-docker`);
      const names = componentsOf(docker).map(({ name }) => name);
      const owner = (part: string) => names.filter((name) => part === name || part.startsWith(`${name}-`)).toSorted((a, b) => b.length - a.length)[0];
      const between = (pairs: readonly string[]) => {
        const ends = pairs.map((pair) =>
          pair
            .replace(/:[\d-]+$/, "")
            .split(" -> ")
            .map(owner),
        );
        return [...new Set(ends.filter(([from, to]) => from && to && from !== to).map(([from, to]) => `${from} -> ${to}`))].toSorted();
      };
      // Admin routes have a login here. Load balancers and services tell CloudWatch how they are, so nobody asks them.
      const asked = between(allowedOnDocker(docker)).filter((pair) => !/^telemetry -> (gateway|guard-codex)$/.test(pair));
      expect(between(allowedOnAws(plan))).toEqual([...asked, "gateway -> temporal"].toSorted());
    });
  });
}
