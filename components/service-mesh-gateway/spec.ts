import { aPlatform, type Check, decimal, flag, integer, listOf, mapOf, matching, problemsOf, type Rules } from "../../src/core/checks.ts";
import type { CredentialSpec } from "../../src/core/credentials.ts";
import { digestOf, filesFolder as folder, tableContainer, tableServer } from "../../src/core/parts.ts";
import type { Settled } from "../../src/core/platform.ts";
import { http } from "../../src/core/probe.ts";
import type { Problem } from "../../src/core/problems.ts";
import type { Profile } from "../../src/core/profile.ts";
import type { SystemSpec } from "../../src/core/system.ts";
import { secretRef } from "../../src/core/text.ts";
import type { PortSpec, ResolvedBinding, WorkloadSpec } from "../../src/core/workload.ts";
import { gatewayCheck } from "./check.ts";
import { type GatewayModel, type Route, settledRoutes } from "./model.ts";
import { nginxConfig } from "./nginx/config.ts";
import { headersConfig, headersFile, securityHeaders } from "./nginx/headers.ts";
import { passConfig, passFile, routeConfig, routeFile } from "./nginx/route.ts";
import { type GatewaySettings, ports, statusPath } from "./nginx/settings.ts";
import { certificateFile, keyFile } from "./nginx/tls.ts";
import { healthPath, relations } from "./relations.ts";
import { hostName, routesCheck } from "./routes.ts";
import type { ServiceMeshGatewayArgs } from "./service-mesh-gateway.ts";
import { hstsCheck, hstsOf, type TlsArgs, tlsCheck } from "./tls-args.ts";

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
  const model: GatewayModel = { hosts, routes: settledRoutes(routes) };
  const { certificate = "development" } = tls;
  const development = certificate === "development";
  const cpus = given.cpus ?? profile.resources.service.cpus;
  const names = [...new Set([...hosts, name, ...(development ? ["localhost", "127.0.0.1"] : [])])];
  const settings: GatewaySettings = {
    names,
    routes: model.routes,
    minVersion: tls.minVersion ?? "1.2",
    hsts: hstsOf(given.hsts, development),
    headers: securityHeaders(given.securityHeaders ?? {}),
    gzip: given.gzip ?? true,
    workers: Math.ceil(cpus),
  };
  const secrets = certificateSecrets(name, certificate, names);
  const server: WorkloadSpec = {
    ...tableContainer("nginx", { memoryMiB: given.memoryMiB ?? profile.resources.service.memoryMiB, cpus }),
    ...tableServer("nginx"),
    name,
    replicas: given.replicas ?? 1,
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
    jobs: [gatewayCheck(name, model, authority, profile.resources.job)],
    connections: {
      default: { scheme: "https", workload: name, port: "https", tls: true, ...(secrets.ca ? { ca: "ca" } : {}) },
      status: { scheme: "http", workload: name, port: "status", path: statusPath },
    },
    model,
    asks: [{ capability: "gateway", path: "routes", value: Object.keys(routes) }],
  };
}

const published = (port: number): PortSpec => ({ port, protocol: "http", published: true });

function certificateSecrets(
  name: string,
  certificate: NonNullable<TlsArgs["certificate"]>,
  names: readonly string[],
): Record<string, CredentialSpec> {
  const use = (part: string) => `${part} of ${name}`;
  if (certificate === "development") {
    const parts = ["certificate", "key", "ca"] as const;
    return Object.fromEntries(parts.map((part) => [part, { use: use(part), certificate: { names, part } }]));
  }
  return Object.fromEntries(Object.entries(certificate).flatMap(([part, given]) => (given === undefined ? [] : [[part, { use: use(part), given }]])));
}

/** One binding for each version of each route: `API`, `API_CANARY`. */
const bindingsOf = (routes: readonly Route[]): ResolvedBinding[] =>
  routes.flatMap((route) =>
    route.upstreams.map(({ version, to }) => ({
      key: [route.name, ...(version ? [version] : [])].join("_").replaceAll("-", "_").toUpperCase(),
      to,
    })),
  );

function developmentProblems(component: string, profile: Profile, tls: TlsArgs): Problem[] {
  // Somebody who writes it down means it; nobody gets it in prod by leaving it out.
  if (profile.allowDevelopmentCertificate || tls.certificate === "development") return [];
  return [
    {
      component,
      path: "tls.certificate",
      value: tls.certificate,
      rule: `a certificate that is given: profile ${profile.name} takes none of a development authority`,
      fix: 'give tls.certificate: { certificate, key }, the key as a secret of the configuration; or write "development" and mean it',
    },
  ];
}
