import { Listener } from "@pulumi/aws/lb/listener.js";
import { ListenerRule } from "@pulumi/aws/lb/listenerRule.js";
import { LoadBalancer } from "@pulumi/aws/lb/loadBalancer.js";
import type { lb } from "@pulumi/aws/types/input.js";
import * as pulumi from "@pulumi/pulumi";
import { connect } from "../../../src/core/connection.ts";
import type { Platform, Realised } from "../../../src/core/platform.ts";
import { quietly } from "../../../src/core/quietly.ts";
import { allReady, boundReady } from "../../../src/core/realise.ts";
import type { SystemSpec } from "../../../src/core/system.ts";
import type { Secrets } from "../../../src/core/text.ts";
import { attachments } from "../../../src/platforms/aws/attachments.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import { sealEndpoint } from "../../../src/platforms/aws/endpoint.ts";
import { allowIn, allowOut, type Group, securityGroup } from "../../../src/platforms/aws/groups.ts";
import type { ManagedSystem } from "../../../src/platforms/aws/managed.ts";
import { publicSide } from "../../../src/platforms/aws/way-out.ts";
import type { GatewayModel, Route } from "../model.ts";
import { gatewayAlarms } from "./alarms.ts";
import { loginAction } from "./auth.ts";
import { addressRecords, certificateArn } from "./certificate.ts";
import { allRoutes, ports } from "./hosts.ts";
import { httpListener, httpsListener } from "./listener.ts";
import { folders, logBucket } from "./logs.ts";
import { gatewayProblems, gatewayWarnings, silenceOf } from "./problems.ts";
import { listenerRules, type PlannedRule, rewriteOf } from "./rules.ts";
import { gatewayShape } from "./shape.ts";
import { type MadeTarget, madeTargets } from "./target-groups.ts";
import { targetKey } from "./targets.ts";
import { firewall } from "./waf.ts";

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
  const certificate = certificateArn(context, component, name, model, secrets);
  const listeners = listenersOf(context, component, name, model, balancer, certificate);
  const targets = madeTargets(context, component, name, group, allRoutes(model));
  const rules = listenerRules(model).map((rule) => ({
    rule,
    made: madeRule(context, component, name, model, secrets, listeners.https, targets, rule),
  }));
  for (const [key, { target, arn, ways }] of targets) {
    const leading = rules.filter(({ rule }) => isRoute(rule.to) && rule.to.upstreams.some((upstream) => targetKey(upstream) === key));
    attachments(context).attach(target.workload, { targetGroup: arn, port: target.port, ready: [...leading.map(({ made }) => made), ...ways] });
  }
  const guarded = firewall(context, component, name, model, balancer.arn);
  const addresses = addressRecords(context, component, name, model, balancer);
  gatewayAlarms(context, component, name, {
    balancer: balancer.arnSuffix,
    targets: Object.fromEntries([...targets].map(([key, { suffix }]) => [key, suffix])),
    certificate,
  });

  const bindings = spec.workloads.flatMap((workload) => workload.bindings);
  const own = [listeners.http, ...rules.map(({ made }) => made), ...guarded, ...addresses];
  const [host = ""] = model.hosts;
  const connection = {
    system: name,
    host,
    port: ports.https,
    scheme: "https",
    tls: true,
    ready: allReady([pulumi.output(own as pulumi.Resource[]), ...boundReady(bindings)]),
    endpoint: sealEndpoint({ group, ports: [ports.https] }),
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

function loadBalancer(context: AwsContext, component: pulumi.Resource, name: string, model: GatewayModel, group: Group, doors: pulumi.Resource[]) {
  const { subnets, ready } = publicSide(context);
  const bucket = logBucket(context, component, name);
  const log = (prefix: string) => ({ bucket: bucket.name, prefix, enabled: true });
  return new LoadBalancer(
    `${name}-balancer`,
    {
      name: context.name(name, "loadBalancer"),
      loadBalancerType: "application",
      internal: false,
      ipAddressType: "ipv4",
      subnets: [...subnets],
      securityGroups: [group.id],
      dropInvalidHeaderFields: true,
      desyncMitigationMode: "defensive",
      preserveHostHeader: true,
      enableHttp2: true,
      enableWafFailOpen: false,
      enableDeletionProtection: context.profile.guardData,
      idleTimeout: silenceOf(model),
      accessLogs: log(folders.access),
      connectionLogs: log(folders.connections),
      tags: context.tags(name, "server", `${name}-balancer`),
    },
    context.place(component, { dependsOn: [...ready, ...bucket.ready, ...doors] }),
  );
}

function listenersOf(
  context: AwsContext,
  component: pulumi.Resource,
  name: string,
  model: GatewayModel,
  { arn: loadBalancerArn }: LoadBalancer,
  certificate: pulumi.Output<string>,
) {
  const options = context.place(component, { deleteBeforeReplace: true });
  const tags = (part: string) => context.tags(name, "server", `${name}-${part}`);
  return {
    http: new Listener(`${name}-http`, { loadBalancerArn, ...httpListener(), tags: tags("http") }, options),
    https: new Listener(`${name}-https`, { loadBalancerArn, certificateArn: certificate, ...httpsListener(model), tags: tags("https") }, options),
  };
}

function madeRule(
  context: AwsContext,
  component: pulumi.Resource,
  name: string,
  model: GatewayModel,
  secrets: Secrets,
  listener: Listener,
  targets: ReadonlyMap<string, MadeTarget>,
  { name: part, priority, conditions, to }: PlannedRule,
): ListenerRule {
  const actions = isRoute(to) ? routeActions(to, model, secrets, targets) : [{ type: "fixed-response", fixedResponse: to }];
  const transforms = isRoute(to) ? rewriteOf(to) : [];
  return new ListenerRule(
    `${name}-${part}`,
    {
      listenerArn: listener.arn,
      priority,
      conditions: [...conditions],
      actions: actions.map((action, index) => ({ ...action, order: index + 1 })),
      ...(transforms.length > 0 ? { transforms } : {}),
      tags: context.tags(name, "server", `${name}-${part}`),
    },
    context.place(component, { deleteBeforeReplace: true }),
  );
}

const isRoute = (to: PlannedRule["to"]): to is Route => "upstreams" in to;

/** Whoever must log in does so first; then each request is drawn for itself. */
function routeActions(
  route: Route,
  { admin, auth }: GatewayModel,
  secrets: Secrets,
  targets: ReadonlyMap<string, MadeTarget>,
): lb.ListenerRuleAction[] {
  const groups = route.upstreams.flatMap((upstream) => {
    const made = targets.get(targetKey(upstream));
    return made ? [{ arn: made.arn, weight: upstream.weight }] : [];
  });
  return [...(auth && admin.includes(route) ? [loginAction(auth, secrets)] : []), { type: "forward", forward: { targetGroups: groups } }];
}
