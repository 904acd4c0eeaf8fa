import type * as pulumi from "@pulumi/pulumi";
import { type Connection, connect, type Ready } from "../../../src/core/connection.ts";
import { replicaName } from "../../../src/core/naming.ts";
import { filesFolder } from "../../../src/core/parts.ts";
import type { Platform, Realised } from "../../../src/core/platform.ts";
import { allReady } from "../../../src/core/realise.ts";
import type { SystemSpec } from "../../../src/core/system.ts";
import type { Secrets } from "../../../src/core/text.ts";
import type { JobSpec } from "../../../src/core/workload.ts";
import { backupWarnings } from "../../../src/platforms/aws/backup.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import { cloudMapName } from "../../../src/platforms/aws/discovery.ts";
import { sealEndpoint } from "../../../src/platforms/aws/endpoint.ts";
import { allowAmong, type Group, securityGroup } from "../../../src/platforms/aws/groups.ts";
import { imageOf } from "../../../src/platforms/aws/images.ts";
import { awsJob } from "../../../src/platforms/aws/job.ts";
import { logGroup, logPath } from "../../../src/platforms/aws/logs.ts";
import type { ManagedSystem } from "../../../src/platforms/aws/managed.ts";
import { network, zonesOf } from "../../../src/platforms/aws/network.ts";
import { secret } from "../../../src/platforms/aws/secrets.ts";
import { reachServices } from "../../../src/platforms/aws/services.ts";
import { reachImages } from "../../../src/platforms/aws/task-reach.ts";
import type { NatsModel } from "../model.ts";
import { checkScript, reconcileFiles } from "../reconcile.ts";
import { nodeAccess } from "./access.ts";
import { nodeAlarms } from "./alarms.ts";
import { converge } from "./converge.ts";
import { natsProblems } from "./node.ts";
import { makeNodes } from "./nodes.ts";
import { nodeValues } from "./values.ts";

/** A NatsCluster as instances: its nodes keep their data on disks of their own, which tasks of ECS cannot. */
export const natsOnAws: ManagedSystem = {
  problems: (spec, context) => natsProblems(spec.name, spec.model as NatsModel, context.profile, zonesOf(context)),
  warnings: (_, context) => backupWarnings(context),
  realise,
};

const ports = { nats: 4222, route: 6222, monitor: 8222 } as const;

function realise(context: AwsContext, platform: Platform, component: pulumi.ComponentResource, spec: SystemSpec): Realised {
  const { name } = spec;
  const model = spec.model as NatsModel;
  const keep = context.protects(name);
  const secrets: Secrets = Object.fromEntries(
    Object.entries(spec.secrets).map(([key, use]) => [key, platform.secret(component, `${name}-${key}-password`, use, keep)]),
  );
  const nodes = Array.from({ length: model.replicas }, (_, index) => replicaName(name, "stable", model.replicas, index));
  const group = securityGroup(context, component, name);
  if (model.replicas > 1) allowAmong(context, component, group, ports.route, "routes of the cluster");
  const image = imageOf(context, { table: "nats" }, name);
  const reach = [
    ...reachServices(
      context,
      component,
      group,
      [
        "secretsmanager",
        "logs",
        "ssm",
        "ssmmessages",
        "ec2messages",
        "monitoring",
        "s3",
        ...(image.source.kind === "ecr" ? (["ecr.api", "ecr.dkr"] as const) : []),
      ],
      "start and management of nodes",
    ),
    ...reachImages(context, component, group, [image]),
  ];
  const log = logGroup(context, component, name, name);
  const values = secret(context, component, name, `${name}-nodes`, nodeValues(context, component, name, model, nodes, secrets, image));
  const access = nodeAccess(context, component, name, values.arn, logPath(context, name), image);
  const made = makeNodes(context, component, {
    name,
    nodes,
    model,
    group,
    instanceProfile: access.profile,
    secret: values.arn,
    logGroup: logPath(context, name),
    after: [...network(context).ready, ...reach, log, ...access.ready, ...values.ready],
  });
  for (const { node, instance } of made) nodeAlarms(context, component, name, model, node, instance.id);
  const serving = converge(
    context,
    component,
    name,
    made.map(({ instance }) => instance.id),
    values.version,
    made.flatMap(({ ready }) => ready),
  );
  const host = cloudMapName(context, name);
  const ready: Ready = [serving];
  const gates = jobsOf(spec, model, host).map((job) =>
    awsJob(context, component, job, { system: name, secrets, after: [ready], reach: [{ group, port: ports.nats }] }),
  );
  return { connections: connectionsOf(spec, host, group, secrets, allReady([ready, ...gates])) };
}

/** The jobs of the spec, with the cluster's full name in their files. */
const jobsOf = ({ jobs }: SystemSpec, model: NatsModel, host: string): JobSpec[] =>
  jobs.map((job) => {
    if (job.when === "up") return { ...job, files: reconcileFiles(host, model.streams, model.replicas, model.deadLetters) };
    return { ...job, files: [{ path: `${filesFolder}/check.sh`, content: checkScript(host, model.streams, model.deadLetters) }] };
  });

function connectionsOf(spec: SystemSpec, host: string, group: Group, secrets: Secrets, ready: Ready): Record<string, Connection> {
  const to = { system: spec.name, host, tls: false, ready, endpoint: sealEndpoint({ group }) };
  const entries = Object.entries(spec.connections).map(([key, c]) => {
    const password = c.secret === undefined ? undefined : secrets[c.secret];
    const port = c.port === "monitor" ? ports.monitor : ports.nats;
    const login = password && c.username ? { username: c.username, password, credential: `${spec.name}-${c.secret}-password` } : {};
    return [key, connect({ ...to, scheme: c.scheme, port, ...login })] as const;
  });
  return Object.fromEntries(entries);
}
