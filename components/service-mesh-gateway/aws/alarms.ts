import type { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import type * as pulumi from "@pulumi/pulumi";
import { type AlarmArgs, alarm } from "../../../src/platforms/aws/alarms.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";

export interface Watched {
  readonly balancer: pulumi.Output<string>;
  /** Suffixes of the ARNs of target groups, by workload and port. */
  readonly targets: Readonly<Record<string, pulumi.Output<string>>>;
  readonly certificate: pulumi.Output<string>;
}

type Told = Pick<AlarmArgs, "description" | "metric" | "statistic" | "when" | "threshold"> & Partial<AlarmArgs>;

/** What rings for a gateway; of these the alarms on failing answers, by workload and port, take a rollout back. */
export function gatewayAlarms(
  context: AwsContext,
  parent: pulumi.Resource,
  component: string,
  { balancer, targets, certificate }: Watched,
): ReadonlyMap<string, MetricAlarm> {
  const failing = new Map<string, MetricAlarm>();
  const ring = (name: string, namespace: string, dimensions: AlarmArgs["dimensions"], told: Told) =>
    alarm(context, parent, `${component}-${name}`, { component, namespace, dimensions, ...told });
  const ofBalancer = { LoadBalancer: balancer };
  const requests = "AWS/ApplicationELB";
  ring("errors", requests, ofBalancer, {
    description: `${component} itself answers with 5xx: no task takes the request, or none answers in time. See its target groups.`,
    metric: "HTTPCode_ELB_5XX_Count",
    statistic: "Sum",
    when: ">=",
    threshold: 10,
    periods: 3,
  });
  ring("latency", requests, ofBalancer, {
    description: `One request in a hundred through ${component} takes longer than 2 seconds.`,
    metric: "TargetResponseTime",
    statistic: "p99",
    when: ">",
    threshold: 2,
  });
  ring("rejected", requests, ofBalancer, {
    description: `${component} has more connections than it takes, and refuses some.`,
    metric: "RejectedConnectionCount",
    statistic: "Sum",
    when: ">",
    threshold: 0,
    periods: 1,
  });
  for (const [key, target] of Object.entries(targets)) {
    failing.set(
      key,
      ring(
        `errors-${key}`,
        requests,
        { ...ofBalancer, TargetGroup: target },
        {
          description: `The service behind ${component} (${key}) answers with 5xx: see its log.`,
          metric: "HTTPCode_Target_5XX_Count",
          statistic: "Sum",
          when: ">=",
          threshold: 20,
          periods: 3,
        },
      ),
    );
    ring(
      `unhealthy-${key}`,
      requests,
      { ...ofBalancer, TargetGroup: target },
      {
        description: `A task behind ${component} (${key}) does not answer its health check: see the events and the log of the service.`,
        metric: "UnHealthyHostCount",
        statistic: "Maximum",
        when: ">",
        threshold: 0,
      },
    );
  }
  const acl = context.name(component, "webAcl");
  ring(
    "blocked",
    "AWS/WAFV2",
    { WebACL: acl, Region: context.region, Rule: "ALL" },
    {
      description: `The firewall of ${component} stops more than 500 requests a minute: an attack, or a rule that is wrong. Its log says which.`,
      metric: "BlockedRequests",
      statistic: "Sum",
      when: ">",
      threshold: 500,
      periods: 5,
    },
  );
  ring(
    "certificate",
    "AWS/CertificateManager",
    { CertificateArn: certificate },
    {
      description: `The certificate of ${component} ends within 30 days: ACM renews at 60, so its records are gone; one that is given has to be replaced.`,
      metric: "DaysToExpiry",
      statistic: "Minimum",
      when: "<",
      threshold: 30,
      // Told twice a day.
      periodSeconds: 86_400,
      periods: 1,
    },
  );
  return failing;
}
