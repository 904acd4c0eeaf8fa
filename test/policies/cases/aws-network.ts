import { type PolicyCases, resource } from "../cases.ts";
import { awsVpcCases } from "./aws-vpc.ts";

type Inputs = Record<string, unknown>;
const group = (inputs: Inputs, name = "web") => resource("aws:ec2/securityGroup:SecurityGroup", name, { description: "Web servers", ...inputs });
const older = (inputs: Inputs, from?: ReturnType<typeof group>) =>
  resource(
    "aws:ec2/securityGroupRule:SecurityGroupRule",
    "older",
    { description: "Old form", ...inputs },
    from ? { from: { securityGroupId: [from] } } : {},
  );
const rule = (name: string, inputs: Inputs, of?: ReturnType<typeof group>, way = "Ingress") =>
  resource(
    `aws:vpc/securityGroup${way}Rule:SecurityGroup${way}Rule`,
    name,
    { description: "Clients", ipProtocol: "tcp", ...inputs },
    of ? { from: { securityGroupId: [of] } } : {},
  );
const opens = (port: number, inputs: Inputs) => ({ description: "Clients", protocol: "tcp", fromPort: port, toPort: port, ...inputs });
const world = { cidrBlocks: ["0.0.0.0/0"] };
const office = { cidrBlocks: ["10.0.0.0/16"] };
const bare = group({});
const inside = group({ ingress: [opens(443, world)], egress: [] });

