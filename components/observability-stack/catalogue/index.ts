export { alertsOf } from "./alerts.ts";
export { dashboards } from "./dashboards.ts";
export { datasources } from "./datasources.ts";
export { meshJob, meshObserved } from "./kinds/mesh.ts";
export { selfObserved } from "./kinds/telemetry.ts";
export type { Alert } from "./model.ts";
export { endpointsOf, isProbed } from "./promql.ts";
export { ruleGroups, rulesFile } from "./rules-file.ts";
