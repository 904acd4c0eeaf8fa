import type { Plan, PlanResource } from "../../../../src/preview/plan.ts";

/** What the profiles promise. Said here again: another figure in a profile is to be seen. */
export interface StageFacts {
  readonly zones: number;
  readonly nat: "regional" | "zonal";
  readonly multiAz: boolean;
  readonly logDays: number;
  readonly backupDays: number;
  /** Backups are copied into another region, and locked. */
  readonly copies: boolean;
  /** Services of one task that have more in prod, each with the reason. */
  readonly single: Readonly<Record<string, string>>;
}

export const stages: Readonly<Record<"staging" | "prod", StageFacts>> = {
  staging: {
    zones: 3,
    nat: "zonal",
    multiAz: false,
    logDays: 30,
    backupDays: 7,
    copies: false,
    single: { "temporal-worker": "workflows of Temporal itself: they go on after a restart" },
  },
  prod: { zones: 3, nat: "regional", multiAz: true, logDays: 365, backupDays: 35, copies: true, single: {} },
};

type Tier = "public" | "private" | "data";

/** A plan, and what rules ask of it. */
export interface Look {
  readonly plan: Plan;
  readonly stage: StageFacts;
  of(type: string): readonly PlanResource[];
  /** Class of a customer key of the plan by its ARN. */
  keyOf(arn: unknown): string | undefined;
  tierOf(subnet: unknown): Tier | undefined;
  /** Whether these are all subnets of a tier. */
  isTier(subnets: unknown, tier: Tier): boolean;
}

export function lookAt(plan: Plan, stage: StageFacts): Look {
  const byType = Map.groupBy(plan.resources, ({ type }) => type);
  const of = (type: string) => byType.get(type) ?? [];
  const keys = new Map(of("aws:kms/key:Key").map(({ name, outputs }) => [outputs.arn, name.replace(/-key$/, "")]));
  const tiers = new Map<unknown, Tier>(of("aws:ec2/subnet:Subnet").map(({ id, name }) => [id, name.replace(/-\w$/, "") as Tier]));
  return {
    plan,
    stage,
    of,
    keyOf: (arn) => keys.get(arn),
    tierOf: (subnet) => tiers.get(subnet),
    isTier: (subnets, tier) =>
      Array.isArray(subnets) &&
      subnets.length === stage.zones &&
      new Set(subnets).size === stage.zones &&
      subnets.every((id) => tiers.get(id) === tier),
  };
}
