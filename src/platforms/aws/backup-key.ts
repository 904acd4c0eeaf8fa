import { Key } from "@pulumi/aws/kms/key.js";
import { type AwsContext, shared } from "./context.ts";
import { policyDocument } from "./iam.ts";
import { keyStatements } from "./kms.ts";

/** One key for all copies of backups that the stack has in that region. */
export const backupKey = (context: AwsContext, region: string): Key =>
  context.once(
    `backup-key-${region}`,
    () =>
      new Key(
        "backup-key",
        {
          region,
          description: `${context.prefix}: copies of backups`,
          enableKeyRotation: true,
          deletionWindowInDays: context.sizes.keyDeletionDays,
          policy: policyDocument(keyStatements(context, "data")),
          tags: context.tags(shared, "key", "backup-key"),
        },
        context.placeData(context.platform, shared),
      ),
  );
