import { takenByTag } from "../backup-plans.ts";
import type { Policy, Resource, Stack } from "../model.ts";
import { cluster, clusterInstance, instance, isReplica, majorOf } from "../rds.ts";
import { hasInput, isTrue, list, number, records, shown, text } from "../read.ts";

const retention: Policy = {
  id: "rds-backup-retention",
  title: "Databases can be set back to any second of the last days",
  severity: "high",
  why: "Data that was deleted or spoilt by mistake is lost when nobody notices within the days that backups are kept.",
  fix: "Set aws.backupDays of PostgresDb, or backupRetentionPeriod of a raw instance or cluster.",
  types: [instance, cluster],
  scope: "resource",
  references: ["FSBP RDS.11", "CKV_AWS_133", "AWS-0077"],
  parameters: {
    days: { meaning: "Least days that backups are kept", default: { dev: 1, staging: 7, prod: 35 }, minimum: 1, maximum: 35 },
  },
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  check(resource, { parameter }) {
    if (isReplica(resource)) return [];
    const { backupRetentionPeriod } = resource.inputs;
    const days = number(backupRetentionPeriod) ?? (resource.type === cluster ? 1 : 0);
    if (days >= parameter("days")) return [];
    const kept = number(backupRetentionPeriod) === undefined ? `, which keeps ${days} days` : "";
    return [{ path: "backupRetentionPeriod", is: `${shown(backupRetentionPeriod)}${kept}: ${parameter("days")} days are the least` }];
  },
};

const replication = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication";

const backupCopy: Policy = {
  id: "rds-backup-copy",
  title: "Backups of databases have a copy in another region",
  severity: "high",
  why: "Backups of a region are lost, or out of reach, together with the region.",
  fix: "Set aws.backupRegion in the stack file; beside a raw instance make an InstanceAutomatedBackupsReplication, or select it in an AWS Backup plan that copies.",
  types: [instance, replication],
  scope: "stack",
  references: ["CKV_AWS_245", "AWS Well-Architected REL09-BP01"],
  parameters: {
    days: { meaning: "Least days that the copy is kept", default: { dev: 1, staging: 7, prod: 35 }, minimum: 1, maximum: 35 },
  },
  levels: { dev: "disabled", staging: "disabled", prod: "mandatory" },
  *check(stack, { parameter }) {
    for (const resource of stack.ofType(instance)) {
      if (isReplica(resource) || stack.referring(resource, [replication], "sourceDbInstanceArn").length > 0 || isCopied(stack, resource)) continue;
      yield { resource, path: "", is: "has no copy of its backups in another region" };
    }
    for (const resource of stack.ofType(replication)) {
      const { retentionPeriod } = resource.inputs;
      if ((number(retentionPeriod) ?? 7) < parameter("days"))
        yield { resource, path: "retentionPeriod", is: `${shown(retentionPeriod)}, where 7 days are the default and ${parameter("days")} the least` };
    }
  },
};

/** Whether a plan of AWS Backup selects it that copies what it makes, or one that the stack does not show. */
const isCopied = (stack: Stack, resource: Resource) =>
  [
    ...stack.referring(resource, ["aws:backup/selection:Selection"], "resources"),
    ...stack.ofType("aws:backup/selection:Selection").filter((selection) => takenByTag(selection, resource)),
  ].some((selection) => {
    const [plan] = stack.referred(selection, ["aws:backup/plan:Plan"], "planId");
    return plan === undefined || records(plan.inputs.rules).some(([, rule]) => list(rule.copyActions).length > 0);
  });

const deletionProtection: Policy = {
  id: "rds-deletion-protection",
  title: "AWS refuses to delete databases",
  severity: "high",
  why: "Without protection one wrong command or a renamed resource deletes the database with all its data.",
  fix: "Leave aws.deletionProtection of PostgresDb as the profile has it; on a raw instance or cluster set deletionProtection.",
  types: [instance, cluster],
  scope: "resource",
  references: ["FSBP RDS.7", "FSBP RDS.8", "CKV_AWS_139", "CKV_AWS_293", "AWS-0177", "AWS-0343"],
  levels: { dev: "disabled", staging: "advisory", prod: "mandatory" },
  check(resource) {
    const { deletionProtection } = resource.inputs;
    return isTrue(deletionProtection) || isReplica(resource)
      ? []
      : [{ path: "deletionProtection", is: `${shown(deletionProtection)}: whoever may delete it can do so at once` }];
  },
};

