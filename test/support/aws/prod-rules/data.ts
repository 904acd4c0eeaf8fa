import type { PlanResource } from "../../../../src/preview/plan.ts";
import { at, backedUp, inTier, is, keyed, names, protectedData, type Rows, type Rule, retained } from "./rule.ts";

const name = ({ inputs }: PlanResource) => inputs.name;
const isolated = "aws:ec2/securityGroup:SecurityGroup";
const days = ({ backupDays }: { readonly backupDays: number }) => backupDays;

/** Groups of the plan, none of somebody else's. */
export const inGroups = (path: string): Rule => ({
  says: `${path} are groups of this plan`,
  holds: ({ inputs }, look) => {
    const groups = at(inputs, path);
    return Array.isArray(groups) && groups.length > 0 && groups.every((id) => look.of(isolated).some((group) => group.id === id));
  },
  faults: [{ inputs: { [path]: ["sg-default"] } }],
});

/** A parameter of RDS or ElastiCache. */
const parameter = (key: string, value: string): Rule => ({
  says: `${key} is ${value}`,
  holds: ({ inputs }) => (inputs.parameters as { name: string; value: string }[]).some((of) => of.name === key && of.value === value),
  faults: [{ inputs: { parameters: (was: { name: string }[]) => was.map((of) => (of.name === key ? { ...of, value: "0" } : of)) } }],
});

const groupNamed = (path: string, type: string): Rule => ({
  ...names(path, type, ({ inputs }) => inputs.name),
});

/** Log groups of the plan by name. */
const logged = (says: string, groups: (it: PlanResource) => readonly string[], faults: Rule["faults"]): Rule => ({
  says,
  holds: (it, look) => {
    const known = look.of("aws:cloudwatch/logGroup:LogGroup").map(name);
    const wanted = groups(it);
    return wanted.length >= 2 && wanted.every((group) => known.includes(group));
  },
  faults,
});

