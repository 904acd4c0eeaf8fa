import { VpcEndpoint } from "@pulumi/aws/ec2/vpcEndpoint.js";
import type * as pulumi from "@pulumi/pulumi";
import { type AwsContext, shared } from "./context.ts";
import { allow, allowOut, type Group, securityGroup } from "./groups.ts";
import { policyDocument, type ResourceStatement } from "./iam.ts";
import { network } from "./network.ts";

/** APIs of AWS that have an interface endpoint here. */
export type AwsService =
  | "ecr.api"
  | "ecr.dkr"
  | "logs"
  | "secretsmanager"
  | "kms"
  | "sts"
  | "ssm"
  | "ssmmessages"
  | "ec2messages"
  | "sqs"
  | "sns"
  | "monitoring"
  | "xray"
  | "aps-workspaces";

/**
 * Lets a group call APIs of AWS without a way to the internet: an interface endpoint for each, made when the first group
 * needs it, and a rule to it. `s3` is reached through its gateway endpoint, which costs nothing. What it gives is waited for.
 *
 * Which endpoints a network has that was there before is not known, so there the group may go to port 443 anywhere.
 */
export function reachServices(
  context: AwsContext,
  parent: pulumi.Resource,
  from: Group,
  services: readonly (AwsService | "s3")[],
  why: string,
): readonly pulumi.Resource[] {
  if (services.length === 0) return [];
  if (context.aws.vpc) {
    return allowOut(context, parent, from, { cidr: "0.0.0.0/0" }, 443, `APIs of AWS, ${why}`);
  }
  return [...new Set(services)].flatMap((service) => {
    if (service === "s3") {
      const gateway = storageGateway(context);
      return [gateway, ...allowOut(context, parent, from, { prefixList: gateway.prefixListId, name: "s3" }, 443, `S3, ${why}`)];
    }
    return [interfaceEndpoint(context, service), ...allow(context, parent, from, endpointGroup(context), 443, why)];
  });
}

const endpointGroup = (context: AwsContext): Group =>
  context.once("endpoint-group", () => securityGroup(context, context.platform, shared, "endpoints"));

/** In one zone where a failure of the zone may interrupt, else in all. */
function interfaceEndpoint(context: AwsContext, service: AwsService): VpcEndpoint {
  const name = `endpoint-${service.replace(".", "-")}`;
  return context.once(name, () => {
    const { vpcId, private: subnets } = network(context);
    return new VpcEndpoint(
      name,
      {
        vpcId,
        serviceName: `com.amazonaws.${context.region}.${service}`,
        vpcEndpointType: "Interface",
        privateDnsEnabled: true,
        subnetIds: context.sizes.endpointZones === "all" ? [...subnets] : subnets.slice(0, 1),
        securityGroupIds: [endpointGroup(context).id],
        policy: policyDocument([ownAccountOnly(context)]),
        tags: context.tags(shared, "network", name),
      },
      context.place(context.platform),
    );
  });
}

/** What the network calls through an endpoint is called by principals of this account: stolen keys of another do not work here. */
const ownAccountOnly = (context: AwsContext): ResourceStatement => ({
  sid: "PrincipalsOfThisAccount",
  principal: { AWS: "*" },
  actions: ["*"],
  resources: ["*"],
  conditions: { StringEquals: { "aws:PrincipalAccount": context.account } },
});

/** Layers of images lie in a bucket of AWS that is read by links, without a principal of this account. */
function storageGateway(context: AwsContext): VpcEndpoint {
  return context.once("endpoint-s3", () => {
    const { vpcId, tables } = network(context);
    return new VpcEndpoint(
      "endpoint-s3",
      {
        vpcId,
        serviceName: `com.amazonaws.${context.region}.s3`,
        vpcEndpointType: "Gateway",
        routeTableIds: tables ? [tables.private.id] : [],
        policy: policyDocument([
          ownAccountOnly(context),
          {
            sid: "LayersOfImages",
            principal: { AWS: "*" },
            actions: ["s3:GetObject"],
            resources: [`arn:${context.partition}:s3:::prod-${context.region}-starport-layer-bucket/*`],
          },
          {
            sid: "PackagesOfAmazonLinux",
            principal: { AWS: "*" },
            actions: ["s3:GetObject"],
            resources: [`arn:${context.partition}:s3:::al2023-repos-${context.region}-de612dc2/*`],
          },
        ]),
        tags: context.tags(shared, "network", "endpoint-s3"),
      },
      context.place(context.platform),
    );
  });
}
