import * as pulumi from "@pulumi/pulumi";
import { isConnection } from "../../src/core/binding.ts";
import { aPlatform, type Check, decimal, type Finding, flag, integer, oneOf, problemsOf, type Rules } from "../../src/core/checks.ts";
import type { ConnectionSpec } from "../../src/core/connection.ts";
import { checkJob, digestOf, filesFolder as folder, tableContainer, tableServer } from "../../src/core/parts.ts";
import type { Settled } from "../../src/core/platform.ts";
import { tcp } from "../../src/core/probe.ts";
import type { SystemSpec } from "../../src/core/system.ts";
import type { JobSpec, WorkloadSpec } from "../../src/core/workload.ts";
import { clientAddress, ports, startCommand } from "./address.ts";
import { checkScript } from "./check.ts";
import { dynamicConfigCheck, dynamicConfigFile } from "./dynamic-config.ts";
import { existingTemporalCheck, existingTemporalSpec } from "./existing.ts";
import type { TemporalModel } from "./model.ts";
import { namesOf, namespaceKey, namespacesCheck, tooManyAttributes } from "./namespaces.ts";
import { reconcileScript } from "./reconcile.ts";
import { schemaScript } from "./schema.ts";
import { jobEnv, poolEnv, roleCount, type Stores, serverEnv, storeBindings, usualConnections } from "./stores.ts";
import type { TemporalServerArgs } from "./temporal-server.ts";
import { jobTlsEnv, mixedTls, serverTlsEnv, tlsWarnings, writeAuthorities } from "./tls.ts";
import { uiCheck, webUi } from "./ui.ts";
import { type TemporalVersion, versionScript } from "./versions.ts";

const aDatabase: Check = (value, at) =>
  isConnection(value) && value.summary.scheme === "postgres" && typeof value.summary.database === "string" && pulumi.Output.isInstance(value.host)
    ? []
    : [
        {
          path: at,
          value: typeof value,
          rule: "the connection of a database's owner",
          fix: "declare it in a PostgresDb and give e.g. db.databases.temporal",
        },
      ];

export const temporalServerRules: Rules<TemporalServerArgs> = {
  platform: aPlatform,
  database: aDatabase,
  visibility: aDatabase,
  historyShards: integer(1, 16_384, "shards"),
  version: oneOf(["1.31", "1.32"] satisfies TemporalVersion[]),
  namespaces: namespacesCheck,
  dynamicConfig: dynamicConfigCheck,
  ui: flag,
  maxConnections: integer(16, 1000, "connections"),
  memoryMiB: integer(256, 1_048_576, "MiB"),
  cpus: decimal(0.1, 256),
  logLevel: oneOf(["debug", "info", "warn", "error"]),
  existing: existingTemporalCheck,
};

/** One that runs elsewhere has its databases there. */
export const temporalServerRequired = ({ existing }: Partial<TemporalServerArgs>): (keyof TemporalServerArgs)[] =>
  existing === undefined ? ["database", "visibility", "historyShards", "namespaces"] : ["namespaces"];

/** Everything about a server that does not depend on the target. */
export function temporalServerSpec(name: string, settled: Settled<TemporalServerArgs>): SystemSpec {
  const { existing } = settled.args;
  return existing === undefined || settled.problems.length > 0 ? ownServer(name, settled) : existingTemporalSpec(name, settled, existing);
}