export const data: Rows = {
  "aws:rds/instance:Instance": [
    is("storageEncrypted", true, false),
    keyed("kmsKeyId", "data"),
    is("manageMasterUserPassword", true),
    keyed("masterUserSecretKmsKeyId", "secrets"),
    is("performanceInsightsEnabled", true),
    keyed("performanceInsightsKmsKeyId", "data"),
    is("publiclyAccessible", false, true),
    groupNamed("dbSubnetGroupName", "aws:rds/subnetGroup:SubnetGroup"),
    groupNamed("parameterGroupName", "aws:rds/parameterGroup:ParameterGroup"),
    inGroups("vpcSecurityGroupIds"),
    is("caCertIdentifier", "rds-ca-rsa2048-g1", "rds-ca-2019"),
    is("multiAz", ({ multiAz }: { multiAz: boolean }) => multiAz),
    is("backupRetentionPeriod", days, 0, 1),
    is("deleteAutomatedBackups", false, true),
    is("copyTagsToSnapshot", true),
    is("skipFinalSnapshot", false, true),
    {
      says: "has the name of its last snapshot, of this life",
      holds: ({ inputs }) => /-final-[0-9a-f]{8}$/.test(String(inputs.finalSnapshotIdentifier)),
      faults: [{ inputs: { finalSnapshotIdentifier: undefined } }, { inputs: { finalSnapshotIdentifier: "final" } }],
    },
    is("deletionProtection", true, false),
    is("applyImmediately", false, true),
    is("allowMajorVersionUpgrade", false, true),
    is("autoMinorVersionUpgrade", true),
    is("engineLifecycleSupport", "open-source-rds-extended-support-disabled"),
    is("monitoringInterval", 60, 0),
    logged(
      "writes its logs into groups that are declared",
      ({ inputs }) => ((inputs.enabledCloudwatchLogsExports ?? []) as string[]).map((log) => `/aws/rds/instance/${inputs.identifier}/${log}`),
      [{ inputs: { enabledCloudwatchLogsExports: undefined } }],
    ),
    {
      says: "has the copies of its backups in another region where the profile wants them",
      holds: ({ outputs }, look) =>
        look.stage.copies ===
        look
          .of("aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication")
          .some(({ inputs }) => inputs.sourceDbInstanceArn === outputs.arn),
      faults: [{ at: ({ name }) => name === "postgres-backup-copy", gone: true }],
    },
    backedUp,
    protectedData,
    retained,
  ],
  "aws:rds/parameterGroup:ParameterGroup": [
    parameter("rds.force_ssl", "1"),
    parameter("password_encryption", "scram-sha-256"),
    parameter("log_connections", "1"),
  ],
  "aws:rds/subnetGroup:SubnetGroup": [inTier("subnetIds", "data")],
  "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": [
    keyed("kmsKeyId", "backup"),
    is("retentionPeriod", days, 7),
    is("region", "eu-west-1", "eu-central-1"),
  ],
  "aws:elasticache/replicationGroup:ReplicationGroup": [
    is("atRestEncryptionEnabled", true, false),
    keyed("kmsKeyId", "data"),
    is("transitEncryptionEnabled", true, false),
    is("transitEncryptionMode", "required", "preferred"),
    groupNamed("subnetGroupName", "aws:elasticache/subnetGroup:SubnetGroup"),
    groupNamed("parameterGroupName", "aws:elasticache/parameterGroup:ParameterGroup"),
    inGroups("securityGroupIds"),
    {
      says: "lets in the users of a group of this plan",
      holds: ({ inputs }, look) =>
        ((inputs.userGroupIds ?? []) as string[]).some((id) =>
          look.of("aws:elasticache/userGroup:UserGroup").some((of) => of.inputs.userGroupId === id),
        ),
      faults: [{ inputs: { userGroupIds: undefined } }],
    },
    is("automaticFailoverEnabled", true, false),
    is("multiAzEnabled", true, false),
    {
      says: "has a second node",
      holds: ({ inputs }) => Number(inputs.numCacheClusters) >= 2,
      faults: [{ inputs: { numCacheClusters: 1 } }],
    },
    is("snapshotRetentionLimit", days, 0),
    {
      says: "has the name of its last snapshot, of this life",
      holds: ({ inputs }) => /-final-[0-9a-f]{8}$/.test(String(inputs.finalSnapshotIdentifier)),
      faults: [{ inputs: { finalSnapshotIdentifier: undefined } }],
    },
    is("applyImmediately", false, true),
    logged(
      "writes its logs into groups that are declared",
      ({ inputs }) => ((inputs.logDeliveryConfigurations ?? []) as { destination: string }[]).map(({ destination }) => destination),
      [{ inputs: { logDeliveryConfigurations: undefined } }],
    ),
    protectedData,
    retained,
  ],
  "aws:elasticache/parameterGroup:ParameterGroup": "what is done with a full memory; TLS and users are asked of the replication group",
  "aws:elasticache/subnetGroup:SubnetGroup": [inTier("subnetIds", "data")],
  "aws:elasticache/user:User": [
    {
      says: "has a password, or is off; nobody may do everything",
      holds: ({ inputs }) => {
        const access = String(inputs.accessString);
        const all = /\+@all/.test(access) && !/-@dangerous/.test(access);
        return !all && !/nopass/.test(access) && (access.startsWith("off ") || at(inputs, "authenticationMode.type") === "password");
      },
      faults: [
        { inputs: { accessString: "on ~* &* +@all" } },
        { inputs: { "authenticationMode.type": "no-password-required" } },
        { at: ({ name }) => name === "redis-user-default", inputs: { accessString: "on ~* +@all" } },
      ],
    },
    {
      says: "has its password marked as a secret",
      holds: ({ secretInputs }) => secretInputs.some((path) => path.startsWith("authenticationMode")),
      faults: [{ resource: { secretInputs: [] } }],
    },
  ],
  "aws:elasticache/userGroup:UserGroup": [
    {
      says: "has a default user that is off",
      holds: ({ inputs }, look) =>
        look
          .of("aws:elasticache/user:User")
          .some((user) => (inputs.userIds as unknown[]).includes(user.inputs.userId) && user.inputs.userName === "default"),
      faults: [{ inputs: { userIds: (was: string[]) => was.filter((id) => !id.endsWith("-default")) } }],
    },
  ],
  "aws:ebs/volume:Volume": [
    is("encrypted", true, false),
    keyed("kmsKeyId", "data"),
    is("finalSnapshot", true, false),
    backedUp,
    protectedData,
    retained,
  ],
  "aws:ec2/volumeAttachment:VolumeAttachment": [is("stopInstanceBeforeDetaching", true, false)],
};
