import type { Alert } from "../../components/observability-stack/catalogue/index.ts";
import { type AlertCase, alertCases, type Series } from "./alert-cases.ts";

interface PromtoolTest {
  readonly name: string;
  readonly interval: "1m";
  readonly input_series: readonly { readonly series: string; readonly values: string }[];
  readonly promql_expr_test: readonly {
    readonly expr: string;
    readonly eval_time: string;
    readonly exp_samples: readonly { readonly labels: string; readonly value: number }[];
  }[];
}

/** How many series of these alerts fire: ALERTS is what Prometheus writes when it evaluates them. */
const firing = (matchers: string) => `count(ALERTS{${matchers},alertstate="firing"}) or vector(0)`;

function asked(name: string, series: Series, minutes: number, expectations: Readonly<Record<string, number>>): PromtoolTest {
  return {
    name,
    interval: "1m",
    input_series: Object.entries(series).map(([each, values]) => ({ series: each, values })),
    promql_expr_test: Object.entries(expectations).map(([matchers, value]) => ({
      expr: firing(matchers),
      eval_time: `${minutes}m`,
      exp_samples: [{ labels: "{}", value }],
    })),
  };
}

/** Files for `promtool test rules`, each beside the rules that it tests. */
const file = (rulesFile: string, tests: readonly PromtoolTest[]) => JSON.stringify({ rule_files: [rulesFile], evaluation_interval: "1m", tests });

/** Each alert about a component fires when it should, and not when it should not. */
export function casesOf(component: string, rulesFile: string): string {
  const cases = Object.entries(alertCases).filter(([, one]) => one.component === component);
  const both = cases.flatMap(([name, { fires, quiet, minutes = 30 }]: [string, AlertCase]) => {
    const which = `alertname="${name}",component="${component}"`;
    return [asked(`${name} fires`, fires, minutes, { [which]: 1 }), asked(`${name} is quiet`, quiet, minutes, { [which]: 0 })];
  });
  return file(rulesFile, both);
}

/** Where there are no figures at all, that is all that is said. */
export function silence(rulesFile: string, alerts: readonly Alert[]): string {
  const unseen = alerts.filter(({ name }) => name === "ComponentUnseen").length;
  const expectations = { 'alertname="Watchdog"': 1, 'alertname="ComponentUnseen"': unseen, 'alertname!~"Watchdog|ComponentUnseen"': 0 };
  return file(rulesFile, [asked("nothing is there", {}, 60, expectations)]);
}
