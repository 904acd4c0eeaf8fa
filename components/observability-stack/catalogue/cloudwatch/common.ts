import type { Observed } from "../../../../src/core/observed.ts";
import { partsOf } from "../../part.ts";
import { endpointsOf, isProbed } from "../index.ts";
import { selfKind } from "../kinds/telemetry.ts";
import { absent, formula, none, ofService, scraped } from "./formula.ts";
import type { OnAws, Translations } from "./model.ts";

/** Workloads of a component that run as services. */
export function servicesOf(it: Observed): readonly { readonly workload: string }[] {
  const { collector, scraper } = partsOf(it.name);
  if (it.kind === selfKind) return [collector, scraper].map((workload) => ({ workload }));
  if (it.exporter) return [];
  if (it.kind === "MessageQueue" || it.kind === "ServiceMeshGateway") return [];
  const endpoints = endpointsOf(it).map(({ from }) => ({ workload: from.summary.workload }));
  return endpoints.length > 0 ? endpoints : [{ workload: it.health?.from.summary.workload ?? it.name }];
}

const byAws = (what: string): OnAws => ({ none: `${what} is run by AWS: it has no process of the stack that could be down` });

export const commonTranslations: Translations = {
  ComponentDown: (alert, it, places) => {
    if (it.exporter)
      return { existing: [`${partsOf(places.stack).exporter(it.name)}-tasks`], coarser: "after ten minutes, by the tasks of the exporter" };
    const services = servicesOf(it);
    if (services.length === 0) return byAws(it.kind === "MessageQueue" ? "a queue" : "a load balancer");
    const down = (workload: string) =>
      formula(
        alert,
        { running: ofService(places, workload, "RunningTaskCount", "Maximum") },
        // Container Insights tells a minute late, and of a service without tasks nothing at all.
        { ...(services.length > 1 ? { key: workload } : {}), when: "<", threshold: 1, periodSeconds: 60, periods: 3, missing: "breaching" },
      );
    return {
      alarms: services.map(({ workload }) => down(workload)),
      coarser: "counts tasks, not answers: ECS itself replaces a task that is not healthy",
    };
  },
  ComponentUnseen: (alert, it, places) => (isAsked(it) ? { alarms: [absent(alert, scraped(places, it)("up", "SampleCount"))] } : unasked),
  ScrapesFail: (alert, it, places) => {
    if (!isAsked(it)) return unasked;
    const figures = { up: scraped(places, it)("up", "Minimum") };
    return {
      alarms: [formula(alert, figures, { when: "<", threshold: 1, periodSeconds: 60, periods: 15, datapoints: 4 })],
      coarser: "counts minutes with a scrape that failed, not changes",
    };
  },
  ReplicasMissing: (_, it) => {
    const services = servicesOf(it);
    return services.length === 0
      ? byAws(it.kind === "MessageQueue" ? "a queue" : "a load balancer")
      : { existing: services.map(({ workload }) => `${workload}-tasks`), coarser: "after ten minutes" };
  },
  BackupTooOld: none(
    "nothing reports backups as a figure: RDS and ElastiCache make them and tell of one that failed as an event, volumes of nodes are copied by AWS Backup",
  ),
};

const unasked: OnAws = { none: "nobody scrapes it on AWS: its tasks or the service of AWS behind it are watched instead" };

/** Whether the scraper asks for figures of it, itself or by an exporter. */
const isAsked = (it: Observed) => it.exporter !== undefined || (!isProbed(it) && servicesOf(it).length > 0);
