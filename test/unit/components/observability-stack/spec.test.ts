import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { alertsOf, selfObserved } from "../../../../components/observability-stack/catalogue/index.ts";
import { reachedBy } from "../../../../components/observability-stack/exporters.ts";
import { receiversCheck } from "../../../../components/observability-stack/receivers.ts";
import { everyComponent } from "../../../../docs/every-component.ts";
import type { Observed } from "../../../../src/core/observed.ts";
import { isSecretText } from "../../../../src/core/text.ts";
import { settingsOf } from "../../../support/settings.ts";
import { fileOf, observed, receivers, stackSpec } from "../../../support/telemetry.ts";

const spec = stackSpec();
const workload = (name: string, of = spec) => of.workloads.find((one) => one.name === name);

interface ScrapeConfig {
  readonly job_name: string;
  readonly static_configs: readonly { readonly targets: readonly string[]; readonly labels: Readonly<Record<string, string>> }[];
}
const scrapes = (of = spec) => (parse(fileOf(of, "telemetry-prometheus", "prometheus.yaml")) as { scrape_configs: ScrapeConfig[] }).scrape_configs;

describe("what is scraped", () => {
  test("a job for each component that has figures, and for each part of the stack", () => {
    const jobs = ["db", "cache", "bus", "gateway", "api", "queue", "worker"];
    const own = ["collector", "prometheus", "loki", "tempo", "alertmanager", "blackbox"].map((part) => `telemetry-${part}`);
    expect(scrapes().map(({ job_name }) => job_name)).toEqual([...jobs, ...own]);
  });

  test("replicas one by one, under names that stay", () => {
    const targets = Object.fromEntries(scrapes().map(({ job_name, static_configs }) => [job_name, static_configs]));
    expect(targets.api).toEqual([
      { targets: ["api-0:5432"], labels: { instance: "api-0", __metrics_path__: "/figures" } },
      { targets: ["api-1:5432"], labels: { instance: "api-1", __metrics_path__: "/figures" } },
    ]);
    expect(targets.db).toEqual([{ targets: ["telemetry-exporter-db:9187"], labels: { instance: "db", __metrics_path__: "/metrics" } }]);
  });

  test("the health of what has no figures, replica by replica, through one exporter", () => {
    const targets = Object.fromEntries(scrapes().map(({ job_name, static_configs }) => [job_name, static_configs]));
    const asked = (instance: string, module: string, target: string) => ({
      targets: ["telemetry-blackbox:9115"],
      labels: { instance, __metrics_path__: "/probe", __param_module: module, __param_target: target },
    });
    expect(targets.queue).toEqual([asked("queue", "http", "http://queue:5432/well?a=b")]);
    expect(targets.worker).toEqual([asked("worker-0", "tcp", "worker-0:5432"), asked("worker-1", "tcp", "worker-1:5432")]);
    expect(spec.digest.reaches["telemetry-blackbox"]).toEqual(["queue:5432", "worker:5432"]);
  });

  test("without any of them there is no such exporter", () => {
    const of = stackSpec({ observes: observed.slice(0, 5) });
    expect(workload("telemetry-blackbox", of)).toBeUndefined();
    expect(scrapes(of).map(({ job_name }) => job_name)).not.toContain("telemetry-blackbox");
  });

  test("Prometheus may reach exactly what it scrapes, and those to whom it sends", () => {
    const hosts = scrapes().flatMap(({ static_configs }) => static_configs.flatMap(({ targets }) => targets));
    const workloads = new Set(hosts.map((host) => host.replace(/(-\d)?:/, ":")).filter((host) => !host.startsWith("127.0.0.1")));
    expect(spec.digest.reaches["telemetry-prometheus"]).toEqual([...workloads].toSorted());
  });
});

