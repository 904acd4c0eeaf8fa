import { at, is, names, protectedData, type Rows, retained, same, statements } from "./rule.ts";

const vault = "aws:backup/vault:Vault";
const days = ({ backupDays }: { readonly backupDays: number }) => backupDays;

export const backup: Rows = {
  [vault]: [
    {
      says: "has a customer key of its own region",
      holds: ({ inputs }, look) => look.keyOf(inputs.kmsKeyArn) === (inputs.region === undefined ? "backups" : "backup"),
      faults: [{ inputs: { kmsKeyArn: undefined } }],
    },
    is("forceDestroy", false, true),
    {
      says: "has a policy",
      holds: ({ inputs }, look) => look.of("aws:backup/vaultPolicy:VaultPolicy").some((policy) => policy.inputs.backupVaultName === inputs.name),
      faults: [{ at: ({ name }) => name === "backup-vault-policy", gone: true }],
    },
    {
      says: "is locked where the profile wants it",
      holds: ({ inputs }, look) =>
        look.stage.copies ===
        look.of("aws:backup/vaultLockConfiguration:VaultLockConfiguration").some((lock) => lock.inputs.backupVaultName === inputs.name),
      faults: [{ at: ({ name }) => name === "backup-vault-lock", gone: true }],
    },
    protectedData,
    retained,
  ],
  "aws:backup/vaultPolicy:VaultPolicy": [
    {
      says: "lets nobody delete a recovery point, or shorten its life",
      holds: ({ inputs }) =>
        statements(inputs.policy).some(
          ({ Effect, Principal, Action }) =>
            Effect === "Deny" && Principal === "*" && same(Action, ["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"]),
        ),
      faults: [
        { inputs: { policy: (was: string) => was.replace('"Deny"', '"Allow"') } },
        { inputs: { policy: (was: string) => was.replace(',"backup:UpdateRecoveryPointLifecycle"', "") } },
      ],
    },
    protectedData,
    retained,
  ],
  "aws:backup/vaultLockConfiguration:VaultLockConfiguration": [
    is("minRetentionDays", days, 1),
    {
      says: "is in governance mode: a lock in compliance mode outlives every mistake in it",
      holds: ({ inputs }) => inputs.changeableForDays === undefined,
      faults: [{ inputs: { changeableForDays: 3 } }],
    },
  ],
  "aws:backup/plan:Plan": [
    is("rules.0.lifecycle.deleteAfter", days, 1),
    {
      says: "is daily",
      holds: ({ inputs }) => /^cron\(\d+ \d+ \? \* \* \*\)$/.test(String(at(inputs, "rules.0.schedule"))),
      faults: [{ inputs: { "rules.0.schedule": "cron(0 5 ? * SUN *)" } }],
    },
    names("rules.0.targetVaultName", vault, ({ inputs }) => inputs.name),
    {
      says: "copies into another region, for as long, where the profile wants it",
      holds: ({ inputs }, { stage, of }) => {
        const copies = at(inputs, "rules.0.copyActions") as { destinationVaultArn: string; lifecycle: { deleteAfter: number } }[];
        return stage.copies
          ? copies.length === 1 &&
              copies.every(
                ({ destinationVaultArn, lifecycle }) =>
                  lifecycle.deleteAfter === stage.backupDays &&
                  of(vault).some(({ inputs, outputs }) => inputs.region === "eu-west-1" && outputs.arn === destinationVaultArn),
              )
          : copies.length === 0;
      },
      faults: [{ inputs: { "rules.0.copyActions": [] } }, { inputs: { "rules.0.copyActions.0.lifecycle.deleteAfter": 1 } }],
    },
  ],
  "aws:backup/selection:Selection": [
    names("planId", "aws:backup/plan:Plan", ({ id }) => id),
    names("iamRoleArn", "aws:iam/role:Role", ({ outputs }) => outputs.arn),
    {
      says: "takes what has the tag of this stack",
      holds: ({ inputs }, { plan }) =>
        same(inputs.conditions, [{ stringEquals: [{ key: "aws:ResourceTag/groundplan:backup", value: `${plan.project}-${plan.stack}` }] }]),
      faults: [{ inputs: { conditions: [] } }],
    },
    {
      says: "looks at databases, disks, file systems and buckets",
      holds: ({ inputs }) =>
        ["rds", "ec2", "elasticfilesystem", "s3"].every((of) => (inputs.resources as string[]).some((arn) => arn.split(":")[2] === of)),
      faults: [{ inputs: { resources: (was: string[]) => was.slice(1) } }],
    },
  ],
};
