import * as pulumi from "@pulumi/pulumi";
import type { CredentialConnection, DatabaseConnection } from "../../../src/core/connection.ts";
import type { Observed } from "../../../src/core/observed.ts";
import { digestOf, filesFolder as folder, tableContainer, tableServer } from "../../../src/core/parts.ts";
import { exec } from "../../../src/core/probe.ts";
import type { SystemSpec } from "../../../src/core/system.ts";
import type { FileSpec, PortSpec, WorkloadSpec } from "../../../src/core/workload.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import { endpointsOf } from "../catalogue/index.ts";
import { exporterOf } from "../exporters.ts";
import { goEnv, partsOf, portNumbers, type StackModel } from "../part.ts";
import { asksOf, otlpEnv } from "../stack.ts";
import { collectorConfig } from "./config.ts";
import { declaredFigures } from "./figures.ts";
import { aroundOf, placesOf } from "./places.ts";
import { scraperConfig } from "./scraper-config.ts";

/** Variable with the address of the workspace of Prometheus. */
export const remoteWriteVariable = "PROMETHEUS_ENDPOINT";

const inner = (port: number, protocol: PortSpec["protocol"]): PortSpec => ({ port, protocol, published: false });

/**
 * The parts of a stack on AWS: a collector for what SDKs send, exporters, and a scraper of which there is one, since two would
 * count everything twice. Everything else is CloudWatch and X-Ray.
 */
export function partsOnAws(spec: SystemSpec, context: AwsContext): SystemSpec {
  const model = asOnAws(spec.model as StackModel, context);
  const { name, profile } = model;
  const exporters = model.observes.flatMap((one) => exporterOn(model, one));
  const main = collector(model, context);
  const beside = [scraper(model, context, exporters), ...exporters];
  return {
    kind: spec.kind,
    name,
    problems: spec.problems,
    warnings: spec.warnings.filter((warning) => !warning.includes("no receiver")),
    digest: digestOf(spec.kind, profile, main, beside),
    secrets: {},
    workloads: [main, ...beside],
    jobs: [],
    connections: { otlp: { scheme: "http", workload: main.name, port: "otlp", env: otlpEnv } },
    asks: asksOf(model),
    model,
  };
}

/** A gateway is a load balancer here, whose figures are in CloudWatch: nobody asks it. */
function asOnAws(model: StackModel, context: AwsContext): StackModel {
  const observes = model.observes.map((it) => {
    if (it.kind !== "ServiceMeshGateway") return it;
    const { exporter: _exporter, metrics: _metrics, health: _health, ...gateway } = it;
    return gateway;
  });
  const { host } = aroundOf(context, model.name);
  return {
    ...model,
    observes,
    copies: 1,
    find: ({ workload, replicas, named }) =>
      named && replicas > 1
        ? { hosts: Object.fromEntries(Array.from({ length: replicas }, (_, index) => [host(`${workload}-${index}`), `${workload}-${index}`])) }
        : { hosts: { [host(workload)]: workload } },
  };
}

/** A program of the distribution of OpenTelemetry by AWS; its own program asks for its health. */
function adot(model: StackModel, name: string, file: FileSpec): Omit<WorkloadSpec, "replicas" | "ports"> {
  const resources = model.sizes.resources.collector;
  return {
    ...tableContainer("adot-collector", resources),
    ...tableServer("adot-collector"),
    name,
    identity: "any",
    env: goEnv(resources.memoryMiB),
    command: [`--config=${file.path}`],
    files: [file],
    volumes: [],
    probe: exec(["/healthcheck"], { startSeconds: 30 }),
  };
}

const metricsPorts = { health: inner(portNumbers.health, "http"), metrics: inner(portNumbers.collectorMetrics, "http") };

function collector(model: StackModel, context: AwsContext): WorkloadSpec {
  const { tracedPercent, collectorCopies } = context.sizes;
  const content = collectorConfig(aroundOf(context, model.name), model.traces !== "none", model.given.aws?.tracedPercent ?? tracedPercent);
  return {
    ...adot(model, partsOf(model.name).collector, { path: `${folder}/collector.yaml`, content }),
    replicas: collectorCopies,
    ports: { otlp: inner(portNumbers.otlp, "http"), "otlp-grpc": inner(portNumbers.otlpGrpc, "grpc"), ...metricsPorts },
  };
}

function scraper(model: StackModel, context: AwsContext, exporters: readonly WorkloadSpec[]): WorkloadSpec {
  const { name, observes, given } = model;
  const places = placesOf(context, model);
  const remoteWrite = given.aws?.prometheus ? remoteWriteVariable : undefined;
  const figures = declaredFigures(observes, places);
  const content = scraperConfig(aroundOf(context, name), { stack: name, observes, scrapeSeconds: places.scrapeSeconds, figures, remoteWrite });
  return {
    ...adot(model, partsOf(name).scraper, { path: `${folder}/scraper.yaml`, content }),
    replicas: 1,
    ports: metricsPorts,
    bindings: observes.flatMap((one) =>
      endpointsOf(one).map(({ from }, index) => ({
        key: `METRICS_${one.name.replaceAll("-", "_").toUpperCase()}${index === 0 ? "" : `_${index}`}`,
        to: from,
        atOnce: true,
      })),
    ),
    reaches: [{ workload: partsOf(name).collector, port: "metrics" }, ...exporters.map((exporter) => ({ workload: exporter.name, port: "metrics" }))],
  };
}

/** An exporter that asks by the address which the service of AWS gave; nodes of NATS have names. */
function exporterOn(model: StackModel, it: Observed): WorkloadSpec[] {
  const exporter = exporterOf(model, it);
  if (!exporter || !it.exporter) return [];
  const { kind, from } = it.exporter;
  if (kind === "postgres") {
    const { database } = (from as DatabaseConnection).summary;
    const at = pulumi.interpolate`${from.host}:${from.port}/${database ?? "postgres"}?sslmode=require`;
    return [{ ...exporter, env: { ...exporter.env, DATA_SOURCE_URI: at } }];
  }
  if (kind === "redis") {
    const at = pulumi.interpolate`rediss://${(from as CredentialConnection).host}:${from.port}`;
    return [{ ...exporter, env: { ...exporter.env, REDIS_ADDR: at } }];
  }
  return [exporter];
}
