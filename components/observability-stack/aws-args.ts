import { type Check, flag, oneOf, type Rules, shape } from "../../src/core/checks.ts";

/** Settings of the services of AWS that stand in for the parts. Other targets refuse them, so write them into the stack file of an environment on AWS. */
export interface ObservabilityAwsArgs {
  /**
   * Also a workspace of Amazon Managed Service for Prometheus: all figures that are scraped, for 150 days, with the rules and
   * recordings that a stack on the other grounds has, and the same receivers. Alarms of CloudWatch stay, and tell of the same
   * things.
   * @default false
   * @change safe; switching it off deletes its figures
   */
  readonly prometheus?: boolean;
  /**
   * Percent of the traces that the collector keeps, whole ones. A sampling rule of X-Ray would count only for SDKs that ask
   * it.
   * @default by profile: 100 (dev), 20 (staging), 5 (prod)
   * @change restart; of the collector
   */
  readonly tracedPercent?: number;
  /**
   * Also a workspace of Amazon Managed Grafana with the dashboards that a stack on the other grounds has, asking the workspace
   * of Prometheus: `prometheus: true` belongs to it. Its login is open to the internet; who may use it is said in the console.
   * @default none: dashboards are in CloudWatch
   * @change safe; switching it off deletes what people have made in it, where data is not guarded
   */
  readonly grafana?: ManagedGrafanaArgs;
}

export interface ManagedGrafanaArgs {
  /**
   * Who knows the people that log in: IAM Identity Center (`sso`), or an identity provider of your own (`saml`).
   * @change replace; the workspace, with what people have made in it
   */
  readonly authentication: "sso" | "saml";
}

const percent: Check = (value, at) =>
  typeof value === "number" && value >= 0 && value <= 100 ? [] : [{ path: at, value, rule: "0 to 100 percent", fix: "e.g. 5" }];

const rules: Rules<ObservabilityAwsArgs> = {
  prometheus: flag,
  tracedPercent: percent,
  grafana: shape<ManagedGrafanaArgs>({ authentication: oneOf(["sso", "saml"]) }, ["authentication"]),
};
const wellFormed = shape(rules);

export const observabilityAwsCheck: Check = (value, at) => {
  const found = wellFormed(value, at);
  if (found.length > 0) return found;
  const { grafana, prometheus } = value as ObservabilityAwsArgs;
  if (grafana === undefined || prometheus === true) return [];
  const rule = "only with prometheus: true: its dashboards ask that workspace";
  return [{ path: `${at}.grafana`, value: grafana, rule, fix: "add prometheus: true, or remove it" }];
};