function ownServer(name: string, { args, profile, problems, origins }: Settled<TemporalServerArgs>): SystemSpec {
  // Wrong arguments are reported and not used: defaults take their place.
  const given: Partial<TemporalServerArgs> = problems.length > 0 ? {} : args;
  const { version = "1.31", namespaces = {}, historyShards = 4, ui = true } = given;
  const { maxConnections, memoryMiB = profile.resources.broker.memoryMiB * 2, cpus = profile.resources.database.cpus, dynamicConfig = {} } = given;
  const bound: Stores = problems.length > 0 ? {} : { database: args.database, visibility: args.visibility };
  const databases = Object.fromEntries(Object.entries(bound).map(([store, { summary }]) => [store, summary]));
  const model: TemporalModel = { maxConnections, memoryMiB, cpus, dynamicConfig, databases };
  const bindings = storeBindings(bound);
  const tools = tableContainer(`temporal-admin-tools:${version}`, profile.resources.job);
  const address = clientAddress(name);
  const authorities = writeAuthorities(bound);
  const server: WorkloadSpec = {
    ...tableContainer(`temporal:${version}`, profile.resources.job),
    ...tableServer(`temporal:${version}`),
    ...(authorities === "" ? {} : { entrypoint: ["sh", "-ec", `${authorities}exec "$@"`, "sh"], command: [...startCommand] }),
    name,
    replicas: 1,
    identity: "any",
    env: {
      ...serverEnv(bound),
      ...serverTlsEnv(bound),
      ...poolEnv(Math.floor((maxConnections ?? usualConnections) / roleCount)),
      NUM_HISTORY_SHARDS: String(historyShards),
      BIND_ON_IP: "0.0.0.0",
      // All roles are in this container; an address of its networks may be another one after a restart.
      TEMPORAL_BROADCAST_ADDRESS: "127.0.0.1",
      PROMETHEUS_ENDPOINT: `0.0.0.0:${ports.metrics}`,
      DYNAMIC_CONFIG_FILE_PATH: `${folder}/dynamic-config.yaml`,
      LOG_LEVEL: given.logLevel ?? "info",
      GOMEMLIMIT: `${Math.floor(memoryMiB * 0.9)}MiB`,
    },
    files: [{ path: `${folder}/dynamic-config.yaml`, content: dynamicConfigFile(dynamicConfig) }],
    volumes: [],
    resources: { memoryMiB, cpus },
    ports: {
      grpc: { port: ports.grpc, protocol: "grpc", published: profile.publishData },
      metrics: { port: ports.metrics, protocol: "http", published: false },
    },
    probe: tcp({ port: "grpc", intervalSeconds: 2, startSeconds: 60 }),
    bindings,
    after: [`${name}-schema`],
  };
  const web = webUi(name, profile, Object.keys(namespaces)[0] ?? "default");
  const beside = ui ? [web] : [];
  const step = (job: Pick<JobSpec, "name" | "after"> & Partial<JobSpec>, script: string): JobSpec => ({
    ...tools,
    when: "up",
    entrypoint: ["sh", `${folder}/run.sh`],
    files: [{ path: `${folder}/run.sh`, content: script }],
    volumes: [],
    timeoutSeconds: 300,
    ...job,
  });
  const toDatabases = { env: { ...jobEnv(bound), ...jobTlsEnv(bound) }, bindings };
  const check = checkJob(name, { ...tools, env: { TEMPORAL_ADDRESS: address } }, checkScript(Object.keys(namespaces)));
  return {
    kind: "TemporalServer",
    name,
    problems:
      problems.length > 0 ? problems : problemsOf(name, [...tooManyAttributes(namespaces), ...sameDatabase(args), ...mixedTls(bound)], origins),
    warnings: tlsWarnings(bound),
    digest: digestOf("TemporalServer", profile, server, beside),
    secrets: {},
    workloads: [server, ...beside],
    jobs: [
      step(
        { ...tableContainer("postgres:16", profile.resources.job), name: `${name}-version`, after: [], ...toDatabases },
        authorities + versionScript(version),
      ),
      step({ name: `${name}-schema`, after: [`${name}-version`], ...toDatabases }, authorities + schemaScript),
      step({ name: `${name}-namespace`, joins: name, after: [name], env: { TEMPORAL_ADDRESS: address } }, reconcileScript(namespaces, historyShards)),
      { ...check, after: [name, `${name}-namespace`], title: "workflows" },
      ...(ui ? [uiCheck(name, profile)] : []),
    ],
    connections: {
      ...Object.fromEntries(namesOf(args.namespaces).map((namespace) => [namespaceKey(namespace), toNamespace(name, namespace)])),
      metrics: { scheme: "http", workload: name, port: "metrics" },
      ...(ui ? { ui: { scheme: "http", workload: web.name, port: "http" } } : {}),
    },
    model,
  };
}

const toNamespace = (name: string, namespace: string): ConnectionSpec => ({
  scheme: "temporal",
  workload: name,
  port: "grpc",
  path: `/${namespace}`,
});

function sameDatabase({ database, visibility }: TemporalServerArgs): Finding[] {
  const [one, other] = [database.summary, visibility.summary];
  if (one.system !== other.system || one.database !== other.database) return [];
  const fix = `declare a second one, e.g. ${one.database}_visibility`;
  return [{ path: "visibility", value: other.database, rule: "another database than that of workflows: their schemas do not share one", fix }];
}