const finalSnapshot: Policy = {
  id: "rds-final-snapshot",
  title: "What a deleted database held is kept",
  severity: "high",
  why: "After a deletion by mistake the last snapshot and the automated backups are all that is left.",
  fix: "PostgresDb does so in profiles that guard data; on a raw instance or cluster set skipFinalSnapshot and deleteAutomatedBackups to false and name finalSnapshotIdentifier.",
  types: [instance, cluster],
  scope: "resource",
  references: ["own"],
  levels: { dev: "disabled", staging: "advisory", prod: "mandatory" },
  *check(resource) {
    const { inputs } = resource;
    if (isReplica(resource)) return;
    if (isTrue(inputs.skipFinalSnapshot))
      yield { path: "skipFinalSnapshot", is: "is true: nothing is kept of what was written since the last backup" };
    else if (!hasInput(resource, "finalSnapshotIdentifier"))
      yield { path: "finalSnapshotIdentifier", is: "is not set: AWS refuses to delete it, which leads people to skip the snapshot" };
    const { deleteAutomatedBackups } = inputs;
    if (deleteAutomatedBackups !== false && deleteAutomatedBackups !== "false")
      yield { path: "deleteAutomatedBackups", is: `${shown(deleteAutomatedBackups)}: the backups go together with the database` };
  },
};

const usualNames = ["admin", "administrator", "awsuser", "dbadmin", "master", "mysql", "postgres", "rdsadmin", "root", "sa", "user"];

const hygiene: Policy = {
  id: "rds-hygiene",
  title: "Databases are kept up to date and can be told apart",
  severity: "low",
  why: "Fixes that are not installed, certificates that expire and versions past their end become outages or paid support; snapshots without tags belong to nobody.",
  fix: "PostgresDb does so with a version that is supported; on raw ones set autoMinorVersionUpgrade and copyTagsToSnapshot, name the administrator otherwise, and take a current caCertIdentifier and engineVersion.",
  types: [instance, cluster, clusterInstance],
  scope: "resource",
  references: [
    "FSBP RDS.13",
    "FSBP RDS.16",
    "FSBP RDS.17",
    "FSBP RDS.24",
    "FSBP RDS.25",
    "FSBP RDS.35",
    "FSBP RDS.47",
    "CKV_AWS_211",
    "CKV_AWS_226",
    "CKV_AWS_313",
    "CKV2_AWS_60",
  ],
  parameters: {
    postgresMajor: {
      meaning: "Oldest major version of PostgreSQL that AWS still supports without extra pay",
      default: { dev: 14, staging: 14, prod: 14 },
      minimum: 11,
      maximum: 99,
    },
  },
  levels: { dev: "advisory", staging: "advisory", prod: "advisory" },
  *check(resource, { parameter }) {
    const { type, inputs } = resource;
    const { autoMinorVersionUpgrade: minor } = inputs;
    if (type !== cluster && (minor === false || minor === "false"))
      yield { path: "autoMinorVersionUpgrade", is: "is false: fixes of the version are not installed" };
    if (type !== clusterInstance && !isReplica(resource) && !isTrue(inputs.copyTagsToSnapshot))
      yield { path: "copyTagsToSnapshot", is: `${shown(inputs.copyTagsToSnapshot)}: snapshots do not tell whose they are` };
    const ca = type === cluster ? "caCertificateIdentifier" : "caCertIdentifier";
    if (text(inputs[ca]) === "rds-ca-2019") yield { path: ca, is: `${shown("rds-ca-2019")}: it has expired` };
    const named = type === cluster ? "masterUsername" : "username";
    if (usualNames.includes(text(inputs[named])?.toLowerCase() ?? ""))
      yield { path: named, is: `${shown(inputs[named])}: a name that is tried first` };
    const major = ["postgres", "aurora-postgresql"].includes(text(inputs.engine) ?? "") ? majorOf(inputs.engineVersion) : undefined;
    if (major !== undefined && major < parameter("postgresMajor"))
      yield { path: "engineVersion", is: `${shown(inputs.engineVersion)}: before ${parameter("postgresMajor")}, and past the end of support` };
  },
};

export const awsDatabaseUpkeepPolicies: readonly Policy[] = [retention, backupCopy, deletionProtection, finalSnapshot, hygiene];
