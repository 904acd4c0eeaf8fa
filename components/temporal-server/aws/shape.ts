import type { Problem } from "../../../src/core/problems.ts";
import type { SystemSpec } from "../../../src/core/system.ts";
import type { JobSpec, WorkloadSpec } from "../../../src/core/workload.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import { cloudMapName } from "../../../src/platforms/aws/discovery.ts";
import type { ManagedSystem } from "../../../src/platforms/aws/managed.ts";
import { clientAddress, startCommand } from "../address.ts";
import type { TemporalModel } from "../model.ts";
import { apart } from "../roles/apart.ts";
import { connectionsOfAll, type Rollout, tooFewConnections } from "../roles/budget.ts";
import { roleNames, workloadOf } from "../roles/roles.ts";
import { demandOf, usualConnections } from "../stores.ts";

/**
 * ECS starts all new tasks of a service before it stops the first old one, so all shards have moved to new ones when their
 * old owners go; until the last of these has ended there are twice as many. So the usual number is twice as large, too.
 */
export const onAws: Rollout = { atOnce: (replicas) => 2 * replicas, usual: 2 * usualConnections };

/** Each role is a service of its own, or one server has them all: as the profile says. */
export const temporalOnAws: ManagedSystem = {
  shape: (spec, context) =>
    withNames(context, context.sizes.rolesApart ? apart(spec, context.profile, { ...onAws, host: hostOf(context, spec) }) : spec),
  problems: (spec, { profile, sizes }) => [
    ...(sizes.rolesApart ? tooFewConnections(spec, profile, onAws) : []),
    ...tooManyConnections(spec, sizes.rolesApart ? onAws.usual : usualConnections),
  ],
};

/** Its name for tasks without a proxy, in a network of somebody else's as well. */
const hostOf = (context: AwsContext, { name }: SystemSpec) => cloudMapName(context, name);

/**
 * Clients reach the frontend through Service Connect. Roles know each other by the addresses that they write into the
 * database, so no proxy stands between them; and whoever reads figures asks each replica for its own.
 */
function withNames(context: AwsContext, spec: SystemSpec): SystemSpec {
  const { name } = spec;
  const parts = roleNames.map((role) => workloadOf(name, role));
  return {
    ...spec,
    workloads: spec.workloads.map((part) => (parts.includes(part.name) ? serverPart(part, name) : uiPart(part, name))),
    jobs: spec.jobs.map((job) => byFullName(job, clientAddress(hostOf(context, spec)))),
  };
}

/**
 * On empty databases all replicas race for the first record of the cluster, and who loses ends and is started again. ECS takes
 * back a service of which three tasks fail one after another, so the frontends, of which fewer can lose, are there first. What
 * finds its address out before it starts has to be told what starts it.
 */
function serverPart(part: WorkloadSpec, frontend: string): WorkloadSpec {
  const first = part.name === frontend;
  const after = [...new Set([...(part.after ?? []), ...(first ? [] : [frontend])])];
  return { ...part, after, command: part.command ?? startCommand, offers: first ? ["grpc"] : [] };
}

/**
 * The proxy of a task knows only what was there when the task was started, so the UI comes after the frontend. People reach
 * it through a gateway alone, by TLS, so its cookie goes no other way.
 */
function uiPart(part: WorkloadSpec, frontend: string): WorkloadSpec {
  const { TEMPORAL_CSRF_COOKIE_INSECURE: _, ...env } = part.env;
  return { ...part, env, after: [...new Set([...(part.after ?? []), frontend])] };
}

/** Run-once tasks have no proxy. */
const byFullName = (job: JobSpec, address: string): JobSpec =>
  "TEMPORAL_ADDRESS" in job.env ? { ...job, env: { ...job.env, TEMPORAL_ADDRESS: address } } : job;

/** More than the servers take, as far as that is known: it would stop others in the middle of a rollout. */
function tooManyConnections({ name, model }: SystemSpec, usual: number): Problem[] {
  const { databases } = model as TemporalModel;
  const value = connectionsOfAll(model as TemporalModel, { usual });
  const servers = new Map(Object.values(databases).map((database) => [database.system, database]));
  return [...servers.values()].flatMap(({ system, maxConnections }) => {
    if (maxConnections === undefined || demandOf(system, databases, value) <= maxConnections) return [];
    const rule = `at most what ${system} takes: about ${maxConnections} connections at once, by its maxConnections or the class of its instance`;
    return [{ component: name, path: "maxConnections", value, rule, fix: `write fewer, or give ${system} a larger aws.instanceClass` }];
  });
}
