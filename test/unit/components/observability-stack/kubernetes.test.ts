import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { observabilityOnKubernetes } from "../../../../components/observability-stack/kubernetes/index.ts";
import type { SystemSpec } from "../../../../src/core/system.ts";
import { type Manifest, objectsOf } from "../../../../src/preview/kubernetes.ts";
import type { Plan } from "../../../../src/preview/plan.ts";
import { podTemplates } from "../../../support/kubernetes/pods.ts";
import { danglingReferences } from "../../../support/kubernetes/references.ts";
import { restrictedViolations } from "../../../support/kubernetes/restricted.ts";
import { schemaErrors } from "../../../support/kubernetes/schema.ts";
import { watchedOn } from "../../../support/recorded.ts";
import { settingsOf } from "../../../support/settings.ts";
import { fileOf, stackSpec } from "../../../support/telemetry.ts";

const kubernetes = { context: "nowhere", storageClass: "standard" };
const settings = (more: object = {}) => settingsOf({ target: "kubernetes", profile: "staging", kubernetes: { ...kubernetes, ...more } });
const meshed = { mesh: { mode: "sidecar", install: false, controlPlane: "control" } };
const shaped = (more: object = {}, args: object = {}): SystemSpec =>
  observabilityOnKubernetes.shape?.(stackSpec(args), settings(more)) ?? expect.unreachable();

interface Scrape {
  readonly job_name: string;
  readonly scheme?: string;
  readonly tls_config?: object;
  readonly metrics_path?: string;
  readonly static_configs?: readonly { readonly targets: readonly string[]; readonly labels: Readonly<Record<string, string>> }[];
  readonly dns_sd_configs?: readonly object[];
  readonly relabel_configs?: readonly object[];
}
const prometheusOf = (spec: SystemSpec) =>
  parse(fileOf(spec, "telemetry-prometheus", "prometheus.yaml")) as { scrape_configs: Scrape[]; alerting: { alertmanagers: Scrape[] } };
const scrape = (spec: SystemSpec, job: string) => prometheusOf(spec).scrape_configs.find(({ job_name }) => job_name === job);

describe("what is scraped in a cluster", () => {
  test("replicas that are alike have no names: all that the name of the nodes leads to, at their own addresses", () => {
    expect(scrape(shaped(), "api")).toEqual({
      job_name: "api",
      fallback_scrape_protocol: "PrometheusText0.0.4",
      metrics_path: "/figures",
      dns_sd_configs: [{ names: ["api-nodes"], type: "A", port: 5432 }],
      relabel_configs: [{ source_labels: ["__address__"], regex: "(.+):\\d+", target_label: "instance", replacement: "$1" }],
    });
  });

  test("the health of such replicas is asked one by one through the exporter", () => {
    expect(scrape(shaped(), "worker")).toMatchObject({
      metrics_path: "/probe",
      params: { module: ["tcp"] },
      dns_sd_configs: [{ names: ["worker-nodes"], type: "A", port: 5432 }],
      relabel_configs: [
        { target_label: "instance", replacement: "$1" },
        { source_labels: ["__address__"], target_label: "__param_target", replacement: "$1:5432" },
        { target_label: "__address__", replacement: "telemetry-blackbox:9115" },
      ],
    });
  });

  test("one replica has the name of its Service, and members of a quorum have their own", () => {
    expect(scrape(shaped(), "db")?.static_configs).toEqual([
      { targets: ["telemetry-exporter-db:9187"], labels: { instance: "db", __metrics_path__: "/metrics" } },
    ]);
    const nodes = shaped().workloads.find(({ name }) => name === "telemetry-exporter-bus")?.command;
    expect(nodes?.filter((part) => part.includes("http"))).toEqual([
      "bus-0,http://bus-0.bus-nodes:5432",
      "bus-1,http://bus-1.bus-nodes:5432",
      "bus-2,http://bus-2.bus-nodes:5432",
    ]);
  });

  test("one that may become several is looked up from the beginning", () => {
    const api = { observed: { kind: "AppService", name: "api", replicas: 1, grows: true, metrics: metricsOf("api"), facts: {} } };
    expect(scrape(shaped({}, { observes: [api] }), "api")?.dns_sd_configs).toEqual([{ names: ["api-nodes"], type: "A", port: 5432 }]);
  });

  test("a component of several workloads is one job, each with its own number of replicas", () => {
    const also = [{ from: metricsOf("temporal-history").from, path: "/metrics", replicas: 3 }];
    const temporal = {
      observed: { kind: "TemporalServer", name: "temporal", replicas: 1, metrics: metricsOf("temporal"), also, facts: { namespaces: [] } },
    };
    const spec = shaped({}, { observes: [temporal] });
    const jobs = prometheusOf(spec).scrape_configs.filter(({ job_name }) => job_name.startsWith("temporal"));
    expect(jobs.map(({ job_name }) => job_name)).toEqual(["temporal", "temporal#1"]);
    expect(jobs[1]).toMatchObject({
      dns_sd_configs: [{ names: ["temporal-history-nodes"], type: "A", port: 5432 }],
      relabel_configs: [{ target_label: "instance" }, { target_label: "job", replacement: "temporal" }],
    });
    expect(fileOf(spec, "telemetry-prometheus", "rules.yaml")).toContain('sum by (job) (up{job=\\"temporal\\"}) < 4');
    expect(spec.digest.reaches["telemetry-prometheus"]).toEqual(expect.arrayContaining(["temporal:5432", "temporal-history:5432"]));
  });

  test("nothing listens for the daemon of a machine", () => {
    expect(shaped().workloads[0]?.ports).not.toHaveProperty("fluent");
    expect(shaped().collectsLogs).toBeUndefined();
    expect(fileOf(shaped(), "telemetry-collector", "collector.yaml")).not.toContain("fluent");
  });
});

