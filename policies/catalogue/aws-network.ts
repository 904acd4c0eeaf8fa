import { dataPortOf, egressRule, ingressRule, isOfAllPorts, isWorld, type Opening, olderRule, openingsOf, securityGroup } from "../aws-ingress.ts";
import type { Policy, Resource, Stack } from "../model.ts";
import { shown, text } from "../read.ts";
import { awsVpcPolicies } from "./aws-vpc.ts";

/** What a public balancer listens on; 443 of UDP is HTTP/3. */
const meantForAll = ({ protocol, ports }: Opening): boolean =>
  ports !== undefined &&
  ports[0] === ports[1] &&
  ((ports[0] === 443 && /^(tcp|udp|6|17)$/.test(protocol)) || (ports[0] === 80 && /^(tcp|6)$/.test(protocol)));

const isPing = ({ protocol }: Opening) => /^(icmp|icmpv6|1|58)$/.test(protocol);

const portsOf = ({ ports }: Opening): string =>
  ports === undefined ? "all ports" : ports[0] === ports[1] ? `port ${ports[0]}` : `ports ${ports[0]} to ${ports[1]}`;

const noOpenIngress: Policy = {
  id: "sg-no-open-ingress",
  title: "Only HTTP and HTTPS are open to everybody",
  severity: "critical",
  why: "An open port of a database or of SSH is found within minutes and tried until it gives way.",
  fix: "Components open ports to each other's groups only. In a raw rule name a security group (referencedSecurityGroupId) or a prefix list in place of 0.0.0.0/0 and ::/0.",
  types: [securityGroup, ingressRule, olderRule],
  scope: "resource",
  references: [
    "FSBP EC2.13",
    "FSBP EC2.14",
    "FSBP EC2.18",
    "FSBP EC2.19",
    "CIS AWS 5.2",
    "CIS AWS 5.3",
    "CKV_AWS_24",
    "CKV_AWS_25",
    "CKV_AWS_260",
    "CKV_AWS_277",
    "AWS-0107",
  ],
  levels: { dev: "mandatory", staging: "mandatory", prod: "mandatory" },
  check: ({ type, inputs }) =>
    openingsOf(type, inputs, "ingress")
      .filter((opening) => !isPing(opening) && !meantForAll(opening))
      .flatMap((opening) =>
        opening.ranges
          .filter(([, cidr]) => isWorld(cidr))
          .map(([path, cidr]) => ({ path, is: `${shown(cidr)}: ${portsOf(opening)} of its members can be reached from the whole internet` })),
      ),
};

const dataFromGroups: Policy = {
  id: "sg-data-from-groups",
  title: "Data ports are open to security groups, not to ranges of addresses",
  severity: "high",
  why: "Whatever gets an address in the range may ask the database: a test machine, a laptop in the office, the task that was broken into.",
  fix: "Bind components to each other: the rule is made for exactly that pair. In a raw rule name referencedSecurityGroupId in place of the range, or the one port that is meant in place of all.",
  types: [securityGroup, ingressRule, olderRule],
  scope: "resource",
  references: ["FSBP EC2.19", "Well-Architected SEC05-BP02"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  check: ({ type, inputs }) =>
    openingsOf(type, inputs, "ingress").flatMap((opening) => {
      const port = dataPortOf(opening);
      const reached = isOfAllPorts(opening) ? "all ports, also those of stores" : port && `port ${port}`;
      if (reached === undefined) return [];
      return opening.ranges
        .filter(([, cidr]) => !isWorld(cidr))
        .map(([path, cidr]) => ({ path, is: `${shown(cidr)}: every address of it reaches ${reached}` }));
    }),
};

const oneKindOfRules: Policy = {
  id: "sg-one-kind-of-rules",
  title: "A security group has its rules in itself or beside it, never both",
  severity: "medium",
  why: "A group that has rules in itself deletes those beside it at the next update, and the update after makes them again: connections break in turns.",
  fix: "Take ingress and egress out of the SecurityGroup and write each as a rule of its own, or the other way round.",
  types: [securityGroup],
  scope: "stack",
  references: ["AWS provider docs: security group rules"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  *check({ ofType, referring }) {
    for (const resource of ofType(securityGroup))
      for (const way of ["ingress", "egress"] as const) {
        if (resource.inputs[way] === undefined || resource.ignoreChanges.includes(way)) continue;
        const beside = [
          ...referring(resource, [way === "ingress" ? ingressRule : egressRule], "securityGroupId"),
          ...olderRules({ referring }, resource, way),
        ];
        if (beside.length > 0) yield { resource, path: way, is: `is set, and so is ${beside.map(({ name }) => name).join(", ")} beside it` };
      }
  },
};

const olderRules = ({ referring }: Pick<Stack, "referring">, group: Resource, way: string) =>
  referring(group, [olderRule], "securityGroupId").filter(({ inputs }) => text(inputs.type) === way);

const describedEgress: Policy = {
  id: "sg-described-egress",
  title: "Groups and rules say what they are for, and data does not call out",
  severity: "low",
  why: "Nobody dares to remove a rule that says nothing; a database that may call anyone is the way out for whoever steals from it.",
  fix: "Components describe every rule and give stores no way out. Set description of the raw group and of each rule, and take egress to 0.0.0.0/0 out of groups of stores.",
  types: [securityGroup, ingressRule, egressRule, olderRule],
  scope: "resource",
  references: ["CKV_AWS_23", "CKV_AWS_382", "AWS-0099", "AWS-0104", "AWS-0124"],
  levels: { dev: "disabled", staging: "advisory", prod: "advisory" },
  *check({ type, inputs }) {
    const whole = type === securityGroup;
    if (whole && !text(inputs.description)) yield { path: "description", is: 'is not set: it will say "Managed by Pulumi"' };
    const ways = (["ingress", "egress"] as const).flatMap((way) => openingsOf(type, inputs, way).map((opening) => ({ way, opening })));
    for (const { opening } of ways)
      if (!opening.description)
        yield {
          path: opening.path === "" ? "description" : `${opening.path}.description`,
          is: "is not set: nobody will know whether the rule is still needed",
        };
    if (!ways.some(({ way, opening }) => way === "ingress" && dataPortOf(opening) !== undefined)) return;
    for (const { way, opening } of ways)
      if (way === "egress")
        for (const [path, cidr] of opening.ranges) if (isWorld(cidr)) yield { path, is: `${shown(cidr)}: a store may call anyone` };
  },
};

export const awsNetworkPolicies: readonly Policy[] = [noOpenIngress, dataFromGroups, oneKindOfRules, describedEgress, ...awsVpcPolicies];
