import { Vault } from "@pulumi/aws/backup/vault.js";
import { VaultLockConfiguration } from "@pulumi/aws/backup/vaultLockConfiguration.js";
import { VaultPolicy } from "@pulumi/aws/backup/vaultPolicy.js";
import type { Input } from "@pulumi/pulumi";
import { backupKey } from "./backup-key.ts";
import { type AwsContext, shared } from "./context.ts";
import { policyDocument, type ResourceStatement } from "./iam.ts";
import { kmsKey } from "./kms.ts";

/** Where the recovery points of the stack are. */
export const makeVault = (context: AwsContext): Vault => guardedVault(context, "backup-vault", kmsKey(context, "backups").arn);

/** The same in the second region, where the stack file names one. */
export function copyVault(context: AwsContext): Vault | undefined {
  const region = context.aws.backupRegion;
  return region === undefined ? undefined : guardedVault(context, "backup-copies", backupKey(context, region).arn, region);
}

function guardedVault(context: AwsContext, name: string, kmsKeyArn: Input<string>, region?: string): Vault {
  const there = region === undefined ? {} : { region };
  const vault = new Vault(
    name,
    { ...there, name: context.name(name, "backup"), kmsKeyArn, forceDestroy: false, tags: context.tags(shared, "backup", name) },
    context.placeData(context.platform, shared),
  );
  // Kept with the vault when the stack is taken down.
  new VaultPolicy(
    `${name}-policy`,
    { ...there, backupVaultName: vault.name, policy: policyDocument([nobodyDeletes]) },
    context.placeData(context.platform, shared),
  );
  if (context.sizes.backupLock) {
    // Governance mode, without `changeableForDays`: who may change the lock can still lift it. Compliance mode could never be left.
    new VaultLockConfiguration(
      `${name}-lock`,
      { ...there, backupVaultName: vault.name, minRetentionDays: context.profile.backupDays },
      context.place(context.platform, { deleteBeforeReplace: true }),
    );
  }
  return vault;
}

/** Recovery points end by their lifecycle alone: whoever would delete one must change this policy first, which is seen. */
const nobodyDeletes: ResourceStatement = {
  sid: "RecoveryPointsEndByThemselves",
  effect: "Deny",
  principal: "*",
  actions: ["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"],
  resources: ["*"],
};
