import * as pulumi from "@pulumi/pulumi";
import type { AheadSpec } from "./platform.ts";
import { uriOf } from "./uri.ts";

/** How something is reached from the developer's machine. Plain: it is known before anything runs. */
export interface External {
  /** Host, as the developer's machine sees it. */
  readonly host: string;
  /** Port there. */
  readonly port: number;
  /** `host:port`. */
  readonly address: string;
}

/**
 * What a dependant waits for: resources that exist only when the system can serve. It goes into `dependsOn` as it is.
 * A plain list where it can be one: the SDK looks through whatever an Output holds, so a resource in one is walked with all
 * its outputs, each time the Output is passed on. That was a fifth of the samples in a profile of a recording.
 */
export type Ready = pulumi.Input<pulumi.Input<pulumi.Resource>[]>;

declare const endpointBrand: unique symbol;
/** A place in a platform's network; only the platform that made it opens it. */
export interface Endpoint {
  readonly [endpointBrand]: true;
}

/**
 * How a system is reached, with the same names on every platform. Only `password` and `uri` are secret.
 * A binding to it is also the permission to connect.
 */
export interface Connection {
  /** Component that serves it. */
  readonly system: string;
  /** Protocol of the URI, e.g. `postgres`. */
  readonly scheme: string;
  /** Name under which services of the stack find it. */
  readonly host: pulumi.Output<string>;
  /** Port that it listens on, as services of the stack see it. */
  readonly port: pulumi.Output<number>;
  /** `host:port`. */
  readonly address: pulumi.Output<string>;
  /** Everything in one text, credentials included where there are any; secret. */
  readonly uri: pulumi.Output<string>;
  /** Whether the connection speaks TLS. */
  readonly tls: boolean;
  /** Certificate authority in PEM, when `tls` needs one that clients do not know. */
  readonly ca?: pulumi.Output<string>;
  /** Variables that the clients of this protocol read by themselves, e.g. where an SDK finds its endpoint; a binding sets them, too. */
  readonly env: Readonly<Record<string, pulumi.Input<string>>>;
  /** As seen from the developer's machine; undefined when it is not published. */
  readonly external?: External;
  /** What a dependant waits for. */
  readonly ready: Ready;
  /** Its place in the network, for the platform alone. */
  readonly endpoint: Endpoint;
  /** Argument of a system elsewhere that must be given before anybody binds to this. @default none is missing */
  readonly missing?: string;
  /** Secret-free summary for outputs, graph and policies. */
  readonly summary: ConnectionSummary;
}

/** A connection that a user name and a password open. */
export interface CredentialConnection extends Connection {
  /** User that logs in. */
  readonly username: pulumi.Output<string>;
  /** Password of that user; secret. */
  readonly password: pulumi.Output<string>;
}

/** A connection to one database of a server. */
export interface DatabaseConnection extends CredentialConnection {
  /** Name of the database. */
  readonly database: pulumi.Output<string>;
}

export interface ConnectionSummary {
  readonly system: string;
  /** Workload of that system that serves it. */
  readonly workload: string;
  readonly scheme: string;
  /** A managed service tells its host when it is made. */
  readonly host: pulumi.Input<string>;
  readonly port: number;
  readonly tls: boolean;
  readonly username?: string;
  readonly database?: string;
  /** Path of the URI when it is not the database's. */
  readonly path?: string;
  readonly external?: string;
  /** Name under which the password is kept. */
  readonly credential?: string;
  /** The password itself, secret: of a system elsewhere, in a plan that is recorded and nowhere else. */
  readonly password?: pulumi.Output<string>;
  /** Connections that the server takes at once, of all clients, about; undefined where nobody knows. */
  readonly maxConnections?: number;
}

/** The plain facts of a connection, as a spec declares it. */
export interface ConnectionSpec {
  readonly scheme: string;
  readonly workload: string;
  /** Name of the port of that workload. */
  readonly port: string;
  readonly username?: string;
  /** Name of the credential that holds the password. */
  readonly secret?: string;
  /** It speaks TLS. @default false */
  readonly tls?: boolean;
  /** Name of the credential that holds the certificate authority, when clients do not know it. */
  readonly ca?: string;
  readonly database?: string;
  /** Path of the URI when it is not the database's. */
  readonly path?: string;
  /** Variables that the clients of this protocol read by themselves, from host and port. */
  readonly env?: (at: { readonly host: string; readonly port: number }) => Readonly<Record<string, string>>;
}