describe("exporters", () => {
  test("ask the system and no other, with its credentials in the environment alone", () => {
    const exporter = workload("telemetry-exporter-db");
    expect(exporter?.env).toMatchObject({ DATA_SOURCE_URI: "db:5432/postgres?sslmode=disable" });
    expect(exporter?.command?.join(" ")).not.toContain("hunter2");
    for (const { name } of spec.workloads.filter((one) => one.name.startsWith("telemetry-exporter-"))) {
      expect(spec.digest.reaches[name]).toEqual([`${name.replace("telemetry-exporter-", "")}:5432`]);
    }
  });

  test("of a cluster asks each node by its name", () => {
    const nodes = workload("telemetry-exporter-bus")?.command?.filter((part) => part.includes("http"));
    expect(nodes).toEqual(["bus-0,http://bus-0:5432", "bus-1,http://bus-1:5432", "bus-2,http://bus-2:5432"]);
    const one = stackSpec({ observes: [{ observed: { ...(observed[2] as { observed: Observed }).observed, replicas: 1 } }] });
    expect(workload("telemetry-exporter-bus", one)?.command?.at(-1)).toBe("bus,http://bus:5432");
  });

  test("reach a cluster only when every node answers now: old figures of one that is away do not count", () => {
    const { observed: bus } = observed[2] as { observed: Observed };
    expect(reachedBy(bus)).toBe('count(gnatsd_connz_num_connections{job="bus"}) >= 3');
    expect(reachedBy((observed[6] as { observed: Observed }).observed)).toBe('min(probe_success{job="worker"}) == 1');
  });

  test("of a gateway asks its page", () => {
    expect(workload("telemetry-exporter-gateway")?.command).toContain("--nginx.scrape-uri=http://gateway:5432/status");
  });
});

interface Pipelines {
  readonly processors: Readonly<Record<string, unknown>>;
  readonly service: { readonly pipelines: Readonly<Record<string, { receivers: string[]; processors: string[]; exporters: string[] }>> };
}

describe("the collector", () => {
  const config = (of = spec) => parse(fileOf(of, "telemetry-collector", "collector.yaml")) as Pipelines;

  test("guards its memory first and batches last in every pipeline", () => {
    for (const [name, { processors }] of Object.entries(config().service.pipelines)) {
      expect([name, processors[0], processors.at(-1)]).toEqual([name, "memory_limiter", "batch"]);
    }
  });

  test("gives the lines of each component its name, by the tag of its containers alone", () => {
    const { processors, service } = config();
    for (const { observed: one } of observed) {
      expect(processors[`resource/${one.name}`]).toEqual({ attributes: [{ key: "service.name", value: one.name, action: "upsert" }] });
      expect(JSON.stringify(processors[`filter/${one.name}`])).toContain(`^${one.name}/`);
      expect(service.pipelines[`logs/${one.name}`]?.processors).toContain(`filter/${one.name}`);
    }
    expect(service.pipelines["logs/unobserved"]?.processors).toContain("filter/unobserved");
  });

  test("hands traces to the store that is there, or to nobody", () => {
    const exporters = (traces: string) => {
      const of = stackSpec({ traces });
      const parts = of.workloads.map(({ name }) => name).filter((name) => /tempo|jaeger/.test(name));
      return [parts, config(of).service.pipelines.traces?.exporters];
    };
    expect(exporters("tempo")).toEqual([["telemetry-tempo"], ["otlp_http/traces"]]);
    expect(exporters("jaeger")).toEqual([["telemetry-jaeger"], ["otlp_http/traces"]]);
    expect(exporters("none")).toEqual([[], ["debug"]]);
  });

  test("is the one that the daemon hands logs to, in every profile", () => {
    for (const profile of ["dev", "prod"]) {
      const of = stackSpec({}, settingsOf({ profile }));
      expect(of.collectsLogs).toEqual({ workload: "telemetry-collector", port: "fluent" });
      expect(workload("telemetry-collector", of)?.ports.fluent).toMatchObject({ port: 24_224, published: true });
    }
  });
});

