import { basename } from "node:path";
import { aPlatform, decimal, flag, integer, listOf, matching, problemsOf, type Rules } from "../../src/core/checks.ts";
import { checkJob, digestOf, filesFolder as folder, tableContainer, tableServer } from "../../src/core/parts.ts";
import type { Settled } from "../../src/core/platform.ts";
import { http } from "../../src/core/probe.ts";
import type { SystemSpec } from "../../src/core/system.ts";
import type { WorkloadSpec } from "../../src/core/workload.ts";
import { bundleOf } from "./bundle.ts";
import { existingOpaCheck, existingOpaSpec } from "./existing.ts";
import type { OpaModel } from "./model.ts";
import type { OpaServerArgs } from "./opa-server.ts";
import type { PolicyFolder } from "./policies.ts";
import { bundleCheck, pulled, registryConfig, registryEgress, registryFiles, sourceFindings, tokenSecret } from "./registry.ts";

export const opaServerRules: Rules<OpaServerArgs> = {
  platform: aPlatform,
  policies: matching(/\S/, "a folder", "give the path from the directory of Pulumi.yaml, e.g. stacks/gitguard/policies"),
  bundle: bundleCheck,
  path: matching(/^[A-Za-z_][\w-]*(\/[A-Za-z_][\w-]*)*$/, "a data path, names with slashes between", "e.g. repo/guard for package repo.guard"),
  replicas: integer(1, 50),
  decisionLogs: flag,
  maskInputs: listOf(matching(/^(\/[^/\s"\\]+)+$/, "a JSON pointer into the input", "e.g. /event/token")),
  memoryMiB: integer(64, 1_048_576, "MiB"),
  cpus: decimal(0.05, 256),
  existing: existingOpaCheck,
};

export const opaServerRequired = ["path"] as const satisfies (keyof OpaServerArgs)[];

/**
 * The bundle lies in a folder of its own. In a pod the folder of all files holds links, which OPA does not follow; one below
 * it is a link to a real folder, and with the slash at its end OPA looks behind that one.
 */
const bundleFolder = `${folder}/bundle`;

const configFile = `${folder}/opa.json`;
const ports = { http: 8181, diagnostic: 8282 };
const health = "/health?bundles&plugins";

/** Everything about a policy server that does not depend on the target; the folder is read by whoever calls. */
export function opaServerSpec(name: string, settled: Settled<OpaServerArgs>, policies: PolicyFolder): SystemSpec {
  const { existing } = settled.args;
  return existing === undefined || settled.problems.length > 0 ? ownServer(name, settled, policies) : existingOpaSpec(name, settled, existing);
}

function ownServer(name: string, { args, profile, problems, origins }: Settled<OpaServerArgs>, policies: PolicyFolder): SystemSpec {
  // Wrong arguments are reported and not used: defaults take their place.
  const given: Partial<OpaServerArgs> = problems.length > 0 ? {} : args;
  const { path = "", decisionLogs = true, maskInputs = [], bundle: registry } = given;
  const replicas = given.replicas ?? profile.serviceReplicas;
  const memoryMiB = given.memoryMiB ?? profile.resources.service.memoryMiB;
  const bundle = registry ? undefined : bundleOf(policies, path, maskInputs, bundleFolder);
  const missing = { path: "policies", value: args.policies, rule: "an existing folder, from the directory of Pulumi.yaml", fix: "correct the path" };
  const wrong = sourceFindings(given.policies, registry, maskInputs);
  const findings = wrong.length > 0 || !bundle ? wrong : policies.folder === undefined ? [missing] : bundle.findings;
  // Figures of bundles and plugins are there only with a status of their own.
  const config = {
    labels: { component: name },
    status: { prometheus: true },
    ...(decisionLogs ? { decision_logs: { console: true } } : {}),
    ...(registry ? registryConfig(registry, folder) : {}),
  };
  const run = [
    "run",
    "--server",
    `--addr=0.0.0.0:${ports.http}`,
    `--diagnostic-addr=0.0.0.0:${ports.diagnostic}`,
    `--config-file=${configFile}`,
    "--log-format=json",
    "--skip-version-check",
  ];
  const server: WorkloadSpec = {
    ...tableContainer("opa", profile.resources.service),
    ...tableServer("opa"),
    name,
    replicas,
    identity: "any",
    env: { GOMEMLIMIT: `${Math.floor(memoryMiB * 0.9)}MiB` },
    command: [...run, ...(registry ? [] : ["--bundle", `${bundleFolder}/`])],
    files: [
      ...(bundle?.files ?? []),
      ...(registry ? registryFiles(registry, folder) : []),
      { path: configFile, content: `${JSON.stringify(config)}\n` },
    ],
    volumes: [],
    resources: { memoryMiB, cpus: given.cpus ?? profile.resources.service.cpus },
    ports: {
      // One port of the machine cannot be shared by several containers.
      http: { port: ports.http, protocol: "http", published: profile.publishData && replicas === 1 },
      diagnostic: { port: ports.diagnostic, protocol: "http", published: false },
    },
    // Not before it has policies; a registry may take a moment.
    probe: http(health, { port: "diagnostic", ...(registry ? { startSeconds: 60 } : {}) }),
    ...(registry ? { scratch: ["/tmp", pulled], egress: registryEgress(registry) } : {}),
  };
  const check = checkScript(name, path);
  const model: OpaModel = {
    run,
    config,
    configFile,
    ...(registry ? { registry: registry.registry } : {}),
    ...(bundle ? { bundle: bundle.files.map(({ path, content }) => ({ path: basename(path), content: String(content) })) } : {}),
  };
  return {
    kind: "OpaServer",
    name,
    problems: problems.length > 0 ? problems : problemsOf(name, findings, origins),
    warnings: (bundle?.unread ?? []).map((file) => `${file} is not read: policies are .rego files, and data is in data.json or data.yaml`),
    digest: digestOf("OpaServer", profile, server),
    secrets: registry?.token === undefined ? {} : { [tokenSecret]: { use: `token of ${name} for ${registry.registry}`, given: registry.token } },
    workloads: [server],
    // The script has no secret, so it needs no file.
    jobs: [
      { ...checkJob(name, tableContainer("toolbox", profile.resources.job), check), title: "decisions", entrypoint: ["sh", "-c", check], files: [] },
    ],
    connections: {
      default: { scheme: "http", workload: name, port: "http", path: `/v1/data/${path}` },
      diagnostic: { scheme: "http", workload: name, port: "diagnostic" },
    },
    model,
  };
}

/** Asks for a decision on an empty input; an answer without a result means that the path has nothing. */
const checkScript = (host: string, path: string) => `get() { timeout 10 wget -q -O - "$@"; }
get 'http://${host}:${ports.diagnostic}${health}' >/dev/null || { echo "not healthy"; exit 1; }
answer=$(get --header 'Content-Type: application/json' --post-data '{"input":{}}' http://${host}:${ports.http}/v1/data/${path}) || { echo "no answer from /v1/data/${path}"; exit 1; }
case "$answer" in *'"result":'*) ;; *) echo "nothing is at /v1/data/${path}: $answer"; exit 1 ;; esac
echo "${path} answers $(printf '%.150s' "$answer")"
`;
