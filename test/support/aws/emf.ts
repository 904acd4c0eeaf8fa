import type { Plan } from "../../../src/preview/plan.ts";
import type { AskedFigure, Source } from "./metrics.ts";
import { tasksOf } from "./tasks.ts";

interface Relabeling {
  readonly target_label?: string;
  readonly replacement?: string;
}

interface CollectorConfig {
  readonly receivers?: {
    readonly prometheus?: {
      readonly config: {
        readonly scrape_configs: readonly {
          readonly relabel_configs?: readonly Relabeling[];
          readonly dns_sd_configs?: readonly { readonly names: readonly string[] }[];
          readonly metric_relabel_configs?: readonly Relabeling[];
        }[];
      };
    };
  };
  readonly processors?: Readonly<Record<string, { readonly metrics?: { readonly include?: { readonly metric_names: readonly string[] } } }>>;
  readonly exporters?: {
    readonly awsemf?: {
      readonly namespace: string;
      readonly metric_declarations: readonly {
        readonly dimensions: readonly (readonly string[])[];
        readonly metric_name_selectors: readonly string[];
      }[];
    };
  };
}

/** Configurations of collectors that tasks of the plan get, with the component that a scrape marks its figures with. */
export function collectorConfigs(plan: Plan): CollectorConfig[] {
  return tasksOf(plan).flatMap(({ containers }) =>
    containers.flatMap(({ environment }) =>
      environment.flatMap(({ name, value }) => (name.startsWith("GROUNDPLAN_FILE_") && value.includes('"awsemf"') ? [JSON.parse(value)] : [])),
    ),
  );
}

/** Labels that the programs themselves give, whose values the plan must have: of names that it declares. */
const declaredNames = ["stream_name", "consumer_name", "datname", "namespace"];
/** Labels with values that are those of the program. */
const fixedValues: Readonly<Record<string, RegExp>> = {
  // Source: process-message.ts of the bridge.
  outcome: /^(started|known|retried|dead|unroutable)$/,
  // Source: plugin status of OPA.
  status: /^(OK|NOT_READY|ERROR|WARN)$/,
  // Source: service and operation names of the Temporal server.
  service_name: /^(frontend|history|matching|worker)$/,
  operation: /^[A-Z][A-Za-z]+$/,
};

/** What a declaration of the embedded metric format turns into a figure: metric, set of dimensions, and who is asked. */
export const collectorFigures = (plan: Plan): Source => {
  const all = collectorConfigs(plan);
  return (figure) => {
    const own = all.filter(({ exporters }) => exporters?.awsemf?.namespace === figure.namespace);
    if (own.length === 0) return undefined;
    const findings = own.map((config) => missingIn(plan, config, figure));
    return findings.includes("") ? "" : findings.at(-1);
  };
};

function missingIn(plan: Plan, { receivers, processors, exporters }: CollectorConfig, { metric, dimensions }: AskedFigure): string {
  const passed = Object.values(processors ?? {}).flatMap(({ metrics }) => (metrics?.include ? [metrics.include.metric_names] : []));
  if (passed.some((names) => !names.includes(metric))) return "a filter takes the figure out";
  const wanted = Object.keys(dimensions).toSorted().join();
  // The first declaration whose selector fits is not the only one: each adds its sets.
  const sets = (exporters?.awsemf?.metric_declarations ?? [])
    .filter(({ metric_name_selectors }) => metric_name_selectors.some((selector) => new RegExp(selector).test(metric)))
    .flatMap((declaration) => declaration.dimensions);
  if (!sets.some((set) => [...set].toSorted().join() === wanted)) return "no declaration has the metric with these dimensions";
  const jobs = receivers?.prometheus?.config.scrape_configs ?? [];
  const { component, ...labels } = dimensions;
  const asked = jobs.filter(({ relabel_configs = [] }) =>
    relabel_configs.some(({ target_label, replacement }) => target_label === "component" && replacement === component),
  );
  if (asked.length === 0) return `no scrape marks its figures with component ${component}`;
  const given = asked.flatMap(({ metric_relabel_configs = [] }) => metric_relabel_configs);
  const strange = Object.entries(labels).find(([label, value]) => !isGiven(plan, given, label, value));
  return strange ? `nothing gives the label ${strange.join("=")}` : "";
}

function isGiven(plan: Plan, given: readonly Relabeling[], label: string, value: string): boolean {
  if (fixedValues[label]?.test(value)) return true;
  if (declaredNames.includes(label)) {
    // Files of jobs and nodes: what makes the thing with this name.
    return plan.resources.some(({ type, inputs }) => !type.includes("cloudwatch") && new RegExp(`\\b${value}\\b`).test(JSON.stringify(inputs)));
  }
  return given.some(
    ({ target_label, replacement = "" }) => target_label === label && new RegExp(`^${replacement.replace(/\$+\d/g, ".+")}$`).test(value),
  );
}