describe("receivers", () => {
  const config = parse(fileOf(spec, "telemetry-alertmanager", "alertmanager.yaml"));

  test("each gets what is severe enough, whoever else gets it", () => {
    expect(config.route.routes).toEqual([
      { receiver: "webhook-0", matchers: ['severity=~"info|warning|critical"'], continue: true },
      { receiver: "webhook-1", matchers: ['severity=~"warning|critical"'], continue: true },
      { receiver: "slack-0", matchers: ['severity=~"critical"'], continue: true },
      { receiver: "email-0", matchers: ['severity=~"warning|critical"'], continue: true },
    ]);
    expect(config.route.receiver).toBe("nobody");
  });

  test("a lesser alert is mute while one that says more of the same fires; each of them is an alert, and the heartbeat is not muted", () => {
    const severities = new Map(alertsOf([...everyComponent, selfObserved("telemetry")]).map(({ name, severity }) => [name, severity]));
    const named = (matchers: readonly string[]) => /^alertname="(\w+)"$/.exec(matchers[0] ?? "")?.[1];
    expect(config.inhibit_rules.length).toBeGreaterThan(3);
    for (const { source_matchers, target_matchers, equal } of config.inhibit_rules) {
      expect(severities.get(named(source_matchers) ?? ""), source_matchers).toBe("critical");
      const target = named(target_matchers);
      if (target) expect(["warning", "info"], target).toContain(severities.get(target));
      else expect(target_matchers).toEqual(['severity=~"warning|info"']);
      expect(equal).toContain("component");
      // It is what tells the two apart.
      expect(equal).not.toContain("alertname");
    }
  });

  test("the ways that they need are open, and no others", () => {
    const part = workload("telemetry-alertmanager");
    expect(part?.egress).toEqual([
      { host: "hooks.example.com", port: 443 },
      { host: "hooks.slack.com", port: 443 },
      { host: "mail.example.com", port: 587 },
    ]);
    expect(spec.digest.reaches["telemetry-alertmanager"]).toEqual(["pager:5432"]);
  });

  test("secrets are files of this part, under the names that the configuration has", () => {
    const files = workload("telemetry-alertmanager")?.files.filter(({ content }) => isSecretText(content)) ?? [];
    expect(files.map(({ path }) => path)).toEqual(["webhook-1", "slack-0", "email-0"].map((name) => `/etc/groundplan/${name}`));
    for (const { path } of files) expect(JSON.stringify(config)).toContain(path);
  });

  test("without any there is nobody to send to, and a warning", () => {
    const alone = stackSpec({ receivers: {} });
    expect(alone.warnings).toEqual([expect.stringMatching(/^alerts have no receiver/)]);
    expect(workload("telemetry-alertmanager", alone)).toBeUndefined();
    expect(fileOf(alone, "telemetry-prometheus", "prometheus.yaml")).not.toContain("alertmanager");
    expect(spec.warnings).toEqual([]);
  });
});

test("no finding about a receiver shows what may be a secret, wherever it was written", () => {
  const secret = "https://hooks.slack.com/services/hunter2";
  const wrong = [
    { slack: { apiUrl: secret, channel: "#ops" } },
    { slack: [{ apiUri: secret, channel: "#ops" }] },
    { slack: [{ apiUrl: [secret], channel: "#ops" }] },
    { webhooks: [{ url: secret }] },
    { email: [{ to: "a@example.com", from: "b@example.com", host: "mail.example.com", username: "me", passwd: "hunter2" }] },
  ];
  for (const one of wrong) {
    const findings = receiversCheck(one, "receivers");
    expect(findings.length).toBeGreaterThan(0);
    expect(JSON.stringify(findings)).not.toContain("hunter2");
  }
  // What is none is shown, or nobody finds the mistake.
  expect(receiversCheck({ slack: [{ apiUrl: secret, channel: "ops" }] }, "receivers")).toMatchObject([{ value: "ops" }]);
});

test("no secret stands in a configuration, an argument or the digest", () => {
  for (const part of [...spec.workloads, ...spec.jobs]) {
    const plain = part.files.flatMap(({ content }) => (isSecretText(content) ? [] : [content]));
    expect(plain.join("\n"), part.name).not.toMatch(/hunter2/);
    expect([...(part.entrypoint ?? []), ...(part.command ?? [])].join(" "), part.name).not.toMatch(/hunter2/);
  }
  expect(JSON.stringify(spec.digest)).not.toMatch(/hunter2/);
  expect(receivers.email).toHaveLength(1);
});

