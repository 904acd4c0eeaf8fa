import { type PolicyCases, resource } from "../cases.ts";
import { task } from "./aws-tasks.ts";

type Inputs = Record<string, unknown>;
const vpc = resource("aws:ec2/vpc:Vpc", "main", { cidrBlock: "10.0.0.0/16" });
const inVpc = (type: string, name: string, inputs: Inputs = {}) => resource(type, name, { vpcId: "vpc-1", ...inputs }, { from: { vpcId: [vpc] } });
const flow = inVpc("aws:ec2/flowLog:FlowLog", "flow", { trafficType: "ALL" });
const unused = (inputs: Inputs = { ingress: [], egress: [] }) => inVpc("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "unused", inputs);
const subnet = (inputs: Inputs) => inVpc("aws:ec2/subnet:Subnet", "private-a", inputs);
const endpoint = (service: string) =>
  inVpc("aws:ec2/vpcEndpoint:VpcEndpoint", `to-${service}`, { serviceName: `com.amazonaws.eu-central-1.${service}` });
const nat = (name: string, inputs: Inputs = {}) =>
  resource("aws:ec2/natGateway:NatGateway", name, { subnetId: "subnet-1", ...inputs }, { from: { subnetId: [subnet({})] } });
const regional = inVpc("aws:ec2/natGateway:NatGateway", "nat", { availabilityMode: "regional", connectivityType: "public" });
const secret = resource("aws:secretsmanager/secret:Secret", "database", {});
const bucket = resource("aws:s3/bucket:Bucket", "files", {});
const base = [vpc, flow, unused()];

export const awsVpcCases: Readonly<Record<string, PolicyCases>> = {
  "vpc-baseline": {
    compliant: [
      {
        title: "a network with all of it",
        resources: [...base, subnet({ mapPublicIpOnLaunch: false }), regional, task([{}]), secret, endpoint("logs"), endpoint("secretsmanager")],
      },
      { title: "nothing in it calls AWS", resources: [...base, secret] },
      { title: "a way out by zone", resources: [...base, subnet({}), nat("nat-a"), nat("nat-b")] },
      { title: "one way out in staging", stage: "staging", resources: [...base, subnet({}), nat("nat-a")] },
      { title: "a gateway between private networks", resources: [...base, subnet({}), nat("nat-a", { connectivityType: "private" })] },
    ],
    violating: [
      { title: "a network as it comes", resources: [vpc], finds: ["main: ", "main: "] },
      { title: "public addresses for all", resources: [...base, subnet({ mapPublicIpOnLaunch: true })], finds: ["private-a: mapPublicIpOnLaunch"] },
      {
        title: "a default group that is used",
        resources: [vpc, flow, unused({ ingress: [{ protocol: "-1", self: true }] })],
        finds: ["unused: ingress"],
      },
      { title: "files and logs over the internet", resources: [...base, task([{}]), bucket, endpoint("ecr.api")], finds: ["main: "] },
      { title: "one way out for all zones", resources: [...base, subnet({}), nat("nat-a")], finds: ["nat-a: availabilityMode"] },
    ],
    reads: {
      "private-a: mapPublicIpOnLaunch": [],
      "unused: ingress": [],
      "unused: egress": [],
      "to-logs: serviceName": ["main: "],
      "nat: availabilityMode": ["nat: availabilityMode"],
      "nat: connectivityType": [],
    },
  },
};
