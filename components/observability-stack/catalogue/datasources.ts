/** Uids under which Grafana gets its data sources; dashboards name no others. */
export const datasources = {
  prometheus: "groundplan-prometheus",
  loki: "groundplan-loki",
  tempo: "groundplan-tempo",
} as const;

export type Datasource = keyof typeof datasources;
