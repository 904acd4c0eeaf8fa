import { taskDefinition } from "../ecs-task.ts";
import type { Policy, Resource, Stack } from "../model.ts";
import { isTrue, list, shown, text } from "../read.ts";

const vpc = "aws:ec2/vpc:Vpc";
const subnet = "aws:ec2/subnet:Subnet";
const defaultGroup = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
const natGateway = "aws:ec2/natGateway:NatGateway";

const baseline: Policy = {
  id: "vpc-baseline",
  title: "Networks keep a record, hand out no public address, and lead to AWS without the internet",
  severity: "medium",
  why: "Without a flow log nobody can tell afterwards who talked to whom; the default group lets its members talk to each other; a subnet that hands out addresses puts what starts in it on the internet; one way out for all zones goes with its zone.",
  fix: "The network that the platform makes has all of it (aws.nat: regional in prod). On a raw Vpc: a FlowLog, a DefaultSecurityGroup without rules, VpcEndpoints for s3, ecr.api, ecr.dkr, logs and secretsmanager, mapPublicIpOnLaunch false, a NatGateway per zone or availabilityMode regional.",
  types: [vpc, subnet, defaultGroup, natGateway],
  scope: "stack",
  references: [
    "FSBP EC2.2",
    "FSBP EC2.6",
    "FSBP EC2.10",
    "FSBP EC2.15",
    "FSBP EC2.55",
    "FSBP EC2.56",
    "CIS AWS 3.7",
    "CIS AWS 5.4",
    "CKV2_AWS_11",
    "CKV2_AWS_12",
    "CKV_AWS_130",
    "AWS-0164",
    "AWS-0173",
    "AWS-0178",
  ],
  levels: { dev: "disabled", staging: "advisory", prod: "mandatory" },
  *check(stack, { stage }) {
    for (const resource of stack.ofType(subnet))
      if (isTrue(resource.inputs.mapPublicIpOnLaunch))
        yield { resource, path: "mapPublicIpOnLaunch", is: "is true: what starts here gets an address that the internet reaches" };
    for (const resource of stack.ofType(defaultGroup))
      for (const path of ["ingress", "egress"])
        if (list(resource.inputs[path]).length > 0)
          yield { resource, path, is: `${shown(resource.inputs[path])}: what is made without a group of its own may be reached or call` };
    for (const resource of stack.ofType(vpc)) {
      if (stack.referring(resource, ["aws:ec2/flowLog:FlowLog"], "vpcId").length === 0)
        yield { resource, path: "", is: "has no flow log: nobody can tell who talked to whom" };
      if (stack.referring(resource, [defaultGroup], "vpcId").length === 0)
        yield { resource, path: "", is: "has a default group as AWS makes it: its members may talk to each other and to everybody" };
      const missing = missingEndpoints(stack, resource);
      if (missing.length > 0) yield { resource, path: "", is: `has no endpoint for ${missing.join(", ")}: tasks reach them over the internet` };
      const [nat, ...others] = waysOut(stack, resource);
      if (stage === "prod" && nat && others.length === 0 && text(nat.inputs.availabilityMode) !== "regional")
        yield {
          resource: nat,
          path: "availabilityMode",
          is: `${shown(nat.inputs.availabilityMode)}, and it is the only way out: all zones lose theirs with this one`,
        };
    }
  },
};

/** Services of AWS that tasks call, when a stack has something of that kind. */
const called: readonly (readonly [service: string, when: readonly string[]])[] = [
  ["s3", ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2", "aws:ecr/repository:Repository"]],
  ["ecr.api", ["aws:ecr/repository:Repository"]],
  ["ecr.dkr", ["aws:ecr/repository:Repository"]],
  ["logs", [taskDefinition]],
  ["secretsmanager", ["aws:secretsmanager/secret:Secret"]],
];

function missingEndpoints({ ofType, referring }: Stack, network: Resource): string[] {
  if (ofType(taskDefinition).length === 0) return [];
  const endpoints = referring(network, ["aws:ec2/vpcEndpoint:VpcEndpoint"], "vpcId").map(({ inputs }) => text(inputs.serviceName) ?? "");
  return called.flatMap(([service, when]) =>
    ofType(...when).length > 0 && !endpoints.some((name) => name.endsWith(`.${service}`)) ? [service] : [],
  );
}

/** NAT gateways of a network: a regional one names it, others are in one of its subnets. */
const waysOut = ({ ofType, referred }: Stack, network: Resource): readonly Resource[] =>
  ofType(natGateway).filter(
    (nat) =>
      text(nat.inputs.connectivityType) !== "private" &&
      (referred(nat, [vpc], "vpcId").includes(network) ||
        referred(nat, [subnet], "subnetId").some((place) => referred(place, [vpc], "vpcId").includes(network))),
  );

export const awsVpcPolicies: readonly Policy[] = [baseline];
