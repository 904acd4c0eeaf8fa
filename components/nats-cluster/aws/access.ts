import { InstanceProfile } from "@pulumi/aws/iam/instanceProfile.js";
import type * as pulumi from "@pulumi/pulumi";
import { quietly } from "../../../src/core/quietly.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import { role, type Statement } from "../../../src/platforms/aws/iam.ts";
import { type AwsImage, pullStatements } from "../../../src/platforms/aws/images.ts";
import { keyUse } from "../../../src/platforms/aws/kms.ts";
import { metricsNamespace } from "./node.ts";

/**
 * What the agent of Systems Manager calls, so that nobody needs SSH. These calls know no resources; AWS's own policy for
 * the agent would also let the node read every parameter of the account.
 */
const agent: Statement[] = [
  {
    sid: "AgentTellsState",
    actions: [
      "ssm:UpdateInstanceInformation",
      "ssm:ListAssociations",
      "ssm:ListInstanceAssociations",
      "ssm:DescribeAssociation",
      "ssm:UpdateAssociationStatus",
      "ssm:UpdateInstanceAssociationStatus",
      "ssm:PutInventory",
      "ssm:PutComplianceItems",
    ],
    resources: ["*"],
  },
  { sid: "AgentReadsDocuments", actions: ["ssm:GetDocument", "ssm:DescribeDocument", "ssm:GetManifest"], resources: ["*"] },
  {
    sid: "AgentOpensSessions",
    actions: ["ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel", "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel"],
    resources: ["*"],
  },
  {
    sid: "AgentTakesCommands",
    actions: [
      "ec2messages:AcknowledgeMessage",
      "ec2messages:DeleteMessage",
      "ec2messages:FailMessage",
      "ec2messages:GetEndpoint",
      "ec2messages:GetMessages",
      "ec2messages:SendReply",
    ],
    resources: ["*"],
  },
];

export interface NodeAccess {
  readonly profile: pulumi.Output<string>;
  readonly ready: readonly pulumi.Resource[];
}

/** What a node may: be managed, read its one secret, write its log, tell how full its volume is. */
export function nodeAccess(
  context: AwsContext,
  component: pulumi.Resource,
  name: string,
  secret: pulumi.Output<string>,
  logPath: string,
  image: AwsImage,
): NodeAccess {
  const made = role(context, component, `${name}-node`, {
    component: name,
    service: "ec2.amazonaws.com",
    description: `Nodes of ${name}`,
    statements: [
      ...agent,
      { sid: "ReadConfiguration", actions: ["secretsmanager:GetSecretValue"], resources: [secret] },
      keyUse(context, "secrets", "secretsmanager", ["kms:Decrypt"]),
      {
        sid: "WriteLog",
        actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
        resources: [context.arn("logs", `log-group:${logPath}:log-stream:*`)],
      },
      {
        sid: "TellDisk",
        actions: ["cloudwatch:PutMetricData"],
        resources: ["*"],
        conditions: { StringEquals: { "cloudwatch:namespace": metricsNamespace(context) } },
      },
      ...pullStatements(context, [image.source]),
    ],
  });
  const profile = quietly(
    () =>
      new InstanceProfile(
        `${name}-node-profile`,
        { name: context.name(`${name}-node`, "role"), role: made.role.name, tags: context.tags(name, "access", `${name}-node-profile`) },
        context.place(component, { deleteBeforeReplace: true }),
      ),
  );
  return { profile: profile.arn, ready: [...made.ready, profile] };
}
