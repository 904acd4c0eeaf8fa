import type { Observed } from "../../../src/core/observed.ts";
import { backupAlert, commonAlerts } from "./common.ts";
import { kindOf } from "./kinds.ts";
import type { Alert, AlertRule } from "./model.ts";

/** File that says what each alert means; docs/alerts.ts writes it. */
const runbooks = "docs/alerts.md";

/** Every alert about these components, as data. */
export const alertsOf = (observed: readonly Observed[]): readonly Alert[] => observed.flatMap(alertsAbout);

export function alertsAbout(it: Observed): readonly Alert[] {
  const kind = kindOf(it);
  const rules: readonly AlertRule[] = [...commonAlerts(it), ...kind.alerts(it), ...(kind.keepsData ? [backupAlert(it)] : [])];
  return rules.map((rule) => ({ ...rule, component: it.name, kind: it.kind, runbook: `${runbooks}#${rule.name.toLowerCase()}` }));
}
