import { type PolicyCases, resource } from "../cases.ts";

const instance = (inputs: Record<string, unknown>) =>
  resource("aws:rds/instance:Instance", "orders", { engine: "postgres", engineVersion: "16.9", ...inputs });
const cluster = (inputs: Record<string, unknown>) =>
  resource("aws:rds/cluster:Cluster", "reports", { engine: "aurora-postgresql", engineVersion: "16.6", ...inputs });
const member = (inputs: Record<string, unknown>) =>
  resource("aws:rds/clusterInstance:ClusterInstance", "reports-1", { engine: "aurora-postgresql", ...inputs });
const replica = instance({ replicateSourceDb: "orders", engine: undefined, engineVersion: undefined });

const orders = instance({});
const copy = (retentionPeriod?: number) =>
  resource(
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
    "copy",
    { region: "eu-west-1", retentionPeriod },
    { from: { sourceDbInstanceArn: [orders] } },
  );
const plan = (copyActions: unknown[]) => resource("aws:backup/plan:Plan", "nightly", { rules: [{ ruleName: "nightly", copyActions }] });
const selection = (...plans: readonly ReturnType<typeof plan>[]) =>
  resource("aws:backup/selection:Selection", "selected", {}, { from: { resources: [orders], planId: plans } });
const copying = plan([{ destinationVaultArn: "arn:aws:backup:eu-west-1:123456789012:backup-vault:far" }]);
const local = plan([]);

const kept = { skipFinalSnapshot: false, finalSnapshotIdentifier: "orders-final", deleteAutomatedBackups: false };
const tidy = { username: "orders_admin", autoMinorVersionUpgrade: true, copyTagsToSnapshot: true, caCertIdentifier: "rds-ca-rsa2048-g1" };

export const awsDatabaseUpkeepCases: Readonly<Record<string, PolicyCases>> = {
  "rds-backup-retention": {
    compliant: [
      { title: "backups of 35 days", resources: [instance({ backupRetentionPeriod: 35 })] },
      { title: "of 7 days in staging", stage: "staging", resources: [instance({ backupRetentionPeriod: 7 })] },
      { title: "a cluster as it comes in dev", stage: "dev", resources: [cluster({})] },
      { title: "a read replica", resources: [replica] },
    ],
    violating: [
      { title: "no backups", resources: [instance({ backupRetentionPeriod: 0 })], finds: ["orders: backupRetentionPeriod"] },
      { title: "a day less than asked for", resources: [cluster({ backupRetentionPeriod: 34 })], finds: ["reports: backupRetentionPeriod"] },
      { title: "an instance as it comes", stage: "dev", resources: [instance({})], finds: ["orders: backupRetentionPeriod"] },
    ],
    reads: { "orders: backupRetentionPeriod": ["orders: backupRetentionPeriod"] },
  },
  "rds-backup-copy": {
    compliant: [
      { title: "a copy in another region", resources: [orders, copy(35)] },
      { title: "a plan of AWS Backup that copies", resources: [orders, copying, selection(copying)] },
      { title: "a plan that the stack does not show", resources: [orders, selection()] },
      { title: "a read replica", resources: [replica] },
    ],
    violating: [
      { title: "no copy", resources: [orders], finds: ["orders: "] },
      { title: "a plan that does not copy", resources: [orders, local, selection(local)], finds: ["orders: "] },
      { title: "a copy that is kept for a day less", resources: [orders, copy(34)], finds: ["copy: retentionPeriod"] },
    ],
    reads: { "copy: retentionPeriod": ["copy: retentionPeriod"] },
  },
  "rds-deletion-protection": {
    compliant: [
      { title: "an instance that AWS refuses to delete", resources: [instance({ deletionProtection: true })] },
      { title: "a read replica", resources: [replica] },
    ],
    violating: [
      { title: "one that it deletes", resources: [instance({ deletionProtection: false })], finds: ["orders: deletionProtection"] },
      { title: "nothing said of it", resources: [cluster({})], finds: ["reports: deletionProtection"] },
    ],
    reads: { "orders: deletionProtection": ["orders: deletionProtection"] },
  },
  "rds-final-snapshot": {
    compliant: [
      { title: "a last snapshot, and backups that stay", resources: [instance(kept)] },
      { title: "a read replica", resources: [replica] },
    ],
    violating: [
      { title: "no last snapshot", resources: [instance({ ...kept, skipFinalSnapshot: true })], finds: ["orders: skipFinalSnapshot"] },
      {
        title: "a last snapshot without a name",
        resources: [cluster({ ...kept, finalSnapshotIdentifier: undefined })],
        finds: ["reports: finalSnapshotIdentifier"],
      },
      { title: "backups that go too", resources: [instance({ ...kept, deleteAutomatedBackups: true })], finds: ["orders: deleteAutomatedBackups"] },
    ],
    reads: { "orders: skipFinalSnapshot": [], "orders: deleteAutomatedBackups": ["orders: deleteAutomatedBackups"] },
  },
  "rds-hygiene": {
    compliant: [
      { title: "an instance that is kept up to date", resources: [instance(tidy)] },
      { title: "the oldest version that is supported", resources: [instance({ ...tidy, engineVersion: "14" }), member({})] },
      { title: "a read replica", resources: [replica] },
    ],
    violating: [
      { title: "no minor upgrades", resources: [instance({ ...tidy, autoMinorVersionUpgrade: false })], finds: ["orders: autoMinorVersionUpgrade"] },
      { title: "none of a member", resources: [member({ autoMinorVersionUpgrade: false })], finds: ["reports-1: autoMinorVersionUpgrade"] },
      {
        title: "a cluster as it comes",
        resources: [cluster({ masterUsername: "Postgres" })],
        finds: ["reports: copyTagsToSnapshot", "reports: masterUsername"],
      },
      { title: "an old certificate", resources: [instance({ ...tidy, caCertIdentifier: "rds-ca-2019" })], finds: ["orders: caCertIdentifier"] },
      { title: "an old version", resources: [instance({ ...tidy, engineVersion: "13.22" })], finds: ["orders: engineVersion"] },
    ],
    reads: {
      "orders: autoMinorVersionUpgrade": [],
      "orders: copyTagsToSnapshot": ["orders: copyTagsToSnapshot"],
      "orders: caCertIdentifier": [],
      "orders: username": [],
      "orders: engine": [],
      "orders: engineVersion": [],
    },
  },
};