export const awsNetworkCases: Readonly<Record<string, PolicyCases>> = {
  ...awsVpcCases,
  "sg-no-open-ingress": {
    compliant: [
      {
        title: "HTTPS for all, the database for the group of its clients",
        resources: [
          group({ ingress: [opens(443, { cidrBlocks: ["0.0.0.0/0"], ipv6CidrBlocks: ["::/0"] })] }),
          rule("database", { fromPort: 5432, toPort: 5432, referencedSecurityGroupId: "sg-0a" }),
          rule("http", { fromPort: 80, toPort: 80, cidrIpv4: "0.0.0.0/0" }),
        ],
      },
      {
        title: "SSH from an office, HTTP/3 for all",
        resources: [group({ ingress: [opens(22, { cidrBlocks: ["198.51.100.0/24"] }), opens(443, { ...world, protocol: "udp" })] })],
      },
      { title: "a ping", resources: [rule("ping", { ipProtocol: "icmp", fromPort: 8, toPort: -1, cidrIpv4: "0.0.0.0/0" })] },
      { title: "the way out", resources: [older({ type: "egress", protocol: "-1", fromPort: 0, toPort: 0, ...world })] },
    ],
    violating: [
      {
        title: "SSH for the world",
        resources: [group({ ingress: [opens(443, world), opens(22, world)] })],
        finds: ["web: ingress[1].cidrBlocks[0]"],
      },
      {
        title: "a cache for the world, by IPv6",
        resources: [rule("cache", { fromPort: 6379, toPort: 6379, cidrIpv6: "::/0" })],
        finds: ["cache: cidrIpv6"],
      },
      { title: "everything for the world", resources: [rule("all", { ipProtocol: "-1", cidrIpv4: "0.0.0.0/0" })], finds: ["all: cidrIpv4"] },
      {
        title: "a range around HTTPS, in the older form",
        resources: [older({ type: "ingress", protocol: "tcp", fromPort: 80, toPort: 443, ipv6CidrBlocks: ["2000::/3"], ...world })],
        finds: ["older: cidrBlocks[0]", "older: ipv6CidrBlocks[0]"],
      },
      {
        title: "half of the world twice",
        resources: [group({ ingress: [opens(22, { cidrBlocks: ["0.0.0.0/1", "128.0.0.0/1"] })] })],
        finds: ["web: ingress[0].cidrBlocks[0]", "web: ingress[0].cidrBlocks[1]"],
      },
    ],
    reads: {
      "web: ingress": [],
      "web: ingress[0].protocol": ["web: ingress[0].cidrBlocks[0]", "web: ingress[0].ipv6CidrBlocks[0]"],
      "web: ingress[0].fromPort": ["web: ingress[0].cidrBlocks[0]", "web: ingress[0].ipv6CidrBlocks[0]"],
      "web: ingress[0].toPort": [],
      "web: ingress[0].cidrBlocks": [],
      "web: ingress[0].ipv6CidrBlocks": [],
      "http: ipProtocol": ["http: cidrIpv4"],
      "http: cidrIpv4": [],
      "database: cidrIpv6": [],
    },
  },
  "sg-data-from-groups": {
    compliant: [
      {
        title: "the database for the group of its clients",
        resources: [
          rule("database", { fromPort: 5432, toPort: 5432, referencedSecurityGroupId: "sg-0a" }),
          group({ ingress: [opens(8080, office)] }),
        ],
      },
      {
        title: "pings and tunnels, which carry no data of a store, and all ports for members of the group",
        resources: [
          rule("ping", { ipProtocol: "icmp", fromPort: -1, toPort: -1, cidrIpv4: "10.0.0.0/8" }),
          rule("tunnel", { ipProtocol: "50", cidrIpv4: "198.51.100.7/32" }),
          group({ ingress: [{ description: "Members", protocol: "-1", fromPort: 0, toPort: 0, self: true }] }),
        ],
      },
      { title: "one for the world, which sg-no-open-ingress tells", resources: [group({ ingress: [opens(5432, world)] })] },
    ],
    violating: [
      { title: "the database for a network", resources: [group({ ingress: [opens(5432, office)] })], finds: ["web: ingress[0].cidrBlocks[0]"] },
      {
        title: "the cache among all ports",
        resources: [rule("cache", { fromPort: 1, toPort: 65535, cidrIpv4: "10.0.0.0/8" })],
        finds: ["cache: cidrIpv4"],
      },
      {
        title: "all ports, in every way to say so",
        resources: [
          rule("all", { ipProtocol: "-1", cidrIpv4: "10.0.0.0/8" }),
          rule("tcp", { fromPort: -1, toPort: -1, cidrIpv6: "2001:db8::/32" }),
          older({ type: "ingress", protocol: "all", fromPort: 0, toPort: 0, ...office }),
        ],
        finds: ["all: cidrIpv4", "tcp: cidrIpv6", "older: cidrBlocks[0]"],
      },
    ],
    reads: {
      "database: fromPort": [],
      "database: cidrIpv4": [],
      "web: ingress": [],
      "web: ingress[0].fromPort": ["web: ingress[0].cidrBlocks[0]"],
      "web: ingress[0].cidrBlocks": [],
    },
  },
  "sg-one-kind-of-rules": {
    compliant: [
      {
        title: "rules beside the group",
        resources: [bare, rule("https", { fromPort: 443, toPort: 443, cidrIpv4: "0.0.0.0/0" }, bare), older({ type: "egress" }, bare)],
      },
      { title: "rules in the group", resources: [inside] },
      { title: "ingress in it, egress beside it", resources: [group({ ingress: [opens(443, world)] }), rule("out", {}, bare, "Egress")] },
    ],
    violating: [
      {
        title: "both",
        resources: [inside, rule("http", {}, inside), older({ type: "egress" }, inside)],
        finds: ["web: ingress", "web: egress"],
      },
    ],
    reads: { "web: ingress": [], "web: egress": [] },
  },
  "sg-described-egress": {
    compliant: [
      {
        title: "everything says what it is for",
        resources: [
          group({ ingress: [opens(5432, office)], egress: [opens(443, office)] }),
          rule("https", { fromPort: 443, toPort: 443, cidrIpv4: "0.0.0.0/0" }),
        ],
      },
      { title: "a web server that calls out", resources: [group({ ingress: [opens(443, world)], egress: [opens(443, world)] })] },
    ],
    violating: [
      {
        title: "nothing says what it is for, and a database may call anyone",
        resources: [
          group({
            description: undefined,
            ingress: [{ protocol: "tcp", fromPort: 5432, toPort: 5432, securityGroups: ["sg-0a"] }],
            egress: [opens(0, { protocol: "-1", ...world })],
          }),
        ],
        finds: ["web: description", "web: ingress[0].description", "web: egress[0].cidrBlocks[0]"],
      },
      { title: "a rule without a word", resources: [rule("https", { description: undefined })], finds: ["https: description"] },
    ],
    reads: {
      "web: description": ["web: description"],
      "web: ingress": [],
      "web: ingress[0].description": ["web: ingress[0].description"],
      "web: egress": [],
      "https: description": ["https: description"],
    },
  },
};
