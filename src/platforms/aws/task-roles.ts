import type * as pulumi from "@pulumi/pulumi";
import type { AwsContext } from "./context.ts";
import type { Statement } from "./iam.ts";
import { type AwsImage, pullStatements } from "./images.ts";
import { keyUse } from "./kms.ts";

/** What ECS does in a task's name before its process runs: pull, open the log, read its secrets. Nothing else. */
export function executionStatements(
  context: AwsContext,
  images: readonly AwsImage[],
  logPath: string,
  secrets: readonly pulumi.Input<string>[],
): Statement[] {
  return [
    ...pullStatements(
      context,
      images.map(({ source }) => source),
    ),
    {
      // Streams are named by task.
      sid: "WriteLog",
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [context.arn("logs", `log-group:${logPath}:log-stream:*`)],
    },
    ...(secrets.length > 0
      ? [
          { sid: "ReadSecrets", actions: ["secretsmanager:GetSecretValue"], resources: secrets },
          keyUse(context, "secrets", "secretsmanager", ["kms:Decrypt"]),
        ]
      : []),
  ];
}
