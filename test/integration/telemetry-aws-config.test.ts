import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Around, collectorConfig } from "../../components/observability-stack/aws/config.ts";
import { declaredFigures } from "../../components/observability-stack/aws/figures.ts";
import { scraperConfig } from "../../components/observability-stack/aws/scraper-config.ts";
import { imageReference } from "../../src/core/images.ts";
import { describeDocker, mirror } from "../support/docker-tier.ts";
import { observed as observables } from "../support/telemetry.ts";

const around: Around = {
  region: "eu-central-1",
  prefix: "shop-prod",
  namespace: "shop-prod/telemetry",
  figuresLog: "/groundplan/shop-prod/telemetry-figures",
  linesLog: "/groundplan/shop-prod/telemetry-sdk",
  host: (workload) => `${workload}.shop-prod.internal`,
};
const observes = observables.map(({ observed }) => observed);
const figures = declaredFigures(observes, {
  namespace: around.namespace,
  cluster: "shop-prod",
  scrapeSeconds: 30,
  stack: "telemetry",
  service: (workload) => `shop-prod-${workload}`,
  database: (part) => `shop-prod-${part}`,
  told: () => ({}),
});
const scraper = (remoteWrite?: string) => scraperConfig(around, { stack: "telemetry", observes, scrapeSeconds: 30, figures, remoteWrite });

const configs: readonly (readonly [name: string, text: string])[] = [
  ["collector", collectorConfig(around, true, 5)],
  ["collector without traces", collectorConfig(around, false, 5)],
  ["scraper", scraper()],
  ["scraper that writes to a workspace", scraper("PROMETHEUS_ENDPOINT")],
];

type Section = "receivers" | "processors" | "exporters" | "extensions";
type Part = Readonly<Record<string, unknown>>;
type Config = Readonly<Record<Section, Readonly<Record<string, Part>>>> & {
  readonly service: {
    readonly extensions: readonly string[];
    readonly pipelines: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  };
};

/** The distribution of AWS has these, as the full one of contrib has; a smaller build gets a stand-in of the same kind for them. */
const standIns: Readonly<Record<string, string>> = {
  awsemf: "debug",
  awscloudwatchlogs: "debug",
  awsxray: "debug",
  prometheusremotewrite: "debug",
  sigv4auth: "health_check",
  probabilistic_sampler: "batch",
};

describeDocker("configurations of collector and scraper on AWS, as a real collector reads them", () => {
  const work = mkdtempSync(join(tmpdir(), "groundplan-telemetry-aws-"));
  chmodSync(work, 0o755);
  afterAll(() => rmSync(work, { recursive: true }));
  const image = imageReference({ table: "otel-collector" }, mirror ? { mirror } : {});

  function collector(...args: string[]) {
    const run = ["run", "--rm", "--network", "none", "--env", "PROMETHEUS_ENDPOINT=https://aps.example/workspaces/ws-1/"];
    try {
      const all = [...run, "--volume", `${work}:/etc/groundplan:ro`, "--entrypoint", "/otelcol-contrib", image, ...args];
      return { code: 0, output: execFileSync("docker", all, { encoding: "utf8", stdio: "pipe" }) };
    } catch (error) {
      const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
      return { code: status, output: `${stdout}${stderr}` };
    }
  }

  function validate(config: object) {
    writeFileSync(join(work, "config.yaml"), JSON.stringify(config), { mode: 0o644 });
    return collector("validate", "--config", "/etc/groundplan/config.yaml");
  }

  let missing: readonly string[] = [];
  beforeAll(() => {
    const { code, output } = collector("components");
    expect(code, output).toBe(0);
    // Newer versions write some names with underscores, and take the older ones, too.
    const known = new Set([...output.matchAll(/^\s+- name: (\S+)$/gm)].map(([, name = ""]) => name.replaceAll("_", "")));
    missing = Object.keys(standIns).filter((name) => !known.has(name.replaceAll("_", "")));
    if (missing.length > 0) console.warn(`${image} has no ${missing.join(", ")}: their own settings are not looked at, everything around them is`);
  });

  /** The configuration with stand-ins under the same roles, `debug/awsemf`, and without their settings. */
  function fitted(text: string): Config {
    const config = JSON.parse(text) as Config;
    const typeOf = (id: string) => id.split("/")[0] ?? "";
    const stands = (id: string) => missing.includes(typeOf(id));
    const named = (id: string) => (stands(id) ? `${standIns[typeOf(id)]}/${id.replace("/", "-")}` : id);
    const section = (parts: Readonly<Record<string, Part>> = {}) =>
      Object.fromEntries(
        Object.entries(parts).map(([id, { auth, ...own }]) => {
          if (stands(id)) return [named(id), standIns[typeOf(id)] === "health_check" ? { endpoint: "0.0.0.0:13134" } : {}];
          // Who signs is itself missing: a stand-in signs nothing.
          return [id, auth && !missing.includes("sigv4auth") ? { ...own, auth } : own];
        }),
      );
    const { service } = config;
    const pipelines = Object.fromEntries(
      Object.entries(service.pipelines).map(([name, parts]) => [
        name,
        Object.fromEntries(Object.entries(parts).map(([role, ids]) => [role, ids.map(named)])),
      ]),
    );
    return {
      receivers: section(config.receivers),
      processors: section(config.processors),
      exporters: section(config.exporters),
      extensions: section(config.extensions),
      service: { ...service, extensions: service.extensions.map(named), pipelines },
    };
  }

  test.each(configs)("%s", (_, text) => {
    const { code, output } = validate(fitted(text));
    expect(code, output).toBe(0);
  });

  test.each<[string, string, (config: Config) => object]>([
    ["an exporter that nobody declares", "scraper", (config) => ({ ...config, exporters: {} })],
    ["a processor that nobody knows", "collector", (config) => ({ ...config, processors: { ...config.processors, nobody_knows: {} } })],
    ["a setting that nobody knows", "collector", (config) => ({ ...config, receivers: { otlp: { ...config.receivers.otlp, nobody_knows: 1 } } })],
    ["an extension that is not there", "scraper", (config) => ({ ...config, extensions: {} })],
    [
      "a metric filter without its way to match",
      "scraper",
      (config) => ({
        ...config,
        processors: { ...config.processors, "filter/figures": { metrics: { include: { match_type: "nearly", metric_names: ["a"] } } } },
      }),
    ],
    [
      "a scrape that asks nobody knows how",
      "scraper",
      (config) => ({
        ...config,
        receivers: { prometheus: { config: { scrape_configs: [{ job_name: "a", nobody_knows: 1 }] } } },
      }),
    ],
  ])("the command does look: %s", (_, name, spoil) => {
    const text = configs.find(([own]) => own === name)?.[1] ?? "";
    expect(validate(spoil(fitted(text))).code).not.toBe(0);
  });
});
