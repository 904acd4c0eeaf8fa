import { anything, type Check, flag, type Rules, shape } from "../../src/core/checks.ts";

/** Settings of the services of AWS that stand in for the parts. Other targets refuse them, so write them into the stack file of an environment on AWS. */
export interface ObservabilityAwsArgs {
  /**
   * Also a workspace of Amazon Managed Service for Prometheus: all figures that are scraped, for 150 days, with the rules and
   * recordings that a stack on the other grounds has, and the same receivers. Alarms of CloudWatch stay, and tell of the same
   * things. Changing it: safe; switching it off deletes its figures.
   * @default false
   */
  readonly prometheus?: boolean;
  /**
   * Percent of the traces that the collector keeps, whole ones. A sampling rule of X-Ray would count only for SDKs that ask it.
   * Changing it: restart of the collector.
   * @default by profile: 100 (dev), 20 (staging), 5 (prod)
   */
  readonly tracedPercent?: number;
  /**
   * Refused everywhere: a workspace of Amazon Managed Grafana is not made, and dashboards are in CloudWatch. The README says
   * how one of your own gets the dashboards as files.
   */
  readonly grafana?: unknown;
}

const percent: Check = (value, at) =>
  typeof value === "number" && value >= 0 && value <= 100 ? [] : [{ path: at, value, rule: "0 to 100 percent", fix: "e.g. 5" }];

const rules: Rules<ObservabilityAwsArgs> = { prometheus: flag, tracedPercent: percent, grafana: anything };

export const observabilityAwsCheck: Check = shape(rules);
