import * as pulumi from "@pulumi/pulumi";
import { type Connection, connect, type Endpoint, type Ready } from "../../../src/core/connection.ts";
import type { Platform, Realised } from "../../../src/core/platform.ts";
import { allReady } from "../../../src/core/realise.ts";
import type { SystemSpec } from "../../../src/core/system.ts";
import type { Secrets } from "../../../src/core/text.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import { sealEndpoint } from "../../../src/platforms/aws/endpoint.ts";
import { securityGroup } from "../../../src/platforms/aws/groups.ts";
import type { ManagedSystem } from "../../../src/platforms/aws/managed.ts";
import { monitor, rolesOf } from "../databases.ts";
import type { PostgresModel } from "../model.ts";
import { administrator } from "../server.ts";
import { databaseAlarms } from "./alarms.ts";
import { authoritiesOf } from "./authorities.ts";
import { copyBackups } from "./backups.ts";
import { surelyTaken } from "./connections.ts";
import { keepsPassword, port } from "./instance.ts";
import { databasesJob } from "./job.ts";
import { postgresProblems, postgresWarnings } from "./problems.ts";
import { proxy } from "./proxy.ts";
import { makeServer } from "./server.ts";

/** A PostgresDb as an instance of RDS. */
export const postgresOnAws: ManagedSystem = {
  problems: (spec, context) => postgresProblems(spec.name, spec.model as PostgresModel, context.profile),
  warnings: (spec, context) => postgresWarnings(spec.model as PostgresModel, context),
  realise,
};

function realise(context: AwsContext, platform: Platform, component: pulumi.ComponentResource, spec: SystemSpec): Realised {
  const { name } = spec;
  const model = spec.model as PostgresModel;
  const secrets = passwords(context, platform, component, spec, model);
  const group = securityGroup(context, component, name);
  const own = keepsPassword(model) ? password(context, platform, component, spec, administrator) : undefined;
  const { primary, replicas } = makeServer(context, component, name, model, group, own);
  copyBackups(context, component, name, model, primary);
  [primary, ...replicas].forEach((instance, index) => {
    databaseAlarms(context, component, name, index === 0 ? name : `${name}-replica-${index - 1}`, model, instance);
  });
  const reconciled = databasesJob(context, component, spec, model, secrets, primary, group, own);
  const front = model.aws.proxy ? proxy(context, component, name, secrets, primary, group) : undefined;
  const ready = (made: readonly pulumi.Resource[]): Ready => allReady([reconciled, [...made]]);
  // The proxy has a certificate of a public authority.
  const ca = authoritiesOf(context.region);
  const checked = ca === undefined ? {} : { ca: pulumi.output(ca) };
  const server: Host = front
    ? { host: front.endpoint, endpoint: sealEndpoint({ group: front.group }), ready: ready(front.ready) }
    : { host: primary.address, endpoint: sealEndpoint({ group }), ready: ready([primary]), ...checked };
  const copies = replicas.map((replica): Host => ({ host: replica.address, endpoint: sealEndpoint({ group }), ready: ready([replica]), ...checked }));
  return { connections: connectionsOf(spec, secrets, server, copies, surelyTaken(model, model.aws.instanceClass ?? context.sizes.databaseClass)) };
}

/** One password per role. The administrator's is apart from them: no connection and no proxy has it. */
function passwords(context: AwsContext, platform: Platform, component: pulumi.Resource, spec: SystemSpec, model: PostgresModel): Secrets {
  const roles = [...new Set(rolesOf(model.databases).map(({ role }) => role)), monitor];
  return Object.fromEntries(roles.map((role) => [role, password(context, platform, component, spec, role)]));
}

const password = (context: AwsContext, platform: Platform, component: pulumi.Resource, spec: SystemSpec, role: string) =>
  platform.secret(component, `${spec.name}-${role}-password`, spec.secrets[role] ?? { use: role }, context.protects(spec.name));

interface Host {
  readonly host: pulumi.Output<string>;
  readonly endpoint: Endpoint;
  readonly ready: Ready;
  readonly ca?: pulumi.Output<string>;
}

/** `app` and `app/reporting` lead to the server, or to the proxy before it; `app#0` to its first read replica. */
function connectionsOf(
  spec: SystemSpec,
  secrets: Secrets,
  server: Host,
  copies: readonly Host[],
  most: number | undefined,
): Record<string, Connection> {
  const entries = Object.entries(spec.connections).map(([key, { scheme, username, secret, database }]) => {
    const [, copy] = key.split("#");
    const at = copy === undefined ? server : copies[Number(copy)];
    const password = secret === undefined ? undefined : secrets[secret];
    if (!at || !username || !password || !database) throw new Error(`${spec.name}: connection ${key} leads nowhere`);
    const credential = `${spec.name}-${secret}-password`;
    const path = "?sslmode=require";
    const known = most === undefined ? {} : { maxConnections: most };
    return [key, connect({ system: spec.name, scheme, ...at, ...known, port, tls: true, username, password, credential, database, path })] as const;
  });
  return Object.fromEntries(entries);
}
