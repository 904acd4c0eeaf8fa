import { Plan } from "@pulumi/aws/backup/plan.js";
import { Selection } from "@pulumi/aws/backup/selection.js";
import { backupAlarms } from "./backup-alarms.ts";
import { backupRole } from "./backup-role.ts";
import { copyVault, makeVault } from "./backup-vault.ts";
import { type AwsContext, shared } from "./context.ts";

/** Tag by which the plan finds what it backs up; its value is the stack, so that it takes nothing of another one. */
const backupTag = "groundplan:backup";

/**
 * Tags of data that is backed up, and with the first of it the plan that does so: RDS instances, EBS volumes, file systems of
 * EFS, versioned buckets of S3. Nothing else carries the tag: no read replica, cache, queue or machine, which can be made again
 * or have backups of their own kind. Where data is not guarded they are the usual tags, and there is no plan.
 */
export const backedUpTags = (context: AwsContext, component: string, name: string = component): Record<string, string> =>
  backedUp(context, context.tags(component, "data", name));

/** The same for what is tagged otherwise. */
export function backedUp(context: AwsContext, tags: Record<string, string>): Record<string, string> {
  if (!context.profile.guardData) return tags;
  context.once("backup-plan", () => backUp(context));
  return { ...tags, [backupTag]: context.prefix };
}

/** After the usual windows of RDS for its own backups and for upkeep: within an hour before those it refuses a backup. */
const daily = "cron(0 5 ? * * *)";
const startMinutes = 60;
/** A first copy of a large volume takes hours. */
const completionMinutes = 12 * 60;

function backUp(context: AwsContext): Selection {
  const { prefix, partition, profile } = context;
  const lifecycle = { deleteAfter: profile.backupDays };
  const vault = makeVault(context);
  const copies = copyVault(context);
  const name = context.name("daily", "backup");
  const role = backupRole(context);
  const plan = new Plan(
    "backup-plan",
    {
      name,
      rules: [
        {
          ruleName: "daily",
          targetVaultName: vault.name,
          schedule: daily,
          scheduleExpressionTimezone: "Etc/UTC",
          startWindow: startMinutes,
          completionWindow: completionMinutes,
          lifecycle,
          copyActions: copies ? [{ destinationVaultArn: copies.arn, lifecycle }] : [],
          recoveryPointTags: context.tags(shared, "backup", "recovery-point"),
        },
      ],
      tags: context.tags(shared, "backup", "backup-plan"),
    },
    context.place(context.platform, { deleteBeforeReplace: true }),
  );
  backupAlarms(context, vault.name, copies !== undefined);
  return new Selection(
    "backup-selection",
    {
      name,
      planId: plan.id,
      iamRoleArn: role.arn,
      // Both: of these kinds, and with that tag.
      resources: [
        context.arn("rds", "db:*"),
        context.arn("ec2", "volume/*"),
        context.arn("elasticfilesystem", "file-system/*"),
        `arn:${partition}:s3:::${prefix}-*`,
      ],
      conditions: [{ stringEquals: [{ key: `aws:ResourceTag/${backupTag}`, value: prefix }] }],
    },
    context.place(context.platform, { deleteBeforeReplace: true, dependsOn: role.ready }),
  );
}

/** What is right but leaves something out, for whatever is backed up. */
export const backupWarnings = ({ profile, aws }: Pick<AwsContext, "profile" | "aws">): string[] =>
  profile.guardData && !aws.backupRegion
    ? [`aws.backupRegion is not set: its backups stay in ${aws.region}, and are gone with that region; name a second one in the stack file`]
    : [];