describe("in a mesh", () => {
  const tls = {
    ca_file: "/etc/mesh-certificates/root-cert.pem",
    cert_file: "/etc/mesh-certificates/cert-chain.pem",
    key_file: "/etc/mesh-certificates/key.pem",
    insecure_skip_verify: true,
  };

  test("Prometheus asks with its own identity, past its sidecar, and itself in plain text", () => {
    const { scrape_configs, alerting } = prometheusOf(shaped(meshed));
    const plain = scrape_configs.filter(({ scheme }) => scheme !== "https").map(({ job_name }) => job_name);
    expect(plain).toEqual(["telemetry-prometheus", "mesh-of-telemetry"]);
    for (const config of [...scrape_configs.filter(({ scheme }) => scheme === "https"), ...alerting.alertmanagers]) {
      expect(config).toMatchObject({ scheme: "https", tls_config: tls });
    }
    const prometheus = shaped(meshed).workloads.find(({ name }) => name === "telemetry-prometheus");
    expect(prometheus?.scratch).toEqual(["/tmp", "/etc/mesh-certificates"]);
    expect(prometheus?.annotations).toEqual({
      "proxy.istio.io/config": "proxyMetadata:\n  OUTPUT_CERTS: /etc/mesh-certificates\n",
      "sidecar.istio.io/userVolumeMount": '[{"name":"groundplan-scratch-1","mountPath":"/etc/mesh-certificates"}]',
      "traffic.sidecar.istio.io/includeOutboundIPRanges": "",
    });
  });

  test("so does the exporter that asks for health", () => {
    const config = JSON.parse(fileOf(shaped(meshed), "telemetry-blackbox", "blackbox.yaml")) as { modules: Record<string, Record<string, object>> };
    expect(config.modules.http?.http).toMatchObject({ tls_config: tls });
    expect(config.modules.tcp?.tcp).toMatchObject({ tls: true, tls_config: tls });
    const [queue] = scrape(shaped(meshed), "queue")?.static_configs ?? [];
    expect(queue?.labels).toMatchObject({ __param_target: "https://queue:5432/well?a=b" });
  });

  test("sidecars tell what goes through it, and there are rules and a dashboard of that; without a mesh there are none", () => {
    expect(scrape(shaped(meshed), "mesh-of-telemetry")).toMatchObject({
      metrics_path: "/stats/prometheus",
      dns_sd_configs: [{ type: "A", port: 15_090, names: expect.arrayContaining(["telemetry-mesh-api", "telemetry-mesh-db"]) }],
    });
    expect(fileOf(shaped(meshed), "telemetry-prometheus", "rules.yaml")).toContain("MeshPlainText");
    expect(fileOf(shaped(meshed), "telemetry-grafana", "component-mesh-of-telemetry.json")).toContain("Who calls whom");
    const files = shaped().workloads.flatMap((workload) =>
      workload.files.map(({ path }) => fileOf(shaped(), workload.name, path.split("/").at(-1) ?? "")),
    );
    expect(files.filter((content) => /mesh-of|MeshUnseen|istio|mesh-certificates/.test(content))).toHaveLength(0);
    expect(shaped().workloads.filter(({ annotations }) => annotations)).toEqual([]);
  });

  test("a Prometheus without an identity is refused", () => {
    const spec = shaped(meshed, { monitors: { namespace: "monitoring" } });
    expect(observabilityOnKubernetes.problems?.(spec, settings(meshed))).toMatchObject([{ component: "telemetry", path: "monitors" }]);
    expect(observabilityOnKubernetes.problems?.(shaped({}, { monitors: { namespace: "monitoring" } }), settings())).toEqual([]);
  });
});

