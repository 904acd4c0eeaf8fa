import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import * as pulumi from "@pulumi/pulumi";
import { quietly } from "../../core/quietly.ts";
import type { AwsContext, Owner } from "./context.ts";

type Conditions = Readonly<Record<string, Readonly<Record<string, pulumi.Input<string> | readonly pulumi.Input<string>[]>>>>;

/** One permission: what, on what, when. */
export interface Statement {
  /** Letters and digits; says what it is for. */
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly pulumi.Input<string>[];
  readonly conditions?: Conditions;
  /** @default "Allow" */
  readonly effect?: "Allow" | "Deny";
}

/** A statement of a policy that hangs on a resource: it says who, too. */
export interface ResourceStatement extends Statement {
  readonly principal: { readonly Service?: string | readonly string[]; readonly AWS?: pulumi.Input<string> } | "*";
}

/** A policy as JSON. */
export function policyDocument(statements: readonly (Statement | ResourceStatement)[]): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: statements.map((statement) => ({
      Sid: statement.sid,
      Effect: statement.effect ?? "Allow",
      ...("principal" in statement ? { Principal: statement.principal } : {}),
      Action: [...statement.actions],
      Resource: [...statement.resources],
      ...(statement.conditions ? { Condition: statement.conditions } : {}),
    })),
  });
}

export interface AwsRoleArgs {
  readonly component: Owner;
  /** Service that takes the role, e.g. `ecs-tasks.amazonaws.com`. */
  readonly service: string;
  /** Resources in whose name the service may take it: an ARN or a pattern. @default any of this account */
  readonly sourceArn?: pulumi.Input<string>;
  readonly statements: readonly Statement[];
  readonly description: string;
}

export interface AwsRoleHandle {
  readonly arn: pulumi.Output<string>;
  readonly role: Role;
  /** What a user of the role depends on: the role with its permissions. */
  readonly ready: pulumi.Resource[];
}

/** A role with exactly these permissions, taken by one service in the name of this account. */
export function role(context: AwsContext, parent: pulumi.Resource, name: string, args: AwsRoleArgs): AwsRoleHandle {
  return quietly(() => {
    const made = new Role(
      name,
      {
        name: context.name(name, "role"),
        description: args.description,
        assumeRolePolicy: trust(context, args),
        tags: context.tags(args.component, "access", name),
      },
      context.place(parent, { deleteBeforeReplace: true }),
    );
    if (args.statements.length === 0) return { arn: made.arn, role: made, ready: [made] };
    const policy = new RolePolicy(
      `${name}-policy`,
      { name: "permissions", role: made.name, policy: policyDocument(args.statements) },
      context.place(parent, { deleteBeforeReplace: true }),
    );
    return { arn: made.arn, role: made, ready: [made, policy] };
  });
}

/**
 * Not by way of another account: the service must act for a resource of this one. EC2 and Lambda give no source to
 * compare, and take a role only from who may pass it, in the same account; of RDS Proxy and of AWS Backup it is not documented
 * that they do.
 */
function trust({ account }: AwsContext, { service, sourceArn }: AwsRoleArgs): pulumi.Output<string> {
  const source = { StringEquals: { "aws:SourceAccount": account }, ...(sourceArn ? { ArnLike: { "aws:SourceArn": sourceArn } } : {}) };
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "TakenByService",
        Effect: "Allow",
        Principal: { Service: service },
        Action: "sts:AssumeRole",
        ...(/^(backup|ec2|lambda|rds)\./.test(service) ? {} : { Condition: source }),
      },
    ],
  });
}