describe("Grafana", () => {
  const config = (traces: string) => parse(fileOf(stackSpec({ traces }), "telemetry-grafana", "datasources.yaml"));

  test("knows each store under a uid that stays, and what leads from one to another", () => {
    const [prometheus, loki, tempo] = config("tempo").datasources;
    expect([prometheus.uid, loki.uid, tempo.uid]).toEqual(["groundplan-prometheus", "groundplan-loki", "groundplan-tempo"]);
    expect(loki.jsonData.derivedFields).toEqual([expect.objectContaining({ datasourceUid: tempo.uid, url: "$${__value.raw}" })]);
    expect(tempo.jsonData.tracesToLogsV2.datasourceUid).toBe(loki.uid);
    expect(prometheus.jsonData.exemplarTraceIdDestinations[0].datasourceUid).toBe(tempo.uid);
  });

  test("names no store of traces when there is none", () => {
    expect(config("none").datasources).toHaveLength(2);
    expect(JSON.stringify(config("none"))).not.toMatch(/tempo|jaeger/i);
  });

  test.each(["tempo", "jaeger", "none"])("with traces in %s dashboards ask only for sorts of data sources that are there", (traces) => {
    const known = (config(traces).datasources as { type: string }[]).map(({ type }) => type);
    const files = workload("telemetry-grafana", stackSpec({ traces }))?.files.filter(({ path }) => path.endsWith(".json")) ?? [];
    const asked = files.flatMap(({ content }) => [...String(content).matchAll(/"uid": "\$\{([a-z]+)\}"/g)].map(([, type]) => type));
    expect(asked).toContain("prometheus");
    for (const type of new Set(asked)) expect(known).toContain(type);
  });

  test("lets nobody in without a password, and asks nobody outside", () => {
    expect(workload("telemetry-grafana")?.env).toMatchObject({
      GF_AUTH_ANONYMOUS_ENABLED: "false",
      GF_USERS_ALLOW_SIGN_UP: "false",
      GF_SECURITY_ADMIN_PASSWORD__FILE: "/etc/groundplan/admin-password",
      GF_ANALYTICS_REPORTING_ENABLED: "false",
      GF_ANALYTICS_CHECK_FOR_UPDATES: "false",
      GF_PLUGINS_PREINSTALL_DISABLED: "true",
    });
    expect(workload("telemetry-grafana")?.egress).toEqual([]);
  });

  test("has a dashboard for each component", () => {
    const files = workload("telemetry-grafana")?.files.map(({ path }) => path) ?? [];
    for (const { observed: one } of observed)
      expect(files.some((path) => path.startsWith("/etc/groundplan/dashboards/") && path.endsWith(`${one.name}.json`))).toBe(true);
  });
});

describe("sizes", () => {
  test("in dev everything together stays below 2 GiB beside three exporters", () => {
    const dev = stackSpec({ observes: observed.slice(0, 3) });
    expect(dev.workloads.reduce((sum, { resources }) => sum + resources.memoryMiB, 0)).toBeLessThan(2048);
  });

  test("no profile gives Grafana or Tempo less than they need to start", () => {
    for (const profile of ["dev", "staging", "prod"]) {
      const of = stackSpec({}, settingsOf({ profile }));
      for (const part of ["grafana", "tempo"]) {
        expect(workload(`telemetry-${part}`, of)?.resources.memoryMiB, `${part} in ${profile}`).toBeGreaterThanOrEqual(512);
      }
    }
  });

  test("retention is by profile, and what is set wins", () => {
    const retention = (of: typeof spec) => [
      workload("telemetry-prometheus", of)?.command?.find((part) => part.includes("retention.time")),
      parse(fileOf(of, "telemetry-loki", "loki.yaml")).limits_config.retention_period,
      parse(fileOf(of, "telemetry-tempo", "tempo.yaml")).backend_worker.compaction.block_retention,
    ];
    expect(retention(spec)).toEqual(["--storage.tsdb.retention.time=7d", "168h", "48h"]);
    expect(retention(stackSpec({}, settingsOf({ profile: "prod" })))).toEqual(["--storage.tsdb.retention.time=90d", "8760h", "336h"]);
    expect(retention(stackSpec({ retentionDays: { metrics: 3, logs: 2, traces: 1 } }))).toEqual(["--storage.tsdb.retention.time=3d", "48h", "24h"]);
  });
});
