import { belongsTo, customerKey, takesKeyOfAws } from "../aws-parts.ts";
import type { Breach, Policy, Resource, Stack } from "../model.ts";
import {
  cluster,
  clusterInstance,
  clusterParameterGroup,
  holds,
  instance,
  isAurora,
  isPostgres,
  isReplica,
  parameterGroup,
  postgresFamily,
  setting,
} from "../rds.ts";
import { hasInput, isTrue, list, number, records, shown, text } from "../read.ts";

const withTokens = /^(aurora|postgres|mysql|mariadb)/;

const iamAuth: Policy = {
  id: "rds-iam-auth",
  title: "Databases take tokens of IAM",
  severity: "medium",
  why: "People who log in with passwords share them, and nobody takes them back; a token of IAM belongs to one role and lasts a quarter of an hour.",
  fix: "Set aws.iamAuthentication of PostgresDb, or iamDatabaseAuthenticationEnabled of a raw instance or cluster.",
  types: [instance, cluster],
  scope: "resource",
  references: ["FSBP RDS.10", "FSBP RDS.12", "CKV_AWS_161", "CKV_AWS_162", "AWS-0176"],
  levels: { dev: "disabled", staging: "advisory", prod: "advisory" },
  check({ inputs }) {
    const { iamDatabaseAuthenticationEnabled: on } = inputs;
    if (isTrue(on) || !withTokens.test(text(inputs.engine) ?? "")) return [];
    return [{ path: "iamDatabaseAuthenticationEnabled", is: `${shown(on)}: only passwords open it` }];
  },
};

const proxyIamAuth: Policy = {
  id: "rds-proxy-iam-auth",
  title: "Clients come to a proxy of databases with tokens of IAM",
  severity: "medium",
  why: "A password at the proxy opens the database from everywhere in the network; a token of IAM belongs to one role and lasts a quarter of an hour.",
  fix: "PostgresDb gives services passwords, so that the same binding works everywhere; on a raw Proxy set iamAuth of its auths to REQUIRED.",
  types: ["aws:rds/proxy:Proxy"],
  scope: "resource",
  references: ["own"],
  levels: { dev: "disabled", staging: "disabled", prod: "advisory" },
  check: ({ inputs }) =>
    records(inputs.auths).flatMap(([index, { iamAuth: given }]): Breach[] =>
      text(given) === "REQUIRED" ? [] : [{ path: `auths[${index}].iamAuth`, is: `${shown(given)}: clients may come with a password` }],
    ),
};

/** Days that Database Insights in its advanced mode wants. */
const advancedDays = 465;

const monitoring: Policy = {
  id: "rds-monitoring",
  title: "What a database does can be looked at afterwards",
  severity: "medium",
  why: "Without measurements of the machine and of statements nobody can say why the database was slow last night.",
  fix: "PostgresDb does so, see aws.insights; on a raw instance set monitoringInterval, performanceInsightsEnabled and performanceInsightsKmsKeyId, and 465 days for the advanced mode.",
  types: [instance, cluster, clusterInstance],
  scope: "stack",
  references: ["FSBP RDS.6", "CKV_AWS_118", "CKV_AWS_353", "CKV_AWS_354", "AWS-0078", "AWS-0133"],
  parameters: { customerKey },
  levels: { dev: "disabled", staging: "advisory", prod: "mandatory" },
  *check(stack, { parameter }) {
    for (const resource of stack.ofType(instance, cluster, clusterInstance)) {
      // Of Aurora each instance is looked at, with what its cluster sets for all.
      if (isAurora(resource) || text(resource.inputs.engineMode) === "serverless") continue;
      for (const breach of unseen(resource, clusterOf(stack, resource), parameter("customerKey") > 0)) yield { resource, ...breach };
    }
  },
};

const clusterOf = (stack: Stack, member: Resource) =>
  member.type === clusterInstance
    ? stack.ofType(cluster).find((one) => belongsTo(stack, member, "clusterIdentifier", one, "clusterIdentifier"))
    : undefined;

