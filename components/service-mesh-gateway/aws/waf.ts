import { WebAcl } from "@pulumi/aws/wafv2/webAcl.js";
import { WebAclAssociation } from "@pulumi/aws/wafv2/webAclAssociation.js";
import { WebAclLoggingConfiguration } from "@pulumi/aws/wafv2/webAclLoggingConfiguration.js";
import type * as pulumi from "@pulumi/pulumi";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import type { GatewayModel } from "../model.ts";
import { firewallLog } from "./logs.ts";
import { visibility, wafRules } from "./waf-rules.ts";

/** Headers and queries that may hold what opens something. */
const redacted = [{ singleHeader: { name: "authorization" } }, { singleHeader: { name: "cookie" } }, { queryString: {} }];

/** The firewall before the load balancer, with a log of every request that does not say what was secret in it. */
export function firewall(
  context: AwsContext,
  parent: pulumi.Resource,
  component: string,
  model: GatewayModel,
  balancer: pulumi.Output<string>,
): readonly pulumi.Resource[] {
  const name = context.name(component, "webAcl");
  const acl = new WebAcl(
    `${component}-firewall`,
    {
      name,
      description: `${context.prefix}: requests to ${component}`,
      scope: "REGIONAL",
      defaultAction: { allow: {} },
      rules: wafRules(model),
      visibilityConfig: visibility(name),
      tags: context.tags(component, "access", `${component}-firewall`),
    },
    context.place(parent),
  );
  const log = firewallLog(context, parent, component);
  const logging = new WebAclLoggingConfiguration(
    `${component}-firewall-log`,
    { resourceArn: acl.arn, logDestinationConfigs: [log.arn], redactedFields: redacted },
    context.place(parent, { deleteBeforeReplace: true, dependsOn: [...log.ready] }),
  );
  const association = new WebAclAssociation(
    `${component}-firewall-association`,
    { resourceArn: balancer, webAclArn: acl.arn },
    context.place(parent, { deleteBeforeReplace: true, dependsOn: [logging] }),
  );
  return [association];
}
