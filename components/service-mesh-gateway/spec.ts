import { aPlatform, type Check, decimal, flag, integer, listOf, mapOf, matching, oneOf, problemsOf, type Rules } from "../../src/core/checks.ts";
import { overridesCheck } from "../../src/core/override-book.ts";
import { digestOf, filesFolder as folder, tableContainer, tableServer } from "../../src/core/parts.ts";
import type { Settled } from "../../src/core/platform.ts";
import { http } from "../../src/core/probe.ts";
import type { SystemSpec } from "../../src/core/system.ts";
import { secretRef } from "../../src/core/text.ts";
import type { PortSpec, ResolvedBinding, WorkloadSpec } from "../../src/core/workload.ts";
import { adminFindings, adminRoutesCheck, authCheck, authOf, notServed, settledAdminRoutes } from "./admin.ts";
import { targetAsks } from "./asks.ts";
import { gatewayAwsCheck, usualRequestsPerClient } from "./aws-args.ts";
import { certificateSecrets, developmentProblems, developmentWarning } from "./certificate.ts";
import { authorityFile, gatewayCheck, nginxChecked } from "./check.ts";
import { certificateOf, declaredPaths, type GatewayModel, type Route, settledRoutes, wrongArguments } from "./model.ts";
import { nginxConfig } from "./nginx/config.ts";
import { answerHeaders, headersConfig, headersFile } from "./nginx/headers.ts";
import { passConfig, passFile, routeConfig, routeFile } from "./nginx/route.ts";
import { type GatewaySettings, ports, statusPath } from "./nginx/settings.ts";
import { certificateFile, keyFile } from "./nginx/tls.ts";
import { healthPath, relations } from "./relations.ts";
import { hostName, routesCheck } from "./routes.ts";
import type { ServiceMeshGatewayArgs } from "./service-mesh-gateway.ts";
import { hstsCheck, hstsOf, tlsCheck } from "./tls-args.ts";

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
  adminRoutes: adminRoutesCheck,
  auth: authCheck,
  aws: gatewayAwsCheck,
  overrides: overridesCheck,
};

/** A spec that tells what was declared. */
export type GatewaySpec = SystemSpec & { readonly model: GatewayModel };

/** Everything about a gateway that does not depend on the target. */
export function gatewaySpec(name: string, { args, profile, problems, origins }: Settled<ServiceMeshGatewayArgs>): GatewaySpec {
  // Wrong arguments are reported and not used: defaults take their place. The others are looked at all the same.
  const wrong = wrongArguments(problems);
  const given: Partial<ServiceMeshGatewayArgs> = Object.fromEntries(Object.entries(args).filter(([key]) => !wrong.includes(key)));
  const { hosts = ["localhost"], tls = {}, routes = {}, adminRoutes = {}, auth } = given;
  const admin = settledAdminRoutes(adminRoutes, hosts);
  const { certificate = "development" } = tls;
  const development = certificate === "development";
  const cpus = given.cpus ?? profile.resources.service.cpus;
  const names = [...new Set([...hosts, name, ...(development ? ["localhost", "127.0.0.1"] : [])])];
  const model: GatewayModel = {
    hosts,
    names,
    routes: settledRoutes(routes),
    admin: auth ? admin : [],
    auth: auth && authOf(auth),
    certificate: certificateOf(certificate),
    minVersion: tls.minVersion ?? "1.2",
    headers: answerHeaders(given.securityHeaders ?? {}, hstsOf(given.hsts, development)),
    gzip: given.gzip ?? true,
    replicas: given.replicas ?? 1,
    resources: { memoryMiB: given.memoryMiB ?? profile.resources.service.memoryMiB, cpus },
    api: given.api ?? "gateway-api",
    allowFrom: given.aws?.allowFrom ?? ["0.0.0.0/0"],
    countOnly: given.aws?.countOnly ?? [],
    maxRequestsPerClient: given.aws?.maxRequestsPerClient ?? (profile.guardData && usualRequestsPerClient),
    declared: declaredPaths(given),
    wrong,
    server: "nginx",
  };
  const settings: GatewaySettings = { ...model, workers: Math.ceil(cpus) };
  const secrets = {
    ...certificateSecrets(name, certificate, names),
    ...(auth && "oidc" in auth ? { clientSecret: { use: `login of ${name}`, given: auth.oidc.clientSecret } } : {}),
  };
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
  // Of what is wrong by itself nothing is said about how it goes with the rest.
  const between = () => {
    if (wrong.includes("routes") || wrong.includes("hosts")) return [];
    return [...relations(name, routes, hosts), ...(wrong.includes("adminRoutes") ? [] : adminFindings(admin, routes, hosts))];
  };
  const authority = "ca" in secrets ? "ca" : "certificate";
  return {
    kind: "ServiceMeshGateway",
    name,
    problems: [
      ...problems,
      ...problemsOf(name, between(), origins),
      ...(development && !wrong.includes("tls") ? developmentProblems(name, profile, tls) : []),
    ],
    warnings: [...(development ? [developmentWarning] : []), ...unserved(given)],
    digest: digestOf("ServiceMeshGateway", profile, server),
    secrets,
    workloads: [server],
    jobs: [gatewayCheck(name, model, nginxChecked(hosts), [authorityFile(authority)], profile.resources.job)],
    connections: {
      default: { scheme: "https", workload: name, port: "https", tls: true, ...("ca" in secrets ? { ca: "ca" } : {}) },
      status: { scheme: "http", workload: name, port: "status", path: statusPath },
    },
    model,
    asks: targetAsks(given),
  };
}

/** Without a login nobody would be asked who they are. */
const unserved = ({ adminRoutes = {}, auth }: Partial<ServiceMeshGatewayArgs>): string[] =>
  auth || Object.keys(adminRoutes).length === 0 ? [] : [notServed(Object.keys(adminRoutes))];

const published = (port: number): PortSpec => ({ port, protocol: "http", published: true });

/** One binding for each version of each route: `API`, `API_CANARY`. */
export const bindingsOf = (routes: readonly Route[]): ResolvedBinding[] =>
  routes.flatMap((route) =>
    route.upstreams.map(({ version, to }) => ({
      key: [route.name, ...(version ? [version] : [])].join("_").replaceAll("-", "_").toUpperCase(),
      to,
    })),
  );