test("the namespace of the agents must have a name that fits", () => {
  const long = { namespace: "n".repeat(60) };
  expect(observabilityOnKubernetes.problems?.(shaped(), settings(long))).toMatchObject([
    { path: "kubernetes.namespace", value: `${"n".repeat(60)}-logs` },
  ]);
});

describe.each([
  ["without a mesh", {}, { monitors: { namespace: "monitoring", labels: { release: "prometheus" } } }],
  ["in a mesh", meshed, {}],
])("the objects %s", (_, more, telemetry) => {
  let plan: Plan;
  let objects: readonly Manifest[];
  const find = (kind: string, name: string, namespace = "groundplan-staging") =>
    objects.find((o) => o.kind === kind && o.metadata.name === name && o.metadata.namespace === namespace);
  const specOf = <T>(...named: Parameters<typeof find>): T => {
    const found = find(...named);
    if (!found) throw new Error(`no ${named.join(" ")}`);
    return found.spec as T;
  };

  beforeAll(async () => {
    plan = await watchedOn("kubernetes", "staging", { kubernetes: { ...kubernetes, ...more }, telemetry });
    objects = objectsOf(plan).map(({ manifest }) => manifest);
  }, 60_000);

  test("are what their schemas want, and point at what is there", async () => {
    const known = objects.filter(({ apiVersion }) => !/istio|coreos/.test(apiVersion) || /^(security|monitoring)/.test(apiVersion));
    expect((await Promise.all(known.map(schemaErrors))).flat()).toEqual([]);
    // A sidecar is not written in the pod.
    expect(danglingReferences(objects).filter((said) => !/nothing listens on (15090|http-envoy-prom)$/.test(said))).toEqual([]);
  });

  test("leave no room but that of the agent, which has root's name and none of its powers", () => {
    const beyond = podTemplates(objects).map(({ what, pod }) => [what, restrictedViolations(pod)] as const);
    expect(beyond.filter(([, said]) => said.length > 0).toSorted(([a], [b]) => (a < b ? 1 : -1))).toEqual([
      // Its image gives its folders to that group.
      ["DaemonSet telemetry-agent", ["volume pod-logs is a hostPath", "runAsNonRoot is not true", "runAsUser is 0", "runAsGroup is 0"]],
    ]);
    const { template } = specOf<{ template: { spec: { containers: object[]; volumes: object[] } } }>(
      "DaemonSet",
      "telemetry-agent",
      "groundplan-staging-logs",
    );
    const { spec } = template;
    expect(spec).toMatchObject({ automountServiceAccountToken: false, serviceAccountName: "telemetry-agent" });
    expect(spec).not.toHaveProperty("hostNetwork");
    expect(spec).not.toHaveProperty("tolerations");
    expect(spec.containers).toMatchObject([
      {
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: true },
        volumeMounts: expect.arrayContaining([{ name: "pod-logs", mountPath: "/var/log/pods", readOnly: true }]),
      },
    ]);
    expect(spec.volumes).toContainEqual({ name: "pod-logs", hostPath: { path: "/var/log/pods", type: "Directory" } });
  });

  test("let an agent reach the collector and nothing else, and nobody an agent", () => {
    const agent = { "io.groundplan.stack": "groundplan-staging", "io.groundplan.component": "telemetry", "io.groundplan.part": "telemetry-agent" };
    const collector = { ...agent, "io.groundplan.part": "telemetry-collector" };
    const inside = (name: string) => ({ matchLabels: { "kubernetes.io/metadata.name": name } });
    const own = find("NetworkPolicy", "telemetry-agent", "groundplan-staging-logs")?.spec as { policyTypes: string[]; egress: object[] };
    expect(own).toMatchObject({ podSelector: { matchLabels: agent }, policyTypes: ["Ingress", "Egress"] });
    expect(own).not.toHaveProperty("ingress");
    const ports = [{ protocol: "TCP", port: 4318 }];
    expect(own.egress.slice(1)).toEqual([
      ...("mesh" in more
        ? [
            {
              to: [{ namespaceSelector: inside("control"), podSelector: { matchLabels: { app: "istiod" } } }],
              ports: [{ protocol: "TCP", port: 15_012 }],
            },
          ]
        : []),
      { to: [{ namespaceSelector: inside("groundplan-staging"), podSelector: { matchLabels: collector } }], ports },
    ]);
    expect(find("NetworkPolicy", "telemetry-agent-to-telemetry-collector")?.spec).toEqual({
      podSelector: { matchLabels: collector },
      policyTypes: ["Ingress"],
      ingress: [{ from: [{ namespaceSelector: inside("groundplan-staging-logs"), podSelector: { matchLabels: agent } }], ports }],
    });
    expect(find("NetworkPolicy", "default-deny", "groundplan-staging-logs")?.spec).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    const authorization = find("AuthorizationPolicy", "telemetry-agent-to-telemetry-collector");
    if ("mesh" in more) {
      expect(authorization?.spec).toEqual({
        selector: { matchLabels: collector },
        action: "ALLOW",
        rules: [
          {
            from: [{ source: { principals: ["cluster.local/ns/groundplan-staging-logs/sa/telemetry-agent"] } }],
            to: [{ operation: { ports: ["4318"] } }],
          },
        ],
      });
      expect(find("PeerAuthentication", "default", "groundplan-staging-logs")?.spec).toEqual({ mtls: { mode: "STRICT" } });
    } else expect(authorization).toBeUndefined();
  });

  if (!("mesh" in more)) {
    test("tell the operator of what serves figures, under the labels by which it chooses", () => {
      const monitors = objects.filter(({ kind }) => kind === "PodMonitor");
      expect(monitors.map(({ metadata }) => metadata.name).toSorted()).toEqual([
        "opa",
        ...["alertmanager", "collector", "exporter-bus", "exporter-cache", "exporter-db", "loki", "prometheus"].map((part) => `telemetry-${part}`),
      ]);
      for (const { metadata } of monitors) expect(metadata.labels).toMatchObject({ release: "prometheus" });
      expect(find("PodMonitor", "telemetry-exporter-db")?.spec).toMatchObject({
        selector: { matchLabels: { "io.groundplan.part": "telemetry-exporter-db" } },
        podMetricsEndpoints: [
          { portNumber: 9187, path: "/metrics", relabelings: [{ targetLabel: "job", replacement: "db" }, { targetLabel: "instance" }] },
        ],
      });
      const { groups } = specOf<{ groups: { name: string; rules: object[] }[] }>("PrometheusRule", "telemetry-rules");
      expect(groups.map(({ name }) => name)).toEqual(["db", "bus", "cache", "opa", "api", "telemetry"]);
      const file = parse(fileOfPlan("telemetry-prometheus-files", "rules.yaml")) as { groups: object[] };
      expect(groups).toEqual(file.groups);
      expect(find("NetworkPolicy", "monitors-to-opa")?.spec).toMatchObject({
        podSelector: { matchLabels: { "io.groundplan.part": "opa" } },
        ingress: [{ from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } } }], ports: [{ port: 8282 }] }],
      });
    });
  }

  const fileOfPlan = (resource: string, key: string) => {
    const found = plan.resources.find(({ name, type }) => name === resource && type.endsWith(":ConfigMap"));
    return (found?.inputs.data as Readonly<Record<string, string>> | undefined)?.[key] ?? "";
  };
});

function metricsOf(name: string) {
  const api = stackSpec().workloads.find((workload) => workload.name === "telemetry-prometheus")?.bindings[0]?.to;
  if (!api) throw new Error("no connection to take");
  return { from: { ...api, summary: { ...api.summary, system: name, workload: name } }, path: "/metrics" };
}
