import type { Resource } from "./model.ts";
import { hasInput, list, number, records, text } from "./read.ts";

export const instance = "aws:rds/instance:Instance";
export const cluster = "aws:rds/cluster:Cluster";
export const clusterInstance = "aws:rds/clusterInstance:ClusterInstance";
export const parameterGroup = "aws:rds/parameterGroup:ParameterGroup";
export const clusterParameterGroup = "aws:rds/clusterParameterGroup:ClusterParameterGroup";

/** A read replica has no data of its own: backups, protection and the standby are those of its source. */
export const isReplica = (resource: Resource): boolean =>
  hasInput(resource, "replicateSourceDb") || hasInput(resource, "replicationSourceIdentifier");

/** A replica or what is restored takes encryption and password from where it comes from. */
export const isCopy = (resource: Resource): boolean =>
  isReplica(resource) || hasInput(resource, "snapshotIdentifier") || hasInput(resource, "restoreToPointInTime");

/** `aurora-postgresql` of a cluster that has instances of its own; one with a mode of serverless has none. */
export const isAurora = ({ type, inputs }: Resource): boolean =>
  type === cluster && (text(inputs.engine) ?? "").startsWith("aurora") && text(inputs.engineMode) !== "serverless";

/** First number of the version; undefined when none is named, which is a current one. */
export const majorOf = (version: unknown): number | undefined => number(/^\d+/.exec(String(text(version) ?? number(version) ?? ""))?.[0]);

/** `postgres16`, `aurora-postgresql16` */
const family = /^(postgres|aurora-postgresql)(\d+)$/;

/** A group of settings of PostgreSQL. Of Aurora only that of the cluster counts: what is looked for here is set there. */
export function postgresFamily({ type, inputs }: Resource): { readonly aurora: boolean; readonly major: number } | undefined {
  const [, kind, major] = family.exec(text(inputs.family) ?? "") ?? [];
  const aurora = kind === "aurora-postgresql";
  return kind === undefined || (aurora && type !== clusterParameterGroup) ? undefined : { aurora, major: Number(major) };
}

/** Where a setting is in a parameter group, and its value. */
export function setting(group: Resource, name: string): { readonly path: string; readonly value: unknown } | undefined {
  const found = records(group.inputs.parameters).find(([, parameter]) => parameter.name === name);
  return found && { path: `parameters[${found[0]}].value`, value: found[1].value };
}

export const isPostgres = (engine: unknown): boolean => engine === "postgres" || engine === "aurora-postgresql";

export const holds = (value: unknown, entry: string): boolean => list(value).includes(entry);
