import { type Check, type Finding, flag, integer, matching, oneOf, type Rules, shape } from "../../src/core/checks.ts";
import type { Profile } from "../../src/core/profile.ts";
import { dailyWindow, weeklyWindow, windowsMeet } from "../../src/core/windows.ts";

/** Windows of an instance that names none, in UTC. */
export const usualWindows = { backup: "02:00-02:30", maintenance: "sun:03:00-sun:04:00" };

/** Settings of RDS. Other targets refuse them, so write them into the stack file of an environment on AWS. */
export interface PostgresAwsArgs {
  /**
   * Class of the instance, e.g. `db.r7g.large`.
   * @default by profile: db.t4g.micro (dev), db.t4g.medium (staging), db.r7g.large (prod)
   * @change restart; in the next maintenance window where data is guarded
   */
  readonly instanceClass?: string;
  /**
   * A standby in another zone, which takes over within a minute or two.
   * @default by profile: false (dev, staging), true (prod)
   * @change safe
   */
  readonly multiAz?: boolean;
  /**
   * Size in GiB up to which the disk grows by itself, a tenth more than it begins with or more.
   * @default four times storageGiB
   * @change safe; upwards
   */
  readonly maxStorageGiB?: number;
  /**
   * Days of point-in-time recovery; 0 is none and refused where data is guarded.
   * @default by profile: 1 (dev), 7 (staging), 35 (prod)
   * @change safe; restart to or from 0
   */
  readonly backupDays?: number;
  /**
   * Daily window of backups in UTC, 30 minutes or more, apart from the maintenance window.
   * @default "02:00-02:30"
   * @change safe
   */
  readonly backupWindow?: string;
  /**
   * Weekly window of minor upgrades and delayed changes in UTC, 30 minutes or more.
   * @default "sun:03:00-sun:04:00"
   * @change safe
   */
  readonly maintenanceWindow?: string;
  /**
   * AWS refuses to delete the instance. May not be switched off where data is guarded.
   * @default by profile: false (dev), true (staging, prod)
   * @change safe
   */
  readonly deletionProtection?: boolean;
  /**
   * RDS takes tokens of IAM, too, from roles that are granted `rds_iam` by hand; bindings keep their passwords.
   * @default false
   * @change safe
   */
  readonly iamAuthentication?: boolean;
  /** Database Insights: `standard` keeps 7 days, `advanced` 465 and costs per vCPU. @default "standard" @change safe */
  readonly insights?: "standard" | "advanced";
  /**
   * RDS Proxy in front: pools connections and keeps them over a failover. Its endpoint is then the host.
   * @default false
   * @change restart; of what is bound to it: the host is another
   */
  readonly proxy?: boolean;
  /**
   * Read replicas, each a connection of its own: `db.databases.app.replicas[0]`. With any, the administrator's password is
   * generated and kept in the state, because RDS copies no instance whose password it keeps.
   * @default 0
   * @unit replicas
   * @change safe; upwards
   */
  readonly readReplicas?: number;
  /**
   * Statements that take longer than so many milliseconds are logged; 0 logs all, -1 none. The same as the setting
   * `log_min_duration_statement`, which holds on every ground.
   * @default 1000
   * @change safe
   */
  readonly logSlowerThanMs?: number;
}

/** Most replicas that an instance may have here. */
const mostReplicas = 5;

const rules: Rules<PostgresAwsArgs> = {
  instanceClass: matching(/^db\.[a-z]\w*\.(\d*x?large|medium|small|micro)$/, "a class of RDS instances, with db. in front", "e.g. db.r7g.large"),
  multiAz: flag,
  maxStorageGiB: integer(22, 65_536, "GiB"),
  backupDays: integer(0, 35, "days"),
  backupWindow: dailyWindow(30),
  maintenanceWindow: weeklyWindow(30),
  deletionProtection: flag,
  iamAuthentication: flag,
  insights: oneOf(["standard", "advanced"]),
  proxy: flag,
  readReplicas: integer(0, mostReplicas, "replicas"),
  logSlowerThanMs: integer(-1, 2_147_483_647, "ms"),
};

export const postgresAwsCheck: Check = shape(rules);

/** What the profile and the rest of the arguments do not allow. */
export function postgresAwsFindings(aws: PostgresAwsArgs, profile: Profile): Finding[] {
  const guarded = `profile ${profile.name} guards data, and that cannot be switched off`;
  const found: Finding[] = [];
  if (profile.guardData && aws.deletionProtection === false)
    found.push({ path: "aws.deletionProtection", value: false, rule: guarded, fix: "leave it out" });
  if (profile.guardData && aws.backupDays === 0) found.push({ path: "aws.backupDays", value: 0, rule: guarded, fix: "keep 1 to 35 days" });
  if (aws.readReplicas && aws.backupDays === 0)
    found.push({
      path: "aws.readReplicas",
      value: aws.readReplicas,
      rule: "replicas are made from backups, so backupDays is at least 1",
      fix: "keep backups",
    });
  const { backupWindow = usualWindows.backup, maintenanceWindow = usualWindows.maintenance } = aws;
  if (windowsMeet(backupWindow, maintenanceWindow))
    found.push({
      path: "aws.backupWindow",
      value: backupWindow,
      rule: `a window apart from that of maintenance, ${maintenanceWindow}`,
      fix: "move one of the two",
    });
  return found;
}

/** Keys of the connections to read replicas, beside that of the primary; none while the number is not right. */
export function replicaKeys(key: string, aws: PostgresAwsArgs | undefined): string[] {
  const count = aws?.readReplicas;
  return Number.isInteger(count) ? Array.from({ length: Math.min(mostReplicas, Math.max(0, count ?? 0)) }, (_, index) => `${key}#${index}`) : [];
}
