import type { Instance } from "@pulumi/aws/rds/instance.js";
import { Proxy as RdsProxy } from "@pulumi/aws/rds/proxy.js";
import { ProxyDefaultTargetGroup } from "@pulumi/aws/rds/proxyDefaultTargetGroup.js";
import { ProxyTarget } from "@pulumi/aws/rds/proxyTarget.js";
import type * as pulumi from "@pulumi/pulumi";
import { quietly } from "../../../src/core/quietly.ts";
import type { Secrets } from "../../../src/core/text.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import { allow, type Group, securityGroup } from "../../../src/platforms/aws/groups.ts";
import { role } from "../../../src/platforms/aws/iam.ts";
import { keyUse } from "../../../src/platforms/aws/kms.ts";
import { logGroup } from "../../../src/platforms/aws/logs.ts";
import { network } from "../../../src/platforms/aws/network.ts";
import { secret } from "../../../src/platforms/aws/secrets.ts";
import { port } from "./instance.ts";

export interface MadeProxy {
  readonly endpoint: pulumi.Output<string>;
  /** Clients connect to it; it alone connects to the server. */
  readonly group: Group;
  readonly ready: readonly pulumi.Resource[];
}

/** A pool of connections before the server. It logs in as the roles do, with their passwords, so it has a secret of each. */
export function proxy(
  context: AwsContext,
  component: pulumi.Resource,
  name: string,
  passwords: Secrets,
  server: Instance,
  serverGroup: Group,
): MadeProxy {
  const part = `${name}-proxy`;
  const group = securityGroup(context, component, name, part);
  allow(context, component, group, serverGroup, port, "connections of the pool");
  const logins = Object.entries(passwords).map(([username, password]) =>
    secret(context, component, name, `${name}-${username.replaceAll("_", "-")}-login-data`, { username, password }),
  );
  const reader = role(context, component, part, {
    component: name,
    service: "rds.amazonaws.com",
    description: `Logins of the roles of ${name}`,
    statements: [
      { sid: "ReadLogins", actions: ["secretsmanager:GetSecretValue"], resources: logins.map(({ arn }) => arn) },
      keyUse(context, "secrets", "secretsmanager", ["kms:Decrypt"]),
    ],
  });
  const place = network(context);
  const id = context.name(part, "rds");
  // Declared first: RDS would make a group that keeps everything for ever.
  const logs = logGroup(context, component, name, part, `/aws/rds/proxy/${id}`);
  const made = quietly(
    () =>
      new RdsProxy(
        part,
        {
          name: id,
          engineFamily: "POSTGRESQL",
          roleArn: reader.arn,
          requireTls: true,
          debugLogging: false,
          idleClientTimeout: 1800,
          vpcSubnetIds: [...place.data],
          vpcSecurityGroupIds: [group.id],
          auths: logins.map(({ arn }) => ({
            authScheme: "SECRETS",
            secretArn: arn,
            iamAuth: "DISABLED",
            clientPasswordAuthType: "POSTGRES_SCRAM_SHA_256",
          })),
          tags: context.tags(name, "server", part),
        },
        context.place(component, {
          deleteBeforeReplace: true,
          customTimeouts: { create: "40m", update: "40m", delete: "60m" },
          dependsOn: [logs, ...reader.ready, ...logins.flatMap(({ ready }) => ready), ...place.ready],
        }),
      ),
  );
  const pool = quietly(
    () =>
      new ProxyDefaultTargetGroup(
        `${part}-pool`,
        {
          dbProxyName: made.name,
          // Some stay free for the administrator and for jobs.
          connectionPoolConfig: { maxConnectionsPercent: 90, maxIdleConnectionsPercent: 45, connectionBorrowTimeout: 30 },
        },
        context.place(component, { deleteBeforeReplace: true }),
      ),
  );
  const target = quietly(
    () =>
      new ProxyTarget(
        `${part}-target`,
        { dbProxyName: made.name, targetGroupName: pool.name, dbInstanceIdentifier: server.identifier },
        context.place(component, { deleteBeforeReplace: true, customTimeouts: { create: "40m" } }),
      ),
  );
  return { endpoint: made.endpoint, group, ready: [made, pool, target] };
}
