import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment.js";
import { type AwsContext, shared } from "./context.ts";
import { type AwsRoleHandle, role } from "./iam.ts";

/** What AWS maintains for this service, kind by kind: the lists change with what it learns to back up. */
const managed = {
  backup: "service-role/AWSBackupServiceRolePolicyForBackup",
  restore: "service-role/AWSBackupServiceRolePolicyForRestores",
  "s3-backup": "AWSBackupServiceRolePolicyForS3Backup",
  "s3-restore": "AWSBackupServiceRolePolicyForS3Restore",
} as const;

/** Takes backups and restores them; one role, so that whoever restores in a hurry finds one. */
export function backupRole(context: AwsContext): AwsRoleHandle {
  const made = role(context, context.platform, "backup", {
    component: shared,
    service: "backup.amazonaws.com",
    description: `Backups of ${context.prefix}, and their restoration`,
    statements: [],
  });
  const attached = Object.entries(managed).map(
    ([name, policy]) =>
      new RolePolicyAttachment(
        `backup-may-${name}`,
        { role: made.role.name, policyArn: `arn:${context.partition}:iam::aws:policy/${policy}` },
        context.place(context.platform, { deleteBeforeReplace: true }),
      ),
  );
  return { ...made, ready: [...made.ready, ...attached] };
}
