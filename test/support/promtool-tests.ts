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

/** Minutes between two evaluations: half of the shortest `for`, so that half of it is seen, too. */
const step = 0.5;

interface Question {
  readonly minute: number;
  /** Matchers of alerts, and how many of them fire. */
  readonly expect: Readonly<Record<string, number>>;
}

function asked(name: string, series: Series, questions: readonly Question[]): PromtoolTest {
  return {
    name,
    interval: "1m",
    input_series: Object.entries(series).map(([each, values]) => ({ series: each, values })),
    promql_expr_test: questions.flatMap(({ minute, expect }) =>
      Object.entries(expect).map(([matchers, value]) => ({
        expr: firing(matchers),
        eval_time: `${minute * 60}s`,
        exp_samples: [{ labels: "{}", value }],
      })),
    ),
  };
}

/** Files for `promtool test rules`, each beside the rules that it tests. */
const file = (rulesFile: string, tests: readonly PromtoolTest[]) =>
  JSON.stringify({ rule_files: [rulesFile], evaluation_interval: `${step * 60}s`, tests });

/** Each alert about a component fires when it should, not a moment earlier, and not when it should not. */
export function casesOf(component: string, rulesFile: string): string {
  const cases = Object.entries(alertCases).filter(([, one]) => one.component === component);
  const both = cases.flatMap(([name, { alert = name, fires, quiet, after, minutes = 30 }]: [string, AlertCase]) => {
    const at = (minute: number, count: number): Question => ({ minute, expect: { [`alertname="${alert}",component="${component}"`]: count } });
    const before = after > 0 ? [at(after - step, 0)] : [];
    return [asked(`${name} fires`, fires, [...before, at(after, 1), at(minutes, 1)]), asked(`${name} is quiet`, quiet, [at(minutes, 0)])];
  });
  return file(rulesFile, both);
}

/** Where there are no figures at all, that is all that is said. */
export function silence(rulesFile: string, alerts: readonly Alert[]): string {
  const unseen = alerts.filter(({ name }) => ["ComponentUnseen", "MeshUnseen"].includes(name)).length;
  const says = "ComponentUnseen|MeshUnseen";
  const expect = { 'alertname="Watchdog"': 1, [`alertname=~"${says}"`]: unseen, [`alertname!~"Watchdog|${says}"`]: 0 };
  return file(rulesFile, [asked("nothing is there", {}, [{ minute: 60, expect }])]);
}
