import type { Look } from "./look.ts";
import type { Rows, Rule } from "./rule.ts";
import { at, is, names, same, statements, textOf } from "./rule.ts";

const id = ({ id }: { readonly id: string }) => id;
const inVpc = names("vpcId", "aws:ec2/vpc:Vpc", id);

const subnet = "aws:ec2/subnet:Subnet";
const inPublic = ["aws:lb/loadBalancer:LoadBalancer", "aws:ec2/natGateway:NatGateway", "aws:ec2/routeTableAssociation:RouteTableAssociation"];

const onePort: Rule = {
  says: "opens one port of TCP",
  holds: ({ inputs }) => inputs.ipProtocol === "tcp" && typeof inputs.fromPort === "number" && inputs.fromPort === inputs.toPort,
  faults: [{ inputs: { ipProtocol: "-1" } }, { inputs: { toPort: 65_535 } }],
};

const from = (cidr: string, port: number) => ({
  inputs: { cidrIpv4: cidr, referencedSecurityGroupId: undefined, fromPort: port, toPort: port },
});

/** Who joins a route table, by tier. */
const tiersOf = (table: unknown, look: Parameters<Rule["holds"]>[1]) => [
  ...new Set(
    look
      .of("aws:ec2/routeTableAssociation:RouteTableAssociation")
      .filter(({ inputs }) => inputs.routeTableId === table)
      .map(({ inputs }) => look.tierOf(inputs.subnetId)),
  ),
];

