import { createHash } from "node:crypto";
import type { InstanceArgs } from "@pulumi/aws/rds/instance.js";
import type { Input, Output } from "@pulumi/pulumi";
import type { Profile } from "../../../src/core/profile.ts";
import { usualWindows } from "../aws-args.ts";
import type { PostgresModel } from "../model.ts";
import { administrator } from "../server.ts";

/** Port of the server and of the proxy. */
export const port = 5432;

/** Logs that RDS writes, each to a group with a name of its own making. */
export const logExports = ["postgresql", "upgrade"] as const;
export const logGroupName = (identifier: string, log: string) => `/aws/rds/instance/${identifier}/${log}`;

/** gp3 volumes of RDS begin at this size, and end at that one. */
const smallestDiskGiB = 20;
const largestDiskGiB = 65_536;

export const diskGiB = ({ storageGiB }: PostgresModel) => Math.max(smallestDiskGiB, storageGiB);

/** RDS lets a disk grow by a tenth or more, or not at all. */
export const leastGrowthGiB = (model: PostgresModel) => diskGiB(model) + Math.ceil(diskGiB(model) / 10);

/** How far the disk grows by itself; 0 for one that has no room left. */
function largestGrowthGiB(model: PostgresModel): number {
  const wanted = model.aws.maxStorageGiB ?? Math.min(largestDiskGiB, diskGiB(model) * 4);
  return leastGrowthGiB(model) > largestDiskGiB ? 0 : wanted;
}

export interface Surroundings {
  readonly identifier: string;
  readonly finalSnapshot: Input<string>;
  readonly subnetGroup: Input<string>;
  readonly parameterGroup: Input<string>;
  readonly securityGroup: Input<string>;
  readonly dataKey: Input<string>;
  readonly secretsKey: Input<string>;
  readonly monitoringRole: Input<string>;
  /** The administrator's, where RDS does not keep it. */
  readonly administratorPassword?: Output<string>;
  /** Whether it may be deleted, because it is about to leave the topology; its last snapshot is made all the same. */
  readonly retired: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

type Guards = Pick<Profile, "guardData" | "backupDays" | "aws">;

/** What holds for the primary and for read replicas alike. */
function common(model: PostgresModel, profile: Guards, around: Surroundings): InstanceArgs {
  const { aws } = model;
  const advanced = aws.insights === "advanced";
  return {
    identifier: around.identifier,
    instanceClass: aws.instanceClass ?? profile.aws.databaseClass,
    port,
    publiclyAccessible: false,
    storageType: "gp3",
    storageEncrypted: true,
    vpcSecurityGroupIds: [around.securityGroup],
    parameterGroupName: around.parameterGroup,
    caCertIdentifier: "rds-ca-rsa2048-g1",
    iamDatabaseAuthenticationEnabled: aws.iamAuthentication ?? false,
    autoMinorVersionUpgrade: true,
    allowMajorVersionUpgrade: false,
    maintenanceWindow: aws.maintenanceWindow ?? usualWindows.maintenance,
    applyImmediately: !profile.guardData,
    copyTagsToSnapshot: true,
    monitoringInterval: profile.aws.databaseMonitoringSeconds,
    monitoringRoleArn: around.monitoringRole,
    databaseInsightsMode: advanced ? "advanced" : "standard",
    performanceInsightsEnabled: true,
    performanceInsightsKmsKeyId: around.dataKey,
    performanceInsightsRetentionPeriod: advanced ? 465 : 7,
    enabledCloudwatchLogsExports: [...logExports],
    deletionProtection: !around.retired && (aws.deletionProtection ?? profile.guardData),
    tags: around.tags,
  };
}

/** The instance that takes writes. */
export function primaryInputs(model: PostgresModel, profile: Guards, around: Surroundings): InstanceArgs {
  const { aws } = model;
  return {
    ...common(model, profile, around),
    kmsKeyId: around.dataKey,
    engine: "postgres",
    // The minor version follows the maintenance window.
    engineVersion: model.version,
    // No paid support after the end of the version: RDS upgrades then.
    engineLifecycleSupport: "open-source-rds-extended-support-disabled",
    username: administrator,
    ...administratorLogin(around),
    dbSubnetGroupName: around.subnetGroup,
    multiAz: aws.multiAz ?? profile.aws.multiAz,
    allocatedStorage: diskGiB(model),
    maxAllocatedStorage: largestGrowthGiB(model),
    backupRetentionPeriod: backupDays(model, profile),
    backupWindow: aws.backupWindow ?? usualWindows.backup,
    deleteAutomatedBackups: !profile.guardData,
    skipFinalSnapshot: !profile.guardData,
    finalSnapshotIdentifier: around.finalSnapshot,
  };
}

/** Whether the administrator's password is ours to keep: RDS copies no instance whose password it keeps itself. */
export const keepsPassword = ({ aws }: PostgresModel) => (aws.readReplicas ?? 0) > 0;

/** RDS keeps the password, and changes it by itself; or it is told ours, which it never tells again. */
const administratorLogin = ({ administratorPassword, secretsKey }: Surroundings): Partial<InstanceArgs> =>
  administratorPassword
    ? { passwordWo: administratorPassword, passwordWoVersion: administratorPassword.apply(versionOf) }
    : { manageMasterUserPassword: true, masterUserSecretKmsKeyId: secretsKey };

/** Another number for another password, so that the provider sees that it changed; 28 bits tell nothing about 190. */
const versionOf = (password: string) => Number.parseInt(createHash("sha256").update(password).digest("hex").slice(0, 7), 16);

/** A copy that takes reads; engine, storage, its key and users are those of the primary: RDS refuses a key here, even the same. */
export function replicaInputs(model: PostgresModel, profile: Guards, around: Surroundings, primary: Input<string>): InstanceArgs {
  return {
    ...common(model, profile, around),
    replicateSourceDb: primary,
    multiAz: false,
    maxAllocatedStorage: largestGrowthGiB(model),
    backupRetentionPeriod: 0,
    // A copy has nothing of its own to keep.
    deletionProtection: false,
    skipFinalSnapshot: true,
  };
}

export const backupDays = (model: PostgresModel, profile: Guards) => model.aws.backupDays ?? profile.backupDays;
