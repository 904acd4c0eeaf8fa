import { Instance } from "@pulumi/aws/rds/instance.js";
import { ParameterGroup } from "@pulumi/aws/rds/parameterGroup.js";
import { SubnetGroup } from "@pulumi/aws/rds/subnetGroup.js";
import * as pulumi from "@pulumi/pulumi";
import { generateLifeId } from "../../../src/core/credentials.ts";
import { quietly } from "../../../src/core/quietly.ts";
import { isRetired } from "../../../src/core/settings.ts";
import { backedUpTags } from "../../../src/platforms/aws/backup.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import type { Group } from "../../../src/platforms/aws/groups.ts";
import { type AwsRoleHandle, role } from "../../../src/platforms/aws/iam.ts";
import { kmsKey } from "../../../src/platforms/aws/kms.ts";
import { logGroup } from "../../../src/platforms/aws/logs.ts";
import { network } from "../../../src/platforms/aws/network.ts";
import type { PostgresModel } from "../model.ts";
import { logExports, logGroupName, primaryInputs, replicaInputs, type Surroundings } from "./instance.ts";
import { parameterGroup } from "./parameters.ts";

export interface MadeServer {
  readonly primary: Instance;
  readonly replicas: readonly Instance[];
}

/** The instance, its read replicas, and what they stand on. */
export function makeServer(
  context: AwsContext,
  component: pulumi.Resource,
  name: string,
  model: PostgresModel,
  group: Group,
  administratorPassword: pulumi.Output<string> | undefined,
): MadeServer {
  const { profile } = context;
  const place = network(context);
  const subnets = quietly(
    () =>
      new SubnetGroup(
        `${name}-subnets`,
        {
          name: context.name(name, "subnetGroup"),
          description: `Data subnets for ${name}`,
          subnetIds: [...place.data],
          tags: context.tags(name, "network", `${name}-subnets`),
        },
        context.place(component, { deleteBeforeReplace: true }),
      ),
  );
  // Named after the version, which no group can change: a new version gets a group of its own before the old one goes.
  const parameters = quietly(
    () =>
      new ParameterGroup(
        `${name}-parameters`,
        {
          ...parameterGroup(name, model),
          name: context.name(`${name}-postgres${model.version}`, "parameterGroup"),
          tags: context.tags(name, "data", `${name}-parameters`),
        },
        context.place(component),
      ),
  );
  const monitoring = monitoringRole(context, component, name);
  const identifier = context.name(name, "rds");
  const around = (part: string): Surroundings => ({
    identifier: context.name(part, "rds"),
    finalSnapshot: pulumi.interpolate`${identifier}-final-${life}`,
    subnetGroup: subnets.name,
    parameterGroup: parameters.name,
    securityGroup: group.id,
    dataKey: kmsKey(context, "data").arn,
    secretsKey: kmsKey(context, "secrets").arn,
    monitoringRole: monitoring.arn,
    retired: isRetired(context.settings, name),
    ...(administratorPassword ? { administratorPassword } : {}),
    tags: context.tags(name, "data", part),
  });
  const life = generateLifeId(component, `${name}-life`, context.protects(name));
  const after = [...place.ready, ...monitoring.ready];
  const patience = { create: "60m", update: "80m", delete: "60m" };
  const primary = quietly(
    () =>
      new Instance(
        name,
        primaryInputs(model, profile, { ...around(name), tags: backedUpTags(context, name) }),
        context.placeData(component, name, {
          deleteBeforeReplace: true,
          customTimeouts: patience,
          dependsOn: [...after, ...logGroups(context, component, name, name)],
        }),
      ),
  );
  const replicas = Array.from({ length: model.aws.readReplicas ?? 0 }, (_, index) => {
    const part = `${name}-replica-${index}`;
    const inputs = replicaInputs(model, profile, around(part), primary.identifier);
    const dependsOn = [...after, ...logGroups(context, component, name, part)];
    return quietly(() => new Instance(part, inputs, context.place(component, { deleteBeforeReplace: true, customTimeouts: patience, dependsOn })));
  });
  return { primary, replicas };
}

/** Declared first: RDS would make groups that keep everything for ever. */
const logGroups = (context: AwsContext, component: pulumi.Resource, name: string, part: string): pulumi.Resource[] =>
  logExports.map((log) => logGroup(context, component, name, `${part}-${log}`, logGroupName(context.name(part, "rds"), log)));

/** Measurements of the operating system go to one group of the account, in a stream per instance. */
function monitoringRole(context: AwsContext, component: pulumi.Resource, name: string): AwsRoleHandle {
  const group = context.arn("logs", "log-group:RDSOSMetrics");
  return role(context, component, `${name}-monitoring`, {
    component: name,
    service: "monitoring.rds.amazonaws.com",
    sourceArn: context.arn("rds", `db:${context.name(name, "rds")}*`),
    description: `Measurements of the operating system of ${name}`,
    statements: [
      { sid: "KeepGroup", actions: ["logs:CreateLogGroup", "logs:PutRetentionPolicy"], resources: [group, `${group}:*`] },
      {
        sid: "WriteStreams",
        actions: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams", "logs:GetLogEvents"],
        resources: [`${group}:log-stream:*`],
      },
    ],
  });
}
