import { aPlatform, type Check, decimal, flag, integer, listOf, mapOf, matching, oneOf, problemsOf, type Rules } from "../../src/core/checks.ts";
import { digestOf, filesFolder as folder, tableContainer, tableServer } from "../../src/core/parts.ts";
import type { Settled } from "../../src/core/platform.ts";
import { http } from "../../src/core/probe.ts";
import type { Ask, SystemSpec } from "../../src/core/system.ts";
import { secretRef } from "../../src/core/text.ts";
import type { PortSpec, ResolvedBinding, WorkloadSpec } from "../../src/core/workload.ts";
import { certificateSecrets, developmentProblems } from "./certificate.ts";
import { authorityFile, gatewayCheck, nginxChecked } from "./check.ts";
import { certificateOf, declaredPaths, type GatewayModel, type Route, settledRoutes } from "./model.ts";
import { nginxConfig } from "./nginx/config.ts";
import { answerHeaders, headersConfig, headersFile } from "./nginx/headers.ts";
import { passConfig, passFile, routeConfig, routeFile } from "./nginx/route.ts";
import { type GatewaySettings, ports, statusPath } from "./nginx/settings.ts";
import { certificateFile, keyFile } from "./nginx/tls.ts";
import { healthPath, relations } from "./relations.ts";
import { hostName, routesCheck } from "./routes.ts";
import type { ServiceMeshGatewayArgs } from "./service-mesh-gateway.ts";
import { hstsCheck, hstsOf, isIssued, tlsCheck } from "./tls-args.ts";

const headerValue: Check = (value, at) =>
  value === false
    ? []
    : matching(
        /^[^"\\$\p{Cc}]{1,2000}$/u,
        'text without ", \\ and $, or false',
        "write the value of the header, or false to leave it out",
      )(value, at);

export const gatewayRules: Rules<ServiceMeshGatewayArgs> = {
  platform: aPlatform,
  api: oneOf(["gateway-api", "istio"]),
  hosts: listOf(hostName, 1),
  routes: routesCheck,
  tls: tlsCheck,
  hsts: hstsCheck,
  securityHeaders: mapOf(matching(/^[A-Za-z][A-Za-z0-9-]*$/, "the name of a header", "e.g. Permissions-Policy"), headerValue),
  gzip: flag,
  replicas: integer(1, 50),
  memoryMiB: integer(64, 65_536, "MiB"),
  cpus: decimal(0.05, 64),
};

/** A spec that tells what was declared. */
export type GatewaySpec = SystemSpec & { readonly model: GatewayModel };

/** Everything about a gateway that does not depend on the target. */
export function gatewaySpec(name: string, { args, profile, problems, origins }: Settled<ServiceMeshGatewayArgs>): GatewaySpec {
  // Wrong arguments are reported and not used: defaults take their place.
  const given: Partial<ServiceMeshGatewayArgs> = problems.length > 0 ? {} : args;
  const { hosts = ["localhost"], tls = {}, routes = {} } = given;
  const { certificate = "development" } = tls;
  const development = certificate === "development";
  const cpus = given.cpus ?? profile.resources.service.cpus;
  const names = [...new Set([...hosts, name, ...(development ? ["localhost", "127.0.0.1"] : [])])];
  const model: GatewayModel = {
    hosts,
    names,
    routes: settledRoutes(routes),
    certificate: certificateOf(certificate),
    minVersion: tls.minVersion ?? "1.2",
    headers: answerHeaders(given.securityHeaders ?? {}, hstsOf(given.hsts, development)),
    gzip: given.gzip ?? true,
    replicas: given.replicas ?? 1,
    resources: { memoryMiB: given.memoryMiB ?? profile.resources.service.memoryMiB, cpus },
    api: given.api ?? "gateway-api",
    declared: declaredPaths(given),
    server: "nginx",
  };
  const settings: GatewaySettings = { ...model, workers: Math.ceil(cpus) };
  const secrets = certificateSecrets(name, certificate, names);
  const server: WorkloadSpec = {
    ...tableContainer("nginx", model.resources),
    ...tableServer("nginx"),
    name,
    replicas: model.replicas,
    identity: "any",
    // Not the image's own entry point: it writes into the root.
    entrypoint: ["nginx", "-e", "stderr", "-c", `${folder}/nginx.conf`],
    files: [
      { path: `${folder}/nginx.conf`, content: nginxConfig(settings) },
      { path: `${folder}/${headersFile}`, content: headersConfig(settings) },
      ...model.routes.flatMap((route) => [
        { path: `${folder}/${routeFile(route)}`, content: routeConfig(route) },
        { path: `${folder}/${passFile(route)}`, content: passConfig(route, settings) },
      ]),
      { path: certificateFile, content: { parts: [secretRef("certificate")] } },
      { path: keyFile, content: { parts: [secretRef("key")] } },
    ],
    volumes: [],
    ports: {
      http: published(ports.http),
      https: published(ports.https),
      status: { port: ports.status, protocol: "http", published: false },
    },
    probe: http(healthPath, { port: "status", startSeconds: 20 }),
    bindings: bindingsOf(model.routes),
  };
  const authority = secrets.ca ? "ca" : "certificate";
  return {
    kind: "ServiceMeshGateway",
    name,
    problems:
      problems.length > 0
        ? problems
        : [...problemsOf(name, relations(name, routes, hosts), origins), ...(development ? developmentProblems(name, profile, tls) : [])],
    warnings: development
      ? ["its certificate is issued by this project's development authority; clients must trust .groundplan/development-ca/ca.crt"]
      : [],
    digest: digestOf("ServiceMeshGateway", profile, server),
    secrets,
    workloads: [server],
    jobs: [gatewayCheck(name, model, nginxChecked(hosts), [authorityFile(authority)], profile.resources.job)],
    connections: {
      default: { scheme: "https", workload: name, port: "https", tls: true, ...(secrets.ca ? { ca: "ca" } : {}) },
      status: { scheme: "http", workload: name, port: "status", path: statusPath },
    },
    model,
    asks: [{ capability: "gateway", path: "routes", value: Object.keys(routes) }, ...clusterAsks(given)],
  };
}

/** What only a cluster has. */
const clusterAsks = ({ api, tls }: Partial<ServiceMeshGatewayArgs>): Ask[] => [
  ...(api === undefined ? [] : [{ capability: "gatewayInterface" as const, path: "api", value: api }]),
  ...(tls?.certificate !== undefined && isIssued(tls.certificate)
    ? [{ capability: "issuers" as const, path: "tls.certificate.issuer", value: tls.certificate.issuer }]
    : []),
];

const published = (port: number): PortSpec => ({ port, protocol: "http", published: true });

/** One binding for each version of each route: `API`, `API_CANARY`. */
const bindingsOf = (routes: readonly Route[]): ResolvedBinding[] =>
  routes.flatMap((route) =>
    route.upstreams.map(({ version, to }) => ({
      key: [route.name, ...(version ? [version] : [])].join("_").replaceAll("-", "_").toUpperCase(),
      to,
    })),
  );
