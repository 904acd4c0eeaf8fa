import type { Target } from "../core/platform.ts";
import type { Plan, PlanResource } from "./plan.ts";

type Stays = (inputs: Readonly<Record<string, unknown>>, plan: Plan) => readonly string[];

const lastSnapshot = (name: unknown) => `a last snapshot ${String(name).replace(/-final-.*/, "-final-*")}`;

/** What a target keeps of a part that is deleted, by its type; all others keep nothing. */
const byType: Readonly<Record<string, Stays>> = {
  "aws:rds/instance:Instance": (inputs, plan) => [
    ...(inputs.skipFinalSnapshot === false ? [lastSnapshot(inputs.finalSnapshotIdentifier)] : []),
    ...(inputs.deleteAutomatedBackups === false && Number(inputs.backupRetentionPeriod) > 0
      ? [`automated backups for ${String(inputs.backupRetentionPeriod)} days`]
      : []),
    ...plan.resources
      .filter(({ type }) => type === "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication")
      .slice(0, 1)
      .map((copy) => `what was copied to ${String(copy.inputs.region)}, for its days`),
  ],
  "aws:elasticache/replicationGroup:ReplicationGroup": ({ finalSnapshotIdentifier }) =>
    finalSnapshotIdentifier === undefined ? [] : [lastSnapshot(finalSnapshotIdentifier)],
  "aws:ebs/volume:Volume": ({ finalSnapshot }) => (finalSnapshot === true ? ["a last snapshot of the volume"] : []),
};

/** Of what a plan of AWS Backup takes by its tag: a vault keeps it without the resource that it was made of. */
function recoveryPoints({ tags }: Readonly<Record<string, unknown>>, plan: Plan): string[] {
  if (typeof tags !== "object" || tags === null || !("groundplan:backup" in tags)) return [];
  return plan.resources
    .filter(({ type }) => type === "aws:backup/vault:Vault")
    .map(({ inputs }) => `recovery points in vault ${String(inputs.name)}${inputs.region === undefined ? "" : ` of ${String(inputs.region)}`}`);
}

/** What is left of a part when the engine deletes it, in words; undefined when it is lost. */
export function whatStays({ type, inputs }: PlanResource, plan: Plan): string | undefined {
  const stays = [...(byType[type]?.(inputs, plan) ?? []), ...recoveryPoints(inputs, plan)];
  return stays.length > 0 ? stays.join("; ") : undefined;
}

/** What the target keeps of a component of which nothing is protected, in words; undefined when all that it stores goes with it. */
export const outlives = (kind: string, target: Target): string | undefined =>
  kind === "ObservabilityStack" && target === "aws"
    ? "its figures stay in CloudWatch for 15 months, its traces in X-Ray for 30 days; its log groups and a workspace of Prometheus go with their content"
    : undefined;
