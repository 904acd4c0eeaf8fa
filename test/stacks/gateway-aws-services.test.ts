import { beforeAll, describe, expect, test } from "vitest";
import { catalogue } from "../../policies/catalogue/index.ts";
import { noOverrides } from "../../policies/overrides.ts";
import { isMandatory, runPolicies } from "../../policies/run.ts";
import type { Plan, PlanResource } from "../../src/preview/plan.ts";
import { replaces } from "../../src/preview/replacement-aws.ts";
import { arnOf, mirror, prod, service, shop, short } from "../support/aws/gateway.ts";
import { tracedRules } from "../support/aws/rules.ts";
import { ofType, planOnAws, resourceNamed } from "../support/aws/topology.ts";

describe("a gateway on AWS, prod", () => {
  let plan: Plan;
  beforeAll(async () => {
    plan = await planOnAws(shop(), prod);
  });

  test("sends to services that name their target groups once a load balancer has them, and to no other", () => {
    const { inputs, dependencies } = service(plan, "web");
    expect(inputs.loadBalancers).toEqual([
      { targetGroupArn: arnOf(plan, "TargetGroup", "gateway-web-8000"), containerName: "web", containerPort: 8000 },
    ]);
    expect(inputs.healthCheckGracePeriodSeconds).toBe(60);
    for (const needed of ["gateway-web-rule", "gateway-api-rule", "gateway-to-web-8000-in", "gateway-to-web-9000-in"])
      expect(short(dependencies)).toContain(needed);
    const { inputs: apart, dependencies: others } = service(plan, "apart");
    expect("loadBalancers" in apart || "healthCheckGracePeriodSeconds" in apart).toBe(false);
    expect(short(others).filter((name) => name.startsWith("gateway"))).toEqual([]);
    expect(resourceNamed(plan, "TargetGroup", "gateway-web-8000").inputs).toEqual({
      name: expect.stringMatching(/^[a-z][a-z0-9-]{1,31}$/),
      vpcId: resourceNamed(plan, "Vpc", "vpc").id,
      targetType: "ip",
      ipAddressType: "ipv4",
      protocol: "HTTP",
      protocolVersion: "HTTP1",
      port: 8000,
      deregistrationDelay: 30,
      loadBalancingAlgorithmType: "least_outstanding_requests",
      slowStart: 0,
      stickiness: { enabled: false, type: "lb_cookie" },
      healthCheck: {
        enabled: true,
        protocol: "HTTP",
        path: "/ready",
        port: "9000",
        matcher: "200-399",
        interval: 5,
        timeout: 3,
        healthyThreshold: 2,
        unhealthyThreshold: 6,
      },
      tags: expect.anything(),
    });
  });

  test("passes the gate of prod: nothing that stops a pipeline is found", async () => {
    const told = await planOnAws(shop(), { ...prod, aws: { alarmTopics: ["arn:aws:sns:eu-central-1:123456789012:alarms"] } });
    const { open, notRun } = runPolicies({
      policies: catalogue,
      resources: told.resources,
      stage: "prod",
      subject: { project: told.project, stack: told.stack, program: "main" },
      day: "2026-11-29",
      waivers: [],
      overrides: noOverrides,
    });
    expect(notRun).toEqual([]);
    expect(open.filter(isMandatory).map(({ policy, name, message }) => `${policy} at ${name}: ${message}`)).toEqual([]);
  });

  test("has alarms on metrics of what is in the plan", () => {
    const balancer = resourceNamed(plan, "LoadBalancer", "gateway-balancer").outputs.arnSuffix;
    const own = ofType(plan, "MetricAlarm").filter(({ name }) => name.startsWith("gateway-"));
    expect(
      Object.fromEntries(own.map(({ name, inputs }) => [name.replace(/^gateway-|-alarm$/g, ""), [inputs.metricName, inputs.dimensions]])),
    ).toEqual({
      errors: ["HTTPCode_ELB_5XX_Count", { LoadBalancer: balancer }],
      latency: ["TargetResponseTime", { LoadBalancer: balancer }],
      rejected: ["RejectedConnectionCount", { LoadBalancer: balancer }],
      ...Object.fromEntries(
        ["ui-8000", "web-8000", "web-next-8000"].flatMap((key) => {
          const target = { LoadBalancer: balancer, TargetGroup: resourceNamed(plan, "TargetGroup", `gateway-${key}`).outputs.arnSuffix };
          return [
            [`unhealthy-${key}`, ["UnHealthyHostCount", target]],
            [`errors-${key}`, ["HTTPCode_Target_5XX_Count", target]],
          ];
        }),
      ),
      blocked: ["BlockedRequests", { WebACL: "shop-prod-gateway", Region: "eu-central-1", Rule: "ALL" }],
      certificate: ["DaysToExpiry", { CertificateArn: arnOf(plan, "Certificate", "gateway-certificate") }],
    });
    const { visibilityConfig } = resourceNamed(plan, "WebAcl", "gateway-firewall").inputs;
    expect(visibilityConfig).toEqual({ cloudwatchMetricsEnabled: true, metricName: "shop-prod-gateway", sampledRequestsEnabled: false });
    const latency = resourceNamed(plan, "MetricAlarm", "gateway-latency-alarm").inputs;
    expect([latency.extendedStatistic, "statistic" in latency]).toEqual(["p99", false]);
  });
});

describe("a change touches what it must, and nothing else", () => {
  const changed = (before: Plan, after: Plan) => {
    const inputs = (plan: Plan) => new Map(plan.resources.map((of): [string, PlanResource] => [`${of.type} ${of.name}`, of]));
    const [old, young] = [inputs(before), inputs(after)];
    return [...new Set([...old.keys(), ...young.keys()])]
      .filter((key) => JSON.stringify(old.get(key)?.inputs) !== JSON.stringify(young.get(key)?.inputs))
      .filter((key) => key.startsWith("aws:"))
      .map((key) => key.split(" ")[1]);
  };

  test("of weights the rule of the route", async () => {
    const [before, after] = [await planOnAws(shop(), mirror), await planOnAws(shop({ weights: "{ stable: 50, canary: 50 }" }), mirror)];
    expect(changed(before, after)).toEqual(["gateway-web-rule"]);
    expect(replaces("aws:lb/listenerRule:ListenerRule", "actions")).toBe(false);
  });

  test("of a login that is taken away the pages of administration, and the service behind them", async () => {
    const [before, after] = [await planOnAws(shop(), mirror), await planOnAws(shop({ auth: "" }), mirror)];
    expect(after.warnings.join("\n")).toContain("admin routes ui are not served");
    const services = changed(before, after).filter((name) => name?.endsWith("-service"));
    expect(services).toEqual(["ui-service"]);
    expect("loadBalancers" in service(after, "ui").inputs).toBe(false);
    expect(tracedRules(after).filter(({ name }) => /gateway-to-(internet|ui)/.test(name))).toEqual([]);
  });
});
