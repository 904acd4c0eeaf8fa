import { meshJob } from "./catalogue/index.ts";
import { type StackModel, tlsOf } from "./part.ts";
import { scrapeJobs, type Target } from "./targets.ts";

/** `scrape_configs` of Prometheus. Targets that are looked up want settings of their own, so a job of several sorts is several configs. */
export const scrapeConfigs = (model: StackModel): object[] => [
  ...Object.entries(scrapeJobs(model)).flatMap(([job, targets]) => {
    const { mesh } = model;
    const common = {
      // Some servers say nothing about the type of what they answer.
      fallback_scrape_protocol: "PrometheusText0.0.4",
      ...(mesh && !targets.some(({ self }) => self) ? { scheme: "https", tls_config: tlsOf(mesh) } : {}),
    };
    const written = targets.flatMap(writtenDown);
    const found = targets.flatMap((target) => lookedUp(target));
    const configs = [...(written.length > 0 ? [{ static_configs: written }] : []), ...found];
    // Prometheus wants each config to have a name of its own; the label stays that of the component.
    return configs.map((config, index) => ({
      job_name: index === 0 ? job : `${job}#${index}`,
      ...common,
      ...config,
      ...(index === 0 ? {} : { relabel_configs: [...("relabel_configs" in config ? config.relabel_configs : []), jobLabel(job)] }),
    }));
  }),
  ...meshConfigs(model),
];

/** What sidecars know of the calls between services; they answer in plain text, on a port that takes nothing else. */
function meshConfigs({ name, mesh }: StackModel): object[] {
  if (!mesh || mesh.sidecars.length === 0) return [];
  return [
    {
      job_name: meshJob(name),
      metrics_path: "/stats/prometheus",
      dns_sd_configs: [{ names: mesh.sidecars, type: "A", port: sidecarPort }],
      relabel_configs: [{ source_labels: ["__address__"], regex: "(.+):\\d+", target_label: "instance", replacement: "$1" }],
      // The rest is about the sidecar itself, and is much.
      metric_relabel_configs: [{ source_labels: ["__name__"], regex: "istio_.+|envoy_cluster_outlier_detection_ejections_active", action: "keep" }],
    },
  ];
}

/** Port of a sidecar with its figures. */
export const sidecarPort = 15_090;

/** Hosts that are known, each with the name that stays. */
function writtenDown({ path, port, where, through }: Target): object[] {
  if (!("hosts" in where)) return [];
  return Object.entries(where.hosts).map(([host, instance]) => ({
    targets: [through?.address ?? `${host}:${port}`],
    labels: {
      instance,
      __metrics_path__: path,
      ...(through ? { __param_module: through.module, __param_target: through.at(host) } : {}),
    },
  }));
}

/** All that a name leads to now. The address without its port is what tells them apart. */
function lookedUp({ path, port, where, through }: Target): { relabel_configs: object[] }[] {
  if (!("lookup" in where)) return [];
  const host = { source_labels: ["__address__"], regex: "(.+):\\d+" };
  return [
    {
      ...{ metrics_path: path, dns_sd_configs: [{ names: [where.lookup], type: "A", port }] },
      ...(through ? { params: { module: [through.module] } } : {}),
      relabel_configs: [
        { ...host, target_label: "instance", replacement: "$1" },
        ...(through
          ? [
              { ...host, target_label: "__param_target", replacement: through.at("$1") },
              { target_label: "__address__", replacement: through.address },
            ]
          : []),
      ],
    },
  ];
}

const jobLabel = (job: string) => ({ target_label: "job", replacement: job });
