import type * as pulumi from "@pulumi/pulumi";
import type { Observed } from "../../../src/core/observed.ts";
import type { AlarmSeverity } from "../../../src/platforms/aws/alarm-topics.ts";
import { figureAlarm } from "../../../src/platforms/aws/alarms.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import { type Translated, translated } from "../catalogue/cloudwatch/index.ts";
import type { Formula, Places } from "../catalogue/cloudwatch/model.ts";
import type { Alert } from "../catalogue/model.ts";

export interface PlannedAlarm {
  /** `<stack>-<component>-<alert>`, with what the alert is about behind it. */
  readonly part: string;
  readonly alert: Alert;
  readonly formula: Formula;
}

/** All alarms about one component that the catalogue has on AWS. Pure. */
export const alarmsAbout = (it: Observed, places: Places): readonly PlannedAlarm[] =>
  translated(it, places).flatMap((one) => plannedOf(places.stack, one));

function plannedOf(stack: string, { alert, onAws }: Translated): PlannedAlarm[] {
  if (!("alarms" in onAws)) return [];
  const about = Object.values(alert.about ?? {});
  return onAws.alarms.map((formula) => ({
    part: [stack, ...(alert.component === stack ? [] : [alert.component]), kebab(alert.name), ...about, ...(formula.key ? [formula.key] : [])].join(
      "-",
    ),
    alert,
    formula,
  }));
}

const kebab = (name: string) => name.replace(/(?<=[a-z0-9])[A-Z]/g, (capital) => `-${capital}`).toLowerCase();

/** Alarms that somebody is told of. What is `info` is only shown, unless a receiver wants it: an alarm of its own would call nobody. */
export const toldAlarms = (planned: readonly PlannedAlarm[], infoIsTold: boolean): readonly PlannedAlarm[] =>
  planned.filter(({ alert }) => infoIsTold || severityOf(alert) !== "info");

export function makeAlarms(context: AwsContext, component: pulumi.Resource, stack: string, planned: readonly PlannedAlarm[]): void {
  for (const { part, alert, formula } of planned) {
    const { key: _, ...rest } = formula;
    figureAlarm(context, component, part, { ...rest, component: stack, severity: severityOf(alert), description: descriptionOf(alert) });
  }
}

const severityOf = ({ severity }: Alert): AlarmSeverity => (severity === "none" ? "info" : severity);

/** CloudWatch takes 1024 characters, and fills in nothing. */
const descriptionOf = ({ severity, summary, meaning, runbook }: Alert): string =>
  `${severity}: ${summary.replace(/\{\{.*?\}\}/g, "data")}. ${meaning} ${runbook}`.slice(0, 1024);
