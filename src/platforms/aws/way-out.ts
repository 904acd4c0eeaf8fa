import { Eip } from "@pulumi/aws/ec2/eip.js";
import { InternetGateway } from "@pulumi/aws/ec2/internetGateway.js";
import { NatGateway } from "@pulumi/aws/ec2/natGateway.js";
import { Route } from "@pulumi/aws/ec2/route.js";
import * as pulumi from "@pulumi/pulumi";
import { subnetBlocks, usualCidr } from "./cidr.ts";
import { type AwsContext, shared } from "./context.ts";
import { network, tier, zonesOf } from "./network.ts";

/** Way out of the private subnets: what the stack file says, else the profile. */
export const natOf = ({ aws, sizes }: Pick<AwsContext, "aws" | "sizes">) => aws.nat ?? sizes.nat;

/** The public side: subnets with a route to the internet, for gateways. Made when something needs it. */
export interface PublicSide {
  readonly subnets: readonly pulumi.Output<string>[];
  readonly ready: readonly pulumi.Resource[];
}

export function publicSide(context: AwsContext): PublicSide {
  return context.once("public-side", () => {
    const { aws, platform } = context;
    if (aws.vpc) return { subnets: aws.vpc.public.slice(0, context.sizes.zones).map((id) => pulumi.output(id)), ready: [] };
    const { vpcId } = network(context);
    const zones = zonesOf(context);
    const gateway = new InternetGateway(
      "internet-gateway",
      { vpcId, tags: context.tags(shared, "network", "internet-gateway") },
      context.place(platform),
    );
    const { subnets, table, ready } = tier(context, vpcId, "public", zones, subnetBlocks(aws.cidr ?? usualCidr, zones.length).public);
    const route = new Route(
      "public-to-internet",
      { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
      context.place(platform, { deleteBeforeReplace: true }),
    );
    return { subnets, ready: [...ready, route] };
  });
}

/**
 * The way from private subnets to the internet, for declared egress and for images that are not in ECR. What it gives is
 * waited for. A network that was there before has its own ways.
 *
 * `regional` is one gateway that follows the zones in use by itself, `one` stands in the first zone: when that zone
 * fails, nothing gets out.
 */
export function wayOut(context: AwsContext): readonly pulumi.Resource[] {
  return context.once("way-out", () => {
    const { platform } = context;
    const { vpcId, tables } = network(context);
    const kind = natOf(context);
    if (!tables || kind === "none") return [];
    const { subnets, ready } = publicSide(context);
    const tags = context.tags(shared, "network", "nat");
    const options = context.place(platform, { dependsOn: [...ready] });
    const first = subnets[0];
    const gateway =
      kind === "regional" || !first
        ? new NatGateway("nat", { availabilityMode: "regional", connectivityType: "public", vpcId, tags }, options)
        : new NatGateway(
            "nat",
            { availabilityMode: "zonal", connectivityType: "public", subnetId: first, allocationId: address(context), tags },
            options,
          );
    const route = new Route(
      "private-to-internet",
      { routeTableId: tables.private.id, destinationCidrBlock: "0.0.0.0/0", natGatewayId: gateway.id },
      context.place(platform, { deleteBeforeReplace: true }),
    );
    return [route];
  });
}

const address = (context: AwsContext) =>
  new Eip("nat-address", { domain: "vpc", tags: context.tags(shared, "network", "nat-address") }, context.place(context.platform)).allocationId;
