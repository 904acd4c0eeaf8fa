import { type Check, type Finding, integer, matching, type Rules, shape } from "../../src/core/checks.ts";
import type { Profile } from "../../src/core/profile.ts";
import { dailyWindow, weeklyWindow, windowsMeet } from "../../src/core/windows.ts";

/** Windows of a cache that names none, in UTC. */
export const usualWindows = { snapshot: "02:00-03:00", maintenance: "sun:03:30-sun:04:30" };

/** Settings of ElastiCache. Other targets refuse them, so write them into the stack file of an environment on AWS. */
export interface RedisAwsArgs {
  /**
   * Type of the nodes, e.g. `cache.r7g.large`.
   * @default by profile: cache.t4g.micro (dev), cache.t4g.small (staging), cache.r7g.large (prod)
   * @change safe; by a failover, with two nodes or more
   */
  readonly nodeType?: string;
  /**
   * Nodes, the primary included; two or more fail over between zones.
   * @default `replicas`, or by profile: 1 (dev), 2 (staging, prod)
   * @unit nodes
   * @change safe
   */
  readonly nodes?: number;
  /**
   * Days that daily snapshots are kept; 0 makes none and is refused where data is guarded.
   * @default by profile: 1 (dev), 7 (staging), 35 (prod)
   * @change safe
   */
  readonly snapshotDays?: number;
  /**
   * Daily window of snapshots in UTC, an hour or more, apart from the maintenance window.
   * @default "02:00-03:00"
   * @change safe
   */
  readonly snapshotWindow?: string;
  /** Weekly window of minor upgrades in UTC, an hour or more. @default "sun:03:30-sun:04:30" @change safe */
  readonly maintenanceWindow?: string;
}

const rules: Rules<RedisAwsArgs> = {
  nodeType: matching(
    /^cache\.[a-z]\w*\.(\d*x?large|medium|small|micro)$/,
    "a type of ElastiCache nodes, with cache. in front",
    "e.g. cache.r7g.large",
  ),
  nodes: integer(1, 6, "nodes"),
  snapshotDays: integer(0, 35, "days"),
  snapshotWindow: dailyWindow(60),
  maintenanceWindow: weeklyWindow(60),
};

export const redisAwsCheck: Check = shape(rules);

/** What the profile and the rest of the arguments do not allow. */
export function redisAwsFindings(aws: RedisAwsArgs, profile: Profile, replicas: number | undefined): Finding[] {
  const found: Finding[] = [];
  if (replicas !== undefined && aws.nodes !== undefined && aws.nodes !== replicas) {
    const rule = `as many as replicas says: ${replicas}`;
    found.push({ path: "aws.nodes", value: aws.nodes, rule, fix: "leave one of the two out" });
  }
  if (profile.guardData && aws.snapshotDays === 0) {
    const rule = `profile ${profile.name} guards data, and that cannot be switched off`;
    found.push({ path: "aws.snapshotDays", value: 0, rule, fix: "keep 1 to 35 days" });
  }
  const { snapshotWindow = usualWindows.snapshot, maintenanceWindow = usualWindows.maintenance } = aws;
  if (windowsMeet(snapshotWindow, maintenanceWindow)) {
    const rule = `a window apart from that of maintenance, ${maintenanceWindow}`;
    found.push({ path: "aws.snapshotWindow", value: snapshotWindow, rule, fix: "move one of the two" });
  }
  return found;
}