export interface ConnectionParts {
  readonly system: string;
  /** Workload of the system that serves it. @default the system */
  readonly workload?: string;
  readonly scheme: string;
  readonly host: pulumi.Input<string>;
  readonly port: number;
  readonly tls: boolean;
  /** Path and parameters of the URI when they are not those of the database. */
  readonly path?: string;
  readonly ca?: pulumi.Output<string>;
  /** Variables that the clients of this protocol read by themselves. */
  readonly env?: Readonly<Record<string, pulumi.Input<string>>>;
  readonly username?: string;
  readonly password?: pulumi.Output<string>;
  readonly credential?: string;
  readonly database?: string;
  /** Connections that the server takes at once, of all clients, about. @default nobody knows */
  readonly maxConnections?: number;
  readonly external?: External;
  readonly ready: Ready;
  readonly endpoint: Endpoint;
}

/** A connection from its parts; what may be secret in it is marked so. */
export function connect(parts: ConnectionParts): Connection & Partial<DatabaseConnection> {
  const { system, scheme, host, port, tls, username, database, external, path } = parts;
  const address = pulumi.interpolate`${host}:${port}`;
  const password = parts.password && pulumi.secret(parts.password);
  const plain = { scheme, port, username, database, path };
  const uri = password
    ? pulumi.secret(pulumi.all([host, password]).apply(([at, opens]) => uriOf({ ...plain, host: at, password: opens })))
    : pulumi.output(host).apply((at) => uriOf({ ...plain, host: at }));
  const summary: ConnectionSummary = {
    system,
    workload: parts.workload ?? system,
    scheme,
    host,
    port,
    tls,
    ...(username ? { username } : {}),
    ...(database ? { database } : {}),
    ...(parts.path ? { path: parts.path } : {}),
    ...(external ? { external: external.address } : {}),
    ...(parts.credential ? { credential: parts.credential } : {}),
    ...(parts.maxConnections ? { maxConnections: parts.maxConnections } : {}),
  };
  return {
    system,
    scheme,
    host: pulumi.output(host),
    port: pulumi.output(port),
    address,
    uri,
    tls,
    env: parts.env ?? {},
    ...(parts.ca ? { ca: parts.ca } : {}),
    ready: parts.ready,
    endpoint: parts.endpoint,
    summary,
    ...(external ? { external } : {}),
    ...(username && password ? { username: pulumi.output(username), password } : {}),
    ...(database ? { database: pulumi.output(database) } : {}),
  };
}

/** The way to a workload that is made later: nobody waits for it. */
export function connectAhead(part: AheadSpec, endpoint: Endpoint, host: string = part.workload): Connection {
  const { system, workload, scheme, port, env } = part;
  return connect({
    system,
    workload,
    scheme,
    host,
    port,
    tls: false,
    ...(env ? { env: env({ host, port }) } : {}),
    ready: [],
    endpoint,
  });
}

/** Stands in for a connection of a component that has problems, so that the program can go on and find more. */
export function stubConnection(system: string, spec: ConnectionSpec): Connection {
  return connect({
    system,
    workload: spec.workload,
    scheme: spec.scheme,
    host: spec.workload,
    port: 1,
    tls: spec.tls ?? false,
    ...(spec.username ? { username: spec.username, password: pulumi.output("") } : {}),
    ...(spec.database ? { database: spec.database } : {}),
    ready: [],
    endpoint: {} as Endpoint,
  });
}

/** Summaries by connection, for the outputs of a component; what nobody can use is left out. */
export const summariesOf = (connections: Readonly<Record<string, Connection>>): Record<string, ConnectionSummary> =>
  Object.fromEntries(Object.entries(connections).flatMap(([key, { summary, missing }]) => (missing === undefined ? [[key, summary]] : [])));
