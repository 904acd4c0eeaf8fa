import type { Observed } from "../../../../src/core/observed.ts";
import type { Section } from "../model.ts";
import { quoted } from "../promql.ts";

/** The server has no figures for Prometheus; how loud its log is, is all that can be drawn. */
export const messageQueueSections = (it: Observed): readonly Section[] => [
  {
    title: "Log",
    panels: [
      {
        type: "loggraph",
        title: "Lines",
        unit: "cps",
        queries: [{ expr: `sum(rate({service_name=${quoted(it.name)}} [$__auto]))`, legend: "lines" }],
      },
      {
        type: "loggraph",
        title: "Errors",
        unit: "cps",
        queries: [{ expr: `sum(rate({service_name=${quoted(it.name)}} |~ "ERROR|WARN" [$__auto]))`, legend: "errors" }],
      },
    ],
  },
];