function* unseen(resource: Resource, above: Resource | undefined, ownKey: boolean): Generator<Breach> {
  const value = (input: string) => resource.inputs[input] ?? above?.inputs[input];
  const seconds = value("monitoringInterval");
  if ((number(seconds) ?? 0) <= 0) yield { path: "monitoringInterval", is: `${shown(seconds)}: there are no measurements of the machine` };
  const insights = value("performanceInsightsEnabled");
  if (!isTrue(insights)) {
    yield { path: "performanceInsightsEnabled", is: `${shown(insights)}: nobody sees which statements the load comes from` };
    return;
  }
  const key = "performanceInsightsKmsKeyId";
  if (ownKey && takesKeyOfAws(resource, key) && (!above || takesKeyOfAws(above, key)))
    yield { path: key, is: "names no key of one's own, though statements are kept under it" };
  if (text(value("databaseInsightsMode")) !== "advanced") return;
  const days = value("performanceInsightsRetentionPeriod");
  if ((number(days) ?? 7) < advancedDays)
    yield { path: "performanceInsightsRetentionPeriod", is: `${shown(days)}: the advanced mode wants ${advancedDays} days` };
}

const logExports: Policy = {
  id: "rds-log-exports",
  title: "Logs of databases go to CloudWatch",
  severity: "medium",
  why: "On the server the logs are gone after a few days, and with the server itself.",
  fix: "PostgresDb does so; on a raw instance or cluster set enabledCloudwatchLogsExports, with postgresql for PostgreSQL.",
  types: [instance, cluster],
  scope: "resource",
  references: ["FSBP RDS.9", "FSBP RDS.36", "CKV_AWS_129", "CKV_AWS_324"],
  levels: { dev: "disabled", staging: "advisory", prod: "mandatory" },
  check({ inputs }) {
    const { enabledCloudwatchLogsExports: exported } = inputs;
    const enough = isPostgres(inputs.engine) ? holds(exported, "postgresql") : list(exported).length > 0;
    return enough ? [] : [{ path: "enabledCloudwatchLogsExports", is: `${shown(exported)}: the log of the server is not kept` }];
  },
};

const logStatements: Policy = {
  id: "rds-log-statements",
  title: "PostgreSQL logs slow statements, or those that change something",
  severity: "medium",
  why: "By itself PostgreSQL logs no statement, so that nobody finds the one that blocked the others or changed the table.",
  fix: "Leave aws.logSlowerThanMs of PostgresDb at 0 or more; in a raw parameter group set log_min_duration_statement, or log_statement to ddl or mod.",
  types: [instance, parameterGroup, clusterParameterGroup],
  scope: "resource",
  references: ["FSBP RDS.37", "CKV2_AWS_27", "CKV2_AWS_30"],
  levels: { dev: "disabled", staging: "advisory", prod: "mandatory" },
  check(resource) {
    const { type, inputs } = resource;
    if (type === instance) {
      if (inputs.engine !== "postgres" || isReplica(resource) || hasInput(resource, "parameterGroupName")) return [];
      return [{ path: "parameterGroupName", is: "is not set, and in the default group no statement is logged" }];
    }
    if (!postgresFamily(resource)) return [];
    const slow = setting(resource, "log_min_duration_statement");
    const kinds = setting(resource, "log_statement");
    if ((number(slow?.value) ?? -1) >= 0 || ["ddl", "mod", "all"].includes(text(kinds?.value) ?? "")) return [];
    const off = slow ?? kinds;
    const none = "no statement is logged, neither those of a duration nor those of a kind";
    return [off ? { path: off.path, is: `${shown(off.value)}: ${none}` } : { path: "parameters", is: `has no setting of it: ${none}` }];
  },
};

export const awsDatabaseInsightPolicies: readonly Policy[] = [iamAuth, proxyIamAuth, monitoring, logExports, logStatements];
