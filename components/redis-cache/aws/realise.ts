import { ParameterGroup } from "@pulumi/aws/elasticache/parameterGroup.js";
import { ReplicationGroup } from "@pulumi/aws/elasticache/replicationGroup.js";
import { SubnetGroup } from "@pulumi/aws/elasticache/subnetGroup.js";
import type { UserGroup } from "@pulumi/aws/elasticache/userGroup.js";
import * as pulumi from "@pulumi/pulumi";
import { connect } from "../../../src/core/connection.ts";
import { generateLifeId } from "../../../src/core/credentials.ts";
import type { Platform } from "../../../src/core/platform.ts";
import { quietly } from "../../../src/core/quietly.ts";
import type { SystemSpec } from "../../../src/core/system.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import { sealEndpoint } from "../../../src/platforms/aws/endpoint.ts";
import { type Group, securityGroup } from "../../../src/platforms/aws/groups.ts";
import { kmsKey } from "../../../src/platforms/aws/kms.ts";
import { logGroup, logPath } from "../../../src/platforms/aws/logs.ts";
import type { ManagedSystem } from "../../../src/platforms/aws/managed.ts";
import { network } from "../../../src/platforms/aws/network.ts";
import type { RedisModel } from "../model.ts";
import { cacheAlarms } from "./alarms.ts";
import { checkTask } from "./check.ts";
import { appUser, monitorUser, parameterGroup, port, redisProblems, replicationGroupInputs } from "./group.ts";
import { users } from "./users.ts";

/** A RedisCache as a replication group of ElastiCache. */
export const redisOnAws: ManagedSystem = {
  problems: (spec, context) => redisProblems(spec.name, spec.model as RedisModel, context.profile),
  realise: (context, platform, component, spec) => {
    const { name } = spec;
    const group = securityGroup(context, component, name);
    const password = credential(context, platform, component, spec, appUser);
    const monitor = credential(context, platform, component, spec, monitorUser);
    const cache = replicationGroup(context, component, spec, group, users(context, component, spec, { app: password, monitor }));
    cacheAlarms(context, component, spec, cache.replicationGroupId);
    checkTask(context, component, spec, password, cache, group);
    const as = (username: string, given: pulumi.Output<string>) =>
      connect({
        system: name,
        scheme: "rediss",
        host: cache.primaryEndpointAddress,
        port,
        tls: true,
        username,
        password: given,
        credential: credentialName(name, username),
        ready: [cache],
        endpoint: sealEndpoint({ group }),
      });
    return { connections: { default: as(appUser, password), monitor: as(monitorUser, monitor) } };
  },
};

const credentialName = (name: string, user: string) => `${name}-${user}-password`;

const credential = (context: AwsContext, platform: Platform, component: pulumi.Resource, { name }: SystemSpec, user: string) =>
  platform.secret(component, credentialName(name, user), { use: `user ${user} of ${name}` }, context.protects(name));

function replicationGroup(context: AwsContext, component: pulumi.Resource, spec: SystemSpec, group: Group, userGroup: UserGroup): ReplicationGroup {
  const { name } = spec;
  const model = spec.model as RedisModel;
  const id = context.name(name, "replicationGroup");
  const logs = {
    // Below a path of the cache's own: a service may be called `cache-slow`.
    "slow-log": logGroup(context, component, name, `${name}-slow`, `${logPath(context, name)}/slow`),
    "engine-log": logGroup(context, component, name, `${name}-engine`, `${logPath(context, name)}/engine`),
  };
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
  // Named after its family: another engine gets a group of its own before the old one goes.
  const settings = parameterGroup(name, model);
  const parameters = quietly(
    () =>
      new ParameterGroup(
        `${name}-parameters`,
        {
          ...settings,
          name: context.name(`${name}-${String(settings.family)}`, "parameterGroup"),
          tags: context.tags(name, "data", `${name}-parameters`),
        },
        context.place(component),
      ),
  );
  const inputs = replicationGroupInputs(model, context.profile, {
    id,
    description: `${context.prefix}: ${name}`,
    finalSnapshot: pulumi.interpolate`${id}-final-${generateLifeId(component, `${name}-life`, context.protects(name))}`,
    subnetGroup: subnets.name,
    parameterGroup: parameters.name,
    securityGroup: group.id,
    userGroup: userGroup.userGroupId,
    dataKey: kmsKey(context, "data").arn,
    logGroups: { "slow-log": logs["slow-log"].name, "engine-log": logs["engine-log"].name },
    tags: context.tags(name, "data"),
  });
  return quietly(
    () =>
      new ReplicationGroup(
        name,
        inputs,
        context.placeData(component, name, {
          deleteBeforeReplace: true,
          customTimeouts: { create: "60m", update: "60m", delete: "60m" },
          dependsOn: [...place.ready],
        }),
      ),
  );
}
