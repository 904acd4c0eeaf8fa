import { DefaultSecurityGroup } from "@pulumi/aws/ec2/defaultSecurityGroup.js";
import { RouteTable } from "@pulumi/aws/ec2/routeTable.js";
import { RouteTableAssociation } from "@pulumi/aws/ec2/routeTableAssociation.js";
import { Subnet } from "@pulumi/aws/ec2/subnet.js";
import { Vpc } from "@pulumi/aws/ec2/vpc.js";
import * as pulumi from "@pulumi/pulumi";
import { subnetBlocks, usualCidr } from "./cidr.ts";
import { type AwsContext, shared } from "./context.ts";
import { dhcpOptions, flowLog } from "./network-parts.ts";

/** The private side of the network: what everything needs. Ways in and out are made when something needs them. */
export interface Network {
  readonly vpcId: pulumi.Output<string>;
  readonly zones: readonly string[];
  /** Subnet ids, one per zone in the order of the zones: where tasks and instances run. */
  readonly private: readonly pulumi.Output<string>[];
  /** Subnet ids, one per zone: for managed stores; no way out at all. */
  readonly data: readonly pulumi.Output<string>[];
  /** Route tables of the tiers above; none in a network that was there before. */
  readonly tables?: { readonly private: RouteTable; readonly data: RouteTable };
  /** What has to be there before something can run in it. */
  readonly ready: readonly pulumi.Resource[];
}

/** Zones that are used: as many as the profile wants, of those that are configured. */
export const zonesOf = ({ aws, sizes }: Pick<AwsContext, "aws" | "sizes">): readonly string[] => aws.zones.slice(0, sizes.zones);

export const network = (context: AwsContext): Network => context.once("network", () => existing(context) ?? made(context));

/** The network of the stack file, as it is: nothing in it is changed. */
function existing(context: AwsContext): Network | undefined {
  const { vpc } = context.aws;
  if (!vpc) return undefined;
  const ids = (list: readonly string[]) => list.slice(0, context.sizes.zones).map((id) => pulumi.output(id));
  return { vpcId: pulumi.output(vpc.id), zones: zonesOf(context), private: ids(vpc.private), data: ids(vpc.data), ready: [] };
}

function made(context: AwsContext): Network {
  const zones = zonesOf(context);
  const cidr = context.aws.cidr ?? usualCidr;
  const blocks = subnetBlocks(cidr, zones.length);
  const vpc = new Vpc(
    "vpc",
    { cidrBlock: cidr, enableDnsSupport: true, enableDnsHostnames: true, tags: context.tags(shared, "network", "vpc") },
    context.place(context.platform),
  );
  // What the VPC brings along would let its members talk to each other and to the world.
  new DefaultSecurityGroup(
    "vpc-default-group",
    { vpcId: vpc.id, ingress: [], egress: [], tags: context.tags(shared, "network", "unused") },
    context.place(context.platform),
  );
  flowLog(context, vpc.id);
  const dhcp = dhcpOptions(context, vpc.id);
  const privateTier = tier(context, vpc.id, "private", zones, blocks.private);
  const dataTier = tier(context, vpc.id, "data", zones, blocks.data);
  return {
    vpcId: vpc.id,
    zones,
    private: privateTier.subnets,
    data: dataTier.subnets,
    tables: { private: privateTier.table, data: dataTier.table },
    ready: [dhcp, ...privateTier.ready, ...dataTier.ready],
  };
}

interface Tier {
  readonly subnets: readonly pulumi.Output<string>[];
  readonly table: RouteTable;
  readonly ready: readonly pulumi.Resource[];
}

/** A subnet per zone with one route table, which begins without a way out. */
export function tier(
  context: AwsContext,
  vpcId: pulumi.Output<string>,
  name: "public" | "private" | "data",
  zones: readonly string[],
  blocks: readonly string[],
): Tier {
  const { platform } = context;
  const table = new RouteTable(`${name}-routes`, { vpcId, tags: context.tags(shared, "network", `${name}-routes`) }, context.place(platform));
  const made = zones.map((zone, index) => {
    const letter = zone.slice(-1);
    const subnet = new Subnet(
      `${name}-${letter}`,
      {
        vpcId,
        availabilityZone: zone,
        cidrBlock: blocks[index] ?? "",
        mapPublicIpOnLaunch: false,
        tags: context.tags(shared, "network", `${name}-${letter}`),
      },
      context.place(platform),
    );
    const association = new RouteTableAssociation(
      `${name}-${letter}-routes`,
      { subnetId: subnet.id, routeTableId: table.id },
      context.place(platform, { deleteBeforeReplace: true }),
    );
    return { subnet, association };
  });
  return { subnets: made.map(({ subnet }) => subnet.id), table, ready: made.map(({ association }) => association) };
}
