import type { Instance } from "@pulumi/aws/rds/instance.js";
import { InstanceAutomatedBackupsReplication } from "@pulumi/aws/rds/instanceAutomatedBackupsReplication.js";
import type * as pulumi from "@pulumi/pulumi";
import { quietly } from "../../../src/core/quietly.ts";
import { backupKey } from "../../../src/platforms/aws/backup-key.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import type { PostgresModel } from "../model.ts";
import { backupDays } from "./instance.ts";

/**
 * A second copy of the backups in another region, under a key of that region, when the stack file names one. Not protected:
 * what was copied stays for its days when copying ends, and another number of days is another copy.
 */
export function copyBackups(context: AwsContext, component: pulumi.Resource, name: string, model: PostgresModel, primary: Instance): void {
  const region = context.aws.backupRegion;
  const days = backupDays(model, context.profile);
  if (!region || days === 0) return;
  const key = backupKey(context, region);
  quietly(
    () =>
      new InstanceAutomatedBackupsReplication(
        `${name}-backup-copy`,
        { region, sourceDbInstanceArn: primary.arn, kmsKeyId: key.arn, retentionPeriod: days },
        context.place(component, { deleteBeforeReplace: true, customTimeouts: { create: "75m", delete: "75m" } }),
      ),
  );
}
