import type * as pulumi from "@pulumi/pulumi";
import { connect } from "../../../src/core/connection.ts";
import type { Platform, Realised } from "../../../src/core/platform.ts";
import { quietly } from "../../../src/core/quietly.ts";
import { allReady, boundReady } from "../../../src/core/realise.ts";
import type { SystemSpec } from "../../../src/core/system.ts";
import { attachments } from "../../../src/platforms/aws/attachments.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import { sealEndpoint } from "../../../src/platforms/aws/endpoint.ts";
import { allowIn, allowOut, type Group, securityGroup } from "../../../src/platforms/aws/groups.ts";
import type { ManagedSystem } from "../../../src/platforms/aws/managed.ts";
import { tellDimensions } from "../../../src/platforms/aws/told-dimensions.ts";
import type { GatewayModel } from "../model.ts";
import { gatewayAlarms } from "./alarms.ts";
import { listenersOf, loadBalancer } from "./balancer.ts";
import { addressRecords, certificateArn } from "./certificate.ts";
import { allRoutes, ports } from "./hosts.ts";
import { isRoute, madeRule } from "./listener-rules.ts";
import { gatewayProblems } from "./problems.ts";
import { listenerRules } from "./rules.ts";
import { gatewayShape } from "./shape.ts";
import { madeTargets } from "./target-groups.ts";
import { targetKey } from "./targets.ts";
import { firewall } from "./waf.ts";
import { gatewayWarnings } from "./warnings.ts";

/** A gateway on AWS: an Application Load Balancer in the public subnets, behind a firewall. */
export const gatewayOnAws: ManagedSystem = {
  shape: gatewayShape,
  problems: gatewayProblems,
  warnings: gatewayWarnings,
  realise: (context, platform, component, spec) => quietly(() => realise(context, platform, component, spec)),
};

function realise(context: AwsContext, platform: Platform, component: pulumi.ComponentResource, spec: SystemSpec): Realised {
  const { name } = spec;
  const model = spec.model as GatewayModel;
  const secrets = Object.fromEntries(
    Object.entries(spec.secrets).map(([key, value]) => [key, platform.secret(component, `${name}-${key}`, value, false)]),
  );
  const group = securityGroup(context, component, name);
  const doors = [
    ...Object.values(ports).flatMap((port) => model.allowFrom.flatMap((cidr) => allowIn(context, component, group, cidr, port, "clients"))),
    ...loginWays(context, component, group, spec),
  ];
  const balancer = loadBalancer(context, component, name, model, group, doors);
  tellDimensions(context, name, { LoadBalancer: balancer.arnSuffix });
  const certificate = certificateArn(context, component, name, model, secrets);
  const listeners = listenersOf(context, component, name, model, balancer, certificate);
  const targets = madeTargets(context, component, name, group, allRoutes(model));
  const rules = listenerRules(model).map((rule) => ({
    rule,
    made: madeRule(context, component, name, model, secrets, listeners.https, targets, rule),
  }));
  const guarded = firewall(context, component, name, model, balancer.arn);
  const addresses = addressRecords(context, component, name, model, balancer);
  const failing = gatewayAlarms(context, component, name, {
    balancer: balancer.arnSuffix,
    targets: Object.fromEntries([...targets].map(([key, { suffix }]) => [key, suffix])),
    certificate,
  });
  for (const [key, { target, arn, ways }] of targets) {
    const leading = rules.filter(({ rule }) => isRoute(rule.to) && rule.to.upstreams.some((upstream) => targetKey(upstream) === key));
    attachments(context).attach(target.workload, {
      targetGroup: arn,
      port: target.port,
      timeoutSeconds: Math.max(...leading.map(({ rule }) => (isRoute(rule.to) ? rule.to.timeoutSeconds : 0))),
      alarm: failing.get(key)?.name ?? "",
      ready: [...leading.map(({ made }) => made), ...ways],
    });
  }

  const bindings = spec.workloads.flatMap((workload) => workload.bindings);
  const own = [listeners.http, ...rules.map(({ made }) => made), ...guarded, ...addresses];
  const [host = ""] = model.hosts;
  const connection = {
    system: name,
    host,
    port: ports.https,
    scheme: "https",
    tls: true,
    ready: allReady([own, ...boundReady(bindings)]),
    // Its names lead to addresses outside, also for who asks inside: no rule between groups opens that way.
    endpoint: sealEndpoint({}),
    ...(secrets.ca ? { ca: secrets.ca } : {}),
  };
  const external = { host, port: ports.https, address: `${host}:${ports.https}` };
  return { connections: { default: connect({ ...connection, external }), status: connect(connection) } };
}

/** It asks who somebody is at the address of the login, and nothing else outside. */
const loginWays = (context: AwsContext, component: pulumi.Resource, group: Group, spec: SystemSpec): pulumi.Resource[] =>
  spec.workloads
    .flatMap(({ egress }) => egress)
    .flatMap(({ host, port }) => [...allowOut(context, component, group, { cidr: "0.0.0.0/0" }, port, `login at ${host}`)]);
