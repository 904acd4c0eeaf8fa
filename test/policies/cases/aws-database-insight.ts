import { type PolicyCases, resource } from "../cases.ts";
import { unknown } from "../unknown.ts";

const instance = (inputs: Record<string, unknown>) => resource("aws:rds/instance:Instance", "orders", { engine: "postgres", ...inputs });
const cluster = (inputs: Record<string, unknown>) =>
  resource("aws:rds/cluster:Cluster", "reports", { clusterIdentifier: "reports", engine: "aurora-postgresql", ...inputs });
const member = (inputs: Record<string, unknown>) =>
  resource("aws:rds/clusterInstance:ClusterInstance", "reports-1", { clusterIdentifier: "reports", ...inputs });
const group = (...parameters: unknown[]) => resource("aws:rds/parameterGroup:ParameterGroup", "settings", { family: "postgres16", parameters });
const proxy = (...auths: unknown[]) => resource("aws:rds/proxy:Proxy", "pool", { requireTls: true, auths });

const seen = {
  monitoringInterval: 60,
  performanceInsightsEnabled: true,
  performanceInsightsKmsKeyId: "arn:aws:kms:eu-central-1:123456789012:key/data",
  databaseInsightsMode: "advanced",
  performanceInsightsRetentionPeriod: 465,
};

export const awsDatabaseInsightCases: Readonly<Record<string, PolicyCases>> = {
  "rds-iam-auth": {
    compliant: [
      { title: "an instance that takes tokens", resources: [instance({ iamDatabaseAuthenticationEnabled: true })] },
      { title: "an engine that cannot", resources: [instance({ engine: "sqlserver-se" })] },
    ],
    violating: [
      {
        title: "an instance that does not",
        resources: [instance({ iamDatabaseAuthenticationEnabled: false })],
        finds: ["orders: iamDatabaseAuthenticationEnabled"],
      },
      { title: "nothing said of it", resources: [cluster({})], finds: ["reports: iamDatabaseAuthenticationEnabled"] },
    ],
    reads: { "orders: iamDatabaseAuthenticationEnabled": ["orders: iamDatabaseAuthenticationEnabled"] },
  },
  "rds-proxy-iam-auth": {
    compliant: [{ title: "clients need a token", resources: [proxy({ authScheme: "SECRETS", iamAuth: "REQUIRED" })] }],
    violating: [
      {
        title: "clients come with a password",
        resources: [proxy({ authScheme: "SECRETS", iamAuth: "DISABLED" })],
        finds: ["pool: auths[0].iamAuth"],
      },
      { title: "nothing said of it", resources: [proxy({ authScheme: "SECRETS" })], finds: ["pool: auths[0].iamAuth"] },
    ],
    reads: { "pool: auths": [], "pool: auths[0].iamAuth": ["pool: auths[0].iamAuth"] },
  },
  "rds-monitoring": {
    compliant: [
      { title: "an instance that is measured", resources: [instance(seen)] },
      { title: "a key that is made in the same deployment", resources: unknown([instance(seen)], "orders: performanceInsightsKmsKeyId") },
      { title: "a cluster that says it for its instances", resources: [cluster(seen), member({})] },
      { title: "the key of AWS in staging", stage: "staging", resources: [instance({ monitoringInterval: 1, performanceInsightsEnabled: true })] },
      { title: "serverless of the first generation", resources: [cluster({ engineMode: "serverless" })] },
    ],
    violating: [
      { title: "no measurements", resources: [instance({})], finds: ["orders: monitoringInterval", "orders: performanceInsightsEnabled"] },
      { title: "a member without", resources: [cluster({}), member({ ...seen, monitoringInterval: 0 })], finds: ["reports-1: monitoringInterval"] },
      {
        title: "a cluster of three zones without insights",
        resources: [cluster({ engine: "postgres", monitoringInterval: 60 })],
        finds: ["reports: performanceInsightsEnabled"],
      },
      {
        title: "the key of AWS in prod",
        resources: [instance({ ...seen, performanceInsightsKmsKeyId: undefined })],
        finds: ["orders: performanceInsightsKmsKeyId"],
      },
      {
        title: "the advanced mode with a day too few",
        resources: [instance({ ...seen, performanceInsightsRetentionPeriod: 464 })],
        finds: ["orders: performanceInsightsRetentionPeriod"],
      },
    ],
    reads: {
      "orders: monitoringInterval": ["orders: monitoringInterval"],
      "orders: performanceInsightsEnabled": ["orders: performanceInsightsEnabled"],
      "orders: databaseInsightsMode": [],
      "orders: performanceInsightsRetentionPeriod": ["orders: performanceInsightsRetentionPeriod"],
    },
  },
  "rds-log-exports": {
    compliant: [
      { title: "the log of PostgreSQL in CloudWatch", resources: [instance({ enabledCloudwatchLogsExports: ["postgresql", "upgrade"] })] },
      { title: "another engine's", resources: [instance({ engine: "mysql", enabledCloudwatchLogsExports: ["error"] })] },
    ],
    violating: [
      { title: "no log", resources: [cluster({})], finds: ["reports: enabledCloudwatchLogsExports"] },
      {
        title: "the log of upgrades alone",
        resources: [instance({ enabledCloudwatchLogsExports: ["upgrade"] })],
        finds: ["orders: enabledCloudwatchLogsExports"],
      },
      { title: "no log of another engine", resources: [instance({ engine: "mysql" })], finds: ["orders: enabledCloudwatchLogsExports"] },
    ],
    reads: {
      "orders: enabledCloudwatchLogsExports": ["orders: enabledCloudwatchLogsExports"],
      "orders: enabledCloudwatchLogsExports[0]": ["orders: enabledCloudwatchLogsExports"],
      "orders: engine": [],
    },
  },
  "rds-log-statements": {
    compliant: [
      { title: "slow statements are logged", resources: [group({ name: "log_min_duration_statement", value: "1000" })] },
      { title: "all of them are", resources: [group({ name: "log_min_duration_statement", value: 0 })] },
      { title: "those that change something are", resources: [group({ name: "log_statement", value: "mod" })] },
      { title: "a group that the stack does not show", resources: [instance({ parameterGroupName: "shared" })] },
      {
        title: "a group that has no name yet",
        resources: [{ ...instance({}), propertyDependencies: { parameterGroupName: [group().urn] } }, group({ name: "log_statement", value: "ddl" })],
      },
      { title: "a read replica", resources: [instance({ replicateSourceDb: "orders" })] },
    ],
    violating: [
      { title: "nothing said of it", resources: [group({ name: "rds.force_ssl", value: "1" })], finds: ["settings: parameters"] },
      { title: "switched off", resources: [group({ name: "log_min_duration_statement", value: "-1" })], finds: ["settings: parameters[0].value"] },
      { title: "none of a kind", resources: [group({ name: "log_statement", value: "none" })], finds: ["settings: parameters[0].value"] },
      { title: "the default group", resources: [instance({})], finds: ["orders: parameterGroupName"] },
    ],
    reads: {
      "settings: family": [],
      "settings: parameters": ["settings: parameters"],
      "settings: parameters[0].name": ["settings: parameters"],
      "settings: parameters[0].value": ["settings: parameters[0].value"],
    },
  },
};
