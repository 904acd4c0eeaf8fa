import { FlowLog } from "@pulumi/aws/ec2/flowLog.js";
import { VpcDhcpOptions } from "@pulumi/aws/ec2/vpcDhcpOptions.js";
import { VpcDhcpOptionsAssociation } from "@pulumi/aws/ec2/vpcDhcpOptionsAssociation.js";
import type * as pulumi from "@pulumi/pulumi";
import { type AwsContext, shared } from "./context.ts";
import { role } from "./iam.ts";
import { logGroup, logPath } from "./logs.ts";

/** The domain in which the parts of this stack are found by name. */
export const internalDomain = (context: AwsContext) => `${context.name("", "namespace")}.internal`;

/** Who talked to whom, and what was refused. */
export function flowLog(context: AwsContext, vpcId: pulumi.Output<string>): void {
  const { platform } = context;
  const group = logGroup(context, platform, shared, "flow");
  const path = context.arn("logs", `log-group:${logPath(context, "flow")}`);
  const writer = role(context, platform, "flow-logs", {
    component: shared,
    service: "vpc-flow-logs.amazonaws.com",
    sourceArn: context.arn("ec2", "vpc-flow-log/*"),
    description: "Writes the flow log of the VPC",
    statements: [
      // Streams are named by network interface.
      { sid: "Write", actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [`${path}:*`] },
      { sid: "Find", actions: ["logs:DescribeLogStreams"], resources: [path, `${path}:*`] },
    ],
  });
  new FlowLog(
    "flow-log",
    {
      vpcId,
      trafficType: "ALL",
      maxAggregationInterval: 60,
      logDestinationType: "cloud-watch-logs",
      logDestination: group.arn,
      iamRoleArn: writer.arn,
      tags: context.tags(shared, "log", "flow-log"),
    },
    context.place(platform, { dependsOn: writer.ready }),
  );
}

/** Names without a domain are looked up in that of the stack: `db-check` finds `api` as on every other ground. */
export function dhcpOptions(context: AwsContext, vpcId: pulumi.Output<string>): pulumi.Resource {
  const { platform } = context;
  const options = new VpcDhcpOptions(
    "dhcp-options",
    { domainName: internalDomain(context), domainNameServers: ["AmazonProvidedDNS"], tags: context.tags(shared, "network", "dhcp-options") },
    context.place(platform),
  );
  return new VpcDhcpOptionsAssociation("dhcp-options-association", { vpcId, dhcpOptionsId: options.id }, context.place(platform));
}
