import { list, number, record, records, text } from "./read.ts";

export const securityGroup = "aws:ec2/securityGroup:SecurityGroup";
export const ingressRule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
export const egressRule = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
/** One rule of either way, in the older form. */
export const olderRule = "aws:ec2/securityGroupRule:SecurityGroupRule";

/** What one rule opens: ports to ranges of addresses. */
export interface Opening {
  /** Path of the rule; empty when the resource is the rule. */
  readonly path: string;
  readonly protocol: string;
  /** All ports when undefined. */
  readonly ports: readonly [from: number, to: number] | undefined;
  readonly ranges: readonly (readonly [path: string, cidr: string])[];
  readonly description: string | undefined;
}

type Inputs = Readonly<Record<string, unknown>>;

/** Openings of one way that a group has in itself, or that a rule is. */
export function openingsOf(type: string, inputs: Inputs, way: "ingress" | "egress"): readonly Opening[] {
  if (type === securityGroup) return records(inputs[way]).map(([index, rule]) => opening(rule, `${way}[${index}]`));
  if (type === olderRule) return text(inputs.type) === way ? [opening(inputs, "")] : [];
  return type === (way === "ingress" ? ingressRule : egressRule) ? [opening(inputs, "")] : [];
}

function opening(rule: Inputs, path: string): Opening {
  const at = (input: string) => (path === "" ? input : `${path}.${input}`);
  const protocol = text(rule.protocol) ?? text(rule.ipProtocol) ?? "-1";
  const from = number(rule.fromPort);
  const to = number(rule.toPort) ?? from;
  const cidrs = (input: string) => list(rule[input]).map((cidr, index) => [at(`${input}[${index}]`), text(cidr) ?? ""] as const);
  const one = (input: string) => (text(rule[input]) === undefined ? [] : [[at(input), text(rule[input]) ?? ""] as const]);
  const all = protocol === "-1" || protocol === "all" || from === undefined || to === undefined || from < 0;
  return {
    path,
    protocol,
    ports: all ? undefined : [from, to],
    ranges: [...cidrs("cidrBlocks"), ...cidrs("ipv6CidrBlocks"), ...one("cidrIpv4"), ...one("cidrIpv6")],
    description: text(record(rule).description),
  };
}

/** Everybody, or a good part of all addresses: `0.0.0.0/0`, `0.0.0.0/1`, `::/0`, `2000::/3`. */
export function isWorld(cidr: string): boolean {
  const [address = "", length = ""] = cidr.split("/");
  const bits = number(length);
  return bits !== undefined && bits < (address.includes(":") ? 16 : 8);
}

/** Ports of stores and brokers. */
const dataPorts: Readonly<Record<number, string>> = {
  1433: "SQL Server",
  1521: "Oracle",
  2049: "NFS",
  3306: "MySQL",
  4222: "NATS",
  5432: "PostgreSQL",
  5439: "Redshift",
  5671: "AMQP",
  5672: "AMQP",
  6379: "Redis",
  8086: "InfluxDB",
  9042: "Cassandra",
  9092: "Kafka",
  9094: "Kafka",
  9096: "Kafka",
  9098: "Kafka",
  9200: "OpenSearch",
  11211: "Memcached",
  27017: "MongoDB",
};

/** The first data port that an opening names, alone or in a range. */
export function dataPortOf({ ports }: Opening): string | undefined {
  const found = ports && Object.entries(dataPorts).find(([port]) => Number(port) >= ports[0] && Number(port) <= ports[1]);
  return found && `${found[0]} (${found[1]})`;
}

/** Whether an opening is one of all ports; pings and tunnels have none. */
export const isOfAllPorts = ({ protocol, ports }: Opening): boolean => ports === undefined && /^(-1|all|tcp|udp|6|17)$/i.test(protocol);
