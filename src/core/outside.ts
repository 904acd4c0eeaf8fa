import { isIPv4 } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import { type Connection, connect, type Endpoint, type External, stubConnection } from "./connection.ts";
import { type ExistingSystem, thisMachine } from "./existing.ts";
import { openSecret, secretFindings } from "./given-secret.ts";
import type { Realised, Target } from "./platform.ts";
import type { Problem } from "./problems.ts";
import type { SystemSpec } from "./system.ts";
import type { EgressRule, ResolvedBinding } from "./workload.ts";

/** A way out, and the addresses behind its host where somebody knows them. */
export interface OutsideAddress extends EgressRule {
  readonly cidr?: string;
}

/** A port of a system that runs outside of the stack: what a binding to it opens. */
export interface OutsideServer extends OutsideAddress {
  /** Component that stands for it. */
  readonly system: string;
  /** Id of its security group. */
  readonly securityGroup?: pulumi.Input<string>;
}

/** What keeps a target from leading to a system elsewhere. */
export function outsideProblems(target: Target, spec: SystemSpec): Problem[] {
  const { existing } = spec;
  if (!existing) return [];
  const { host, network = {}, secrets } = existing;
  const problem = (path: string, value: unknown, rule: string, fix: string): Problem => ({ component: spec.name, path, value, rule, fix });
  const named = network.cidr !== undefined || (target === "aws" && network.securityGroup !== undefined);
  const unread = Object.entries(secrets).flatMap(([key, secret]) => (secret ? secretFindings(secret, `existing.${key}`) : []));
  return [
    ...(host === thisMachine && target !== "docker"
      ? [problem("existing.host", host, `a host that ${target} reaches: ${thisMachine} is a name of Docker alone`, "give the name of the machine")]
      : []),
    ...(typeof host !== "string" && target !== "docker" && !named
      ? [
          problem(
            "existing.network.cidr",
            undefined,
            "required where the host is known later: a rule of the network is made from it",
            "give the range of its addresses",
          ),
        ]
      : []),
    ...unread.map((finding) => ({ component: spec.name, ...finding })),
  ];
}

/** What a binding opens more widely than the one system, and what is not read. */
export function outsideWarnings(target: Target, { existing }: SystemSpec): string[] {
  if (!existing || target === "docker") return [];
  const { host, network = {} } = existing;
  const byName = typeof host === "string" && !isIPv4(host) && namespaceOf(host) === undefined;
  const open = network.cidr === undefined && !(target === "aws" && network.securityGroup !== undefined) && byName;
  const whom = target === "aws" ? "every address" : "every address outside the private ranges";
  return [
    ...(open ? [`existing.host is a name: whoever is bound to it may go to its port at ${whom}; existing.network.cidr narrows that`] : []),
    ...(target === "kubernetes" && network.securityGroup !== undefined ? ["existing.network.securityGroup: only AWS has security groups"] : []),
  ];
}

/** Connections to a system elsewhere; a target seals what a binding opens, and may know better how one of them is opened. */
export function realiseOutside(
  spec: SystemSpec,
  existing: ExistingSystem,
  problems: readonly Problem[],
  seal: (server: OutsideServer, key: string) => Endpoint,
  external: (host: string, port: number) => External | undefined = () => undefined,
): Realised {
  const { host, ports, secrets, ca, network } = existing;
  const entries = Object.entries(spec.connections).map(([key, c]): [string, Connection] => {
    const port = ports[c.port];
    const given = c.secret === undefined ? undefined : secrets[c.secret];
    // Nobody said how it is reached: whoever binds to it is told so.
    const missing = port === undefined ? c.port : given ? undefined : c.secret;
    if (port === undefined || missing !== undefined) return [key, { ...stubConnection(spec.name, c), missing: `existing.${missing}` }];
    if (problems.length > 0) return [key, stubConnection(spec.name, c)];
    const plain = typeof host === "string" ? host : undefined;
    const outside = plain === undefined ? undefined : external(plain, port);
    const server: OutsideServer = { system: spec.name, host: plain ?? `${spec.name}.existing.internal`, port, ...network };
    const password = given && openSecret(given);
    const connection = connect({
      system: spec.name,
      scheme: c.scheme,
      host,
      port,
      tls: c.tls ?? false,
      ready: pulumi.output([] as pulumi.Resource[]),
      endpoint: seal(server, key),
      ...(password ? { username: c.username ?? "", password } : {}),
      ...(c.database ? { database: c.database } : {}),
      ...(c.path ? { path: c.path } : {}),
      ...(existing.env ? { env: mapValues(existing.env, (value) => (typeof value === "string" ? value : openSecret(value))) } : {}),
      ...(ca === undefined ? {} : { ca: pulumi.output(ca) }),
      ...(outside ? { external: outside } : {}),
    });
    // No credential of the stack tells the recorder what it is; the state of an engine does not need it a second time.
    const told = password && process.env.GROUNDPLAN_RECORDING ? { ...connection, summary: { ...connection.summary, password } } : connection;
    return [key, told];
  });
  return { connections: Object.fromEntries(entries) };
}

/** Systems elsewhere behind bindings, each port once. */
export function boundOutside(bindings: readonly ResolvedBinding[] = [], open: (endpoint: Endpoint) => OutsideServer | undefined): OutsideServer[] {
  const servers = bindings.flatMap(({ to }) => open(to.endpoint) ?? []);
  return [...new Map(servers.map((server) => [`${server.system} ${server.port}`, server])).values()];
}

/** Namespace of a Service that is named in full: `db.data.svc.cluster.local` is in `data`. */
export const namespaceOf = (host: string): string | undefined => /^[^.]+\.([a-z0-9-]+)\.svc(\.|$)/.exec(host)?.[1];

const mapValues = <V, R>(record: Readonly<Record<string, V>>, map: (value: V) => R): Record<string, R> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
