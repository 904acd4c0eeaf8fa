import { filesFolder as folder, tableContainer, tableServer } from "../../src/core/parts.ts";
import { http } from "../../src/core/probe.ts";
import { secretRef, text } from "../../src/core/text.ts";
import type { FileSpec, WorkloadSpec } from "../../src/core/workload.ts";
import { dashboards, datasources } from "./catalogue/index.ts";
import { goEnv, partsOf, portNumbers, type StackModel, traceStore, yamlOf } from "./part.ts";

/** Credentials of Grafana: who administers it, and what it encrypts its own secrets with. */
export const grafanaSecrets = { admin: "admin", encryption: "encryption" } as const;
export const administrator = "admin";

const adminPassword: FileSpec = { path: `${folder}/admin-password`, content: text`${secretRef(grafanaSecrets.admin)}` };

/** Data sources that dashboards and links name by their uid; a line of a log leads to its trace, and back. */
function datasourcesConfig(model: StackModel): string {
  const { prometheus, loki } = partsOf(model.name);
  const store = traceStore(model);
  const traces = model.traces === "jaeger" ? "groundplan-jaeger" : datasources.tempo;
  const common = { access: "proxy", editable: false, version: 1 };
  const links = store
    ? {
        exemplarTraceIdDestinations: [{ name: "trace_id", datasourceUid: traces }],
        // Provisioning expands variables, so a dollar is written twice.
        derivedFields: [{ name: "trace", matcherType: "label", matcherRegex: "trace_id", datasourceUid: traces, url: "$${__value.raw}" }],
      }
    : { exemplarTraceIdDestinations: [], derivedFields: [] };
  return yamlOf({
    apiVersion: 1,
    prune: true,
    datasources: [
      {
        ...common,
        name: "Prometheus",
        uid: datasources.prometheus,
        type: "prometheus",
        url: `http://${prometheus}:${portNumbers.prometheus}`,
        isDefault: true,
        jsonData: {
          httpMethod: "POST",
          timeInterval: `${model.scrapeSeconds}s`,
          prometheusType: "Prometheus",
          exemplarTraceIdDestinations: links.exemplarTraceIdDestinations,
        },
      },
      {
        ...common,
        name: "Loki",
        uid: datasources.loki,
        type: "loki",
        url: `http://${loki}:${portNumbers.loki}`,
        jsonData: { derivedFields: links.derivedFields },
      },
      ...(store
        ? [
            {
              ...common,
              name: model.traces === "jaeger" ? "Jaeger" : "Tempo",
              uid: traces,
              type: model.traces,
              url: `http://${store.workload}:${store.query}`,
              jsonData: {
                tracesToLogsV2: {
                  datasourceUid: datasources.loki,
                  spanStartTimeShift: "-5m",
                  spanEndTimeShift: "5m",
                  tags: [{ key: "service.name", value: "service_name" }],
                  filterByTraceID: true,
                  filterBySpanID: false,
                },
                tracesToMetrics: { datasourceUid: datasources.prometheus, tags: [{ key: "service.name", value: "job" }] },
                nodeGraph: { enabled: true },
              },
            },
          ]
        : []),
    ],
  });
}

const providersConfig = yamlOf({
  apiVersion: 1,
  providers: [
    {
      name: "groundplan",
      folder: "groundplan",
      type: "file",
      disableDeletion: true,
      allowUiUpdates: false,
      options: { path: `${folder}/dashboards`, foldersFromFilesStructure: false },
    },
  ],
});

/**
 * The password of the administrator is taken when the data is made; one that came later, because it was lost or rotated, is
 * set before the server starts. What the data knows is remembered beside it, as a fingerprint.
 */
const startScript = `set -eu
known=/var/lib/grafana/admin.sha256
given=$(sha256sum ${adminPassword.path})
given=\${given%% *}
if [ -s /var/lib/grafana/grafana.db ] && [ "$(cat "$known" 2>/dev/null || true)" != "$given" ]; then
  grafana cli --homepath /usr/share/grafana admin reset-admin-password --password-from-stdin <${adminPassword.path} >/dev/null
  echo "the password of the administrator is set anew"
fi
printf '%s\\n' "$given" >"$known"
exec /run.sh
`;

export function grafana(model: StackModel): WorkloadSpec {
  const { name, profile, sizes } = model;
  const { prometheus, loki } = partsOf(name);
  const resources = sizes.resources.dashboards;
  const store = traceStore(model);
  return {
    ...tableContainer("grafana", resources),
    ...tableServer("grafana"),
    name: partsOf(name).grafana,
    replicas: 1,
    identity: "any",
    env: {
      ...goEnv(resources.memoryMiB),
      GF_PATHS_PROVISIONING: `${folder}/provisioning`,
      GF_LOG_MODE: "console",
      GF_LOG_LEVEL: "warn",
      GF_SECURITY_ADMIN_USER: administrator,
      GF_SECURITY_ADMIN_PASSWORD__FILE: adminPassword.path,
      GF_SECURITY_SECRET_KEY__FILE: `${folder}/encryption-key`,
      GF_SECURITY_DISABLE_GRAVATAR: "true",
      GF_USERS_ALLOW_SIGN_UP: "false",
      GF_AUTH_ANONYMOUS_ENABLED: "false",
      GF_SNAPSHOTS_EXTERNAL_ENABLED: "false",
      // It takes memory for each request, and who asks is near.
      GF_SERVER_ENABLE_GZIP: "false",
      // It has no way out, and asks for none. Its data sources come with the image, in a root that it could not update.
      GF_ANALYTICS_REPORTING_ENABLED: "false",
      GF_ANALYTICS_CHECK_FOR_UPDATES: "false",
      GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: "false",
      GF_ANALYTICS_FEEDBACK_LINKS_ENABLED: "false",
      GF_NEWS_NEWS_FEED_ENABLED: "false",
      GF_PLUGINS_PREINSTALL_DISABLED: "true",
      GF_PLUGINS_PLUGIN_ADMIN_ENABLED: "false",
    },
    entrypoint: ["sh", `${folder}/start.sh`],
    files: [
      { path: `${folder}/start.sh`, content: startScript },
      adminPassword,
      { path: `${folder}/encryption-key`, content: text`${secretRef(grafanaSecrets.encryption)}` },
      { path: `${folder}/provisioning/datasources/datasources.yaml`, content: datasourcesConfig(model) },
      { path: `${folder}/provisioning/dashboards/providers.yaml`, content: providersConfig },
      ...dashboardFiles(model),
    ],
    volumes: [{ name: "data", path: "/var/lib/grafana", storageGiB: 1, format: "grafana-sqlite" }],
    ports: { http: { port: portNumbers.grafana, protocol: "http", published: profile.publishData } },
    probe: http("/api/health", { startSeconds: 90 }),
    reaches: [{ workload: prometheus, port: "http" }, { workload: loki, port: "http" }, ...(store ? [store.http] : [])],
  };
}

/** The dashboards of a stack, wherever its Grafana is. */
export const dashboardsOf = ({ name, observes, traces, mesh }: StackModel) => dashboards(observes, { selfName: name, traces, mesh });

const dashboardFiles = (model: StackModel): FileSpec[] =>
  dashboardsOf(model).map(({ file, json }) => ({ path: `${folder}/dashboards/${file}`, content: json }));
