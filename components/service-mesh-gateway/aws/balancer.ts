import { Listener } from "@pulumi/aws/lb/listener.js";
import { LoadBalancer } from "@pulumi/aws/lb/loadBalancer.js";
import type * as pulumi from "@pulumi/pulumi";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import type { Group } from "../../../src/platforms/aws/groups.ts";
import { publicSide } from "../../../src/platforms/aws/way-out.ts";
import type { GatewayModel } from "../model.ts";
import { httpListener, httpsListener } from "./listener.ts";
import { folders, logBucket } from "./logs.ts";
import { silenceOf } from "./problems.ts";

/** In the public subnets. `doors` are the rules of its group, which it needs at once. */
export function loadBalancer(
  context: AwsContext,
  component: pulumi.Resource,
  name: string,
  model: GatewayModel,
  group: Group,
  doors: pulumi.Resource[],
) {
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
      enableDeletionProtection: context.protects(name),
      idleTimeout: silenceOf(model),
      accessLogs: log(folders.access),
      connectionLogs: log(folders.connections),
      tags: context.tags(name, "server", `${name}-balancer`),
    },
    context.place(component, { dependsOn: [...ready, ...bucket.ready, ...doors] }),
  );
}

/** One for HTTPS, and one that leads there. */
export function listenersOf(
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
