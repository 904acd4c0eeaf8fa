import type { Input } from "@pulumi/pulumi";
import { alarm } from "./alarms.ts";
import { type AwsContext, shared } from "./context.ts";

const hour = 3600;

/** Jobs that went wrong, by the vault that they write to or copy from; and none that went well for two days. */
export function backupAlarms(context: AwsContext, vault: Input<string>, copied: boolean): void {
  const of = { component: shared, namespace: "AWS/Backup", dimensions: { BackupVaultName: vault }, statistic: "Sum", periods: 1 } as const;
  const any = { ...of, when: ">=", threshold: 1, periodSeconds: hour } as const;
  alarm(context, context.platform, "backup-failed", {
    ...any,
    description: "A backup failed: AWS Backup, Jobs, says of what and why",
    metric: "NumberOfBackupJobsFailed",
  });
  alarm(context, context.platform, "backup-expired", {
    ...any,
    description: "A backup did not begin, or did not end, within its window: another one of the same data may have been under way",
    metric: "NumberOfBackupJobsExpired",
  });
  if (copied) {
    alarm(context, context.platform, "backup-copy-failed", {
      ...any,
      description: `A copy of a backup to ${context.aws.backupRegion} failed: AWS Backup, Jobs, Copy jobs`,
      metric: "NumberOfCopyJobsFailed",
    });
  }
  alarm(context, context.platform, "backup-missing", {
    ...of,
    description: "No backup was done for two days, or none yet in an environment that is new: look at the plan, its selection and its role",
    metric: "NumberOfBackupJobsCompleted",
    when: "<",
    threshold: 1,
    periodSeconds: 24 * hour,
    periods: 2,
    missing: "breaching",
  });
}