export const network: Rows = {
  "aws:ec2/vpc:Vpc": [
    {
      says: "has all its traffic in a log",
      holds: ({ id }, look) => look.of("aws:ec2/flowLog:FlowLog").some(({ inputs }) => inputs.vpcId === id),
      faults: [{ at: ({ type }) => type === "aws:ec2/flowLog:FlowLog", gone: true }],
    },
    {
      says: "closes the group that it comes with",
      holds: ({ id }, look) => look.of("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup").some(({ inputs }) => inputs.vpcId === id),
      faults: [{ at: ({ type }) => type === "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", gone: true }],
    },
  ],
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": [
    is("ingress", [], [{ protocol: "-1", fromPort: 0, toPort: 0, self: true }]),
    is("egress", [], [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }]),
  ],
  "aws:ec2/flowLog:FlowLog": [
    is("trafficType", "ALL", "REJECT"),
    names("logDestination", "aws:cloudwatch/logGroup:LogGroup", ({ outputs }) => outputs.arn),
  ],
  [subnet]: [
    is("mapPublicIpOnLaunch", false, true),
    {
      says: "has nothing in it but load balancers and NAT, if it is public",
      of: ({ id }, look) => look.tierOf(id) === "public",
      holds: (it, { plan }) => plan.resources.every(({ type, inputs }) => inPublic.includes(type) || !textOf(inputs).includes(it.id)),
      faults: [
        { at: ({ type }) => type === "aws:iam/role:Role", inputs: { subnetIds: (_: unknown, look: Look) => look.of(subnet).map(({ id }) => id) } },
      ],
    },
    inVpc,
  ],
  "aws:ec2/internetGateway:InternetGateway": "a door: which subnets have a way to it is asked of the routes",
  "aws:ec2/natGateway:NatGateway": [
    is("availabilityMode", ({ nat }: { nat: string }) => nat),
    {
      says: "stands in a public subnet, or in none as a regional one",
      holds: ({ inputs }, { stage, tierOf }) => (stage.nat === "regional" ? inputs.subnetId === undefined : tierOf(inputs.subnetId) === "public"),
      faults: [{ inputs: { subnetId: "subnet-of-another" } }],
    },
  ],
  "aws:ec2/eip:Eip": [
    {
      says: "is the address of the NAT gateway, and of nothing that runs",
      holds: (it, look) => look.of("aws:ec2/natGateway:NatGateway").some(({ inputs }) => inputs.allocationId === it.id) && !("instance" in it.inputs),
      faults: [{ inputs: { instance: "i-0" } }],
    },
  ],
  "aws:ec2/routeTable:RouteTable": [
    {
      says: "is that of one tier",
      holds: (it, look) => same(tiersOf(it.id, look), [it.name.replace(/-routes$/, "")]),
      faults: [
        {
          at: ({ type, name }) => type === "aws:ec2/routeTableAssociation:RouteTableAssociation" && name.startsWith("data-"),
          gone: true,
        },
      ],
    },
  ],
  "aws:ec2/routeTableAssociation:RouteTableAssociation": "which tier a table is of is asked of the table",
  "aws:ec2/route:Route": [
    {
      says: "leads from public subnets to the internet, from private ones through NAT, and from data nowhere",
      holds: ({ inputs }, look) => {
        const [tier] = tiersOf(inputs.routeTableId, look);
        return "gatewayId" in inputs ? tier === "public" : "natGatewayId" in inputs && tier === "private";
      },
      faults: [
        { at: ({ name }) => name === "private-to-internet", inputs: { natGatewayId: undefined, gatewayId: "igw-0" } },
        { at: ({ name }) => name === "private-to-internet", inputs: { routeTableId: "rtb-of-data" } },
      ],
    },
  ],
  "aws:ec2/vpcDhcpOptions:VpcDhcpOptions": "names only",
  "aws:ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation": "names only",
  "aws:ec2/vpcEndpoint:VpcEndpoint": [
    {
      says: "is inside: in the private subnets of every zone, or in the tables of theirs",
      holds: ({ inputs }, look) =>
        inputs.vpcEndpointType === "Gateway"
          ? (inputs.routeTableIds as string[]).every((table) => same(tiersOf(table, look), ["private"]))
          : look.isTier(inputs.subnetIds, "private"),
      faults: [{ inputs: { subnetIds: (was: string[]) => was.slice(1) } }],
    },
    {
      says: "has the names of its service",
      holds: ({ inputs }) => inputs.vpcEndpointType === "Gateway" || inputs.privateDnsEnabled === true,
      faults: [{ inputs: { privateDnsEnabled: false } }],
    },
    {
      says: "lets through principals of this account, and whoever reads a bucket of AWS",
      holds: ({ inputs }) =>
        statements(inputs.policy).every(
          ({ Action, Resource, Condition }) =>
            same(Condition, { StringEquals: { "aws:PrincipalAccount": "123456789012" } }) ||
            (same(Action, ["s3:GetObject"]) && [Resource ?? "*"].flat().every((arn) => /^arn:aws:s3:::[a-z0-9-]+\/\*$/.test(arn))),
        ),
      faults: [{ inputs: { policy: (was: string) => was.replace("123456789012", "*") } }],
    },
  ],
  "aws:ec2/securityGroup:SecurityGroup": [
    {
      says: "has no rules of its own",
      holds: ({ inputs }) => !("ingress" in inputs) && !("egress" in inputs),
      faults: [{ inputs: { ingress: [{ protocol: "tcp", fromPort: 22, toPort: 22 }] } }],
    },
    inVpc,
  ],
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": [
    onePort,
    {
      says: "is for a group, and for addresses only at the load balancer",
      holds: ({ inputs }, look) =>
        inputs.cidrIpv6 === undefined &&
        (inputs.cidrIpv4 === undefined
          ? inputs.referencedSecurityGroupId !== undefined
          : [80, 443].includes(Number(inputs.fromPort)) &&
            look
              .of("aws:lb/loadBalancer:LoadBalancer")
              .some((lb) => (at(lb.inputs, "securityGroups") as unknown[]).includes(inputs.securityGroupId))),
      faults: [from("0.0.0.0/0", 443), from("10.0.0.0/8", 22)],
    },
  ],
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": [
    onePort,
    {
      says: "leads to a group or an endpoint, and to the internet only by HTTPS",
      holds: ({ inputs }) => inputs.cidrIpv6 === undefined && (inputs.cidrIpv4 === undefined || inputs.fromPort === 443),
      faults: [from("0.0.0.0/0", 80)],
    },
  ],
  "aws:servicediscovery/httpNamespace:HttpNamespace": "names only: Service Connect asks it, DNS does not",
  "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": [names("vpc", "aws:ec2/vpc:Vpc", id)],
  "aws:servicediscovery/service:Service": [
    {
      says: "is in the zone that only the network sees",
      holds: ({ inputs }, look) =>
        look.of("aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace").some((zone) => zone.id === at(inputs, "dnsConfig.namespaceId")),
      faults: [{ inputs: { "dnsConfig.namespaceId": "ns-public" } }],
    },
  ],
  "aws:servicediscovery/instance:Instance": [
    {
      says: "gives a private address",
      holds: ({ inputs }) => String(at(inputs, "attributes.AWS_INSTANCE_IPV4")).startsWith("10.20."),
      faults: [{ inputs: { "attributes.AWS_INSTANCE_IPV4": "3.120.0.1" } }],
    },
  ],
  "aws:route53/record:Record": [
    {
      says: "leads to the load balancer of this plan, or proves a certificate",
      holds: ({ inputs }, look) =>
        inputs.type === "CNAME"
          ? (inputs.records as string[]).every((record) => record.endsWith(".acm-validations.aws."))
          : look.of("aws:lb/loadBalancer:LoadBalancer").some(({ outputs }) => outputs.dnsName === at(inputs, "aliases.0.name")),
      faults: [{ at: ({ name }) => name.endsWith("-address"), inputs: { "aliases.0.name": "of-another.elb.amazonaws.com" } }],
    },
  ],
};
