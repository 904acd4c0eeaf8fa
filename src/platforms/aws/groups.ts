import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { SecurityGroupEgressRule } from "@pulumi/aws/vpc/securityGroupEgressRule.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import type * as pulumi from "@pulumi/pulumi";
import { quietly } from "../../core/quietly.ts";
import type { AwsContext, Owner } from "./context.ts";
import { network } from "./network.ts";

/** The group of one part, with the component and the name that its rules are named after. */
export interface Group {
  readonly component: Owner;
  readonly name: string;
  readonly resource: SecurityGroup;
  readonly id: pulumi.Output<string>;
}

/**
 * The security group of one part: without rules of its own. Every rule is a resource of its own that says why, so a group
 * allows nothing that is not in the plan. `name` must be unlike that of every other group of the stack.
 */
export function securityGroup(context: AwsContext, parent: pulumi.Resource, component: Owner, name: string = String(component)): Group {
  const resource = quietly(
    () =>
      new SecurityGroup(
        `${name}-group`,
        {
          namePrefix: `${context.name(name, "securityGroup")}-`,
          description: `${context.prefix}: ${name}`,
          vpcId: network(context).vpcId,
          revokeRulesOnDelete: true,
          tags: context.tags(component, "network", name),
        },
        context.place(parent),
      ),
  );
  return { component, name, resource, id: resource.id };
}

/**
 * Lets one group connect to a port of another: a rule on each side. Asking twice for the same is one permission. What
 * connects as soon as it starts depends on what this gives.
 */
export function allow(context: AwsContext, parent: pulumi.Resource, from: Group, to: Group, port: number, why: string): readonly pulumi.Resource[] {
  const name = `${from.name}-to-${to.name}-${port}`;
  // Not by the name of the rule: a group may be called "a-to-b".
  return context.once(`allow ${from.name} ${to.name} ${port}`, () => {
    const description = ruleText(`${from.name} to ${to.name}: ${why}`);
    const range = { ipProtocol: "tcp", fromPort: port, toPort: port, description };
    return [
      new SecurityGroupEgressRule(
        `${name}-out`,
        { ...range, securityGroupId: from.id, referencedSecurityGroupId: to.id, tags: context.tags(from.component, "network", `${name}-out`) },
        context.place(parent, { deleteBeforeReplace: true }),
      ),
      new SecurityGroupIngressRule(
        `${name}-in`,
        { ...range, securityGroupId: to.id, referencedSecurityGroupId: from.id, tags: context.tags(to.component, "network", `${name}-in`) },
        context.place(parent, { deleteBeforeReplace: true }),
      ),
    ];
  });
}

/** Lets the members of a group reach each other on a port, as replicas of a quorum do. */
export function allowAmong(context: AwsContext, parent: pulumi.Resource, group: Group, port: number, why: string): readonly pulumi.Resource[] {
  return allow(context, parent, group, group, port, why);
}

/** Addresses, the group of what is not of this stack, or a list of AWS. A name stands in that of the rule. */
type OutTarget =
  | { readonly cidr: string }
  | { readonly cidr: string; readonly name: string }
  | { readonly group: pulumi.Input<string>; readonly name: string }
  | { readonly prefixList: pulumi.Input<string>; readonly name: string };

/** Lets a group out to addresses: declared egress, or a managed prefix list such as that of S3. */
export function allowOut(
  context: AwsContext,
  parent: pulumi.Resource,
  from: Group,
  to: OutTarget,
  port: number,
  why: string,
): readonly pulumi.Resource[] {
  const target = "cidr" in to ? { cidrIpv4: to.cidr } : "group" in to ? { referencedSecurityGroupId: to.group } : { prefixListId: to.prefixList };
  const name = `${from.name}-to-${"name" in to ? to.name : to.cidr === "0.0.0.0/0" ? "internet" : to.cidr.replace(/\W/g, "-")}-${port}`;
  return context.once(`out ${from.name} ${name}`, () => [
    new SecurityGroupEgressRule(
      `${name}-out`,
      {
        securityGroupId: from.id,
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
        ...target,
        description: ruleText(`${from.name}: ${why}`),
        tags: context.tags(from.component, "network", `${name}-out`),
      },
      context.place(parent, { deleteBeforeReplace: true }),
    ),
  ]);
}

/** Lets addresses from outside into a port: what a gateway is for. */
export function allowIn(
  context: AwsContext,
  parent: pulumi.Resource,
  to: Group,
  cidr: string,
  port: number,
  why: string,
): readonly pulumi.Resource[] {
  const from = cidr === "0.0.0.0/0" ? "internet" : cidr.replace(/\W/g, "-");
  const name = `${from}-to-${to.name}-${port}`;
  return context.once(`in ${name}`, () => [
    new SecurityGroupIngressRule(
      `${name}-in`,
      {
        securityGroupId: to.id,
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
        cidrIpv4: cidr,
        description: ruleText(`${to.name}: ${why}`),
        tags: context.tags(to.component, "network", `${name}-in`),
      },
      context.place(parent, { deleteBeforeReplace: true }),
    ),
  ]);
}

/** Descriptions of rules take letters, digits, spaces and a few signs, at most 255. */
const ruleText = (text: string) => text.replace(/[^A-Za-z0-9 ._:/()#,@[\]+=&;{}!$*-]/g, " ").slice(0, 255);
