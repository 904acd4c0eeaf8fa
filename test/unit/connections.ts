import * as pulumi from "@pulumi/pulumi";
import { type Connection, connect, type DatabaseConnection, type Endpoint } from "../../src/core/connection.ts";
import type { Observable, Observed } from "../../src/core/observed.ts";

export interface Credentials {
  readonly username?: string;
  readonly password?: string;
  readonly database?: string;
  /** @default "postgres" */
  readonly scheme?: string;
  readonly path?: string;
}

/** A connection as a component on any platform offers it. */
export function connectionTo(
  system: string,
  { username, password, database, scheme = "postgres", path }: Credentials = {},
): Connection & Partial<DatabaseConnection> {
  return connect({
    system,
    scheme,
    host: system,
    port: 5432,
    tls: false,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password: pulumi.output(password) }),
    ...(database === undefined ? {} : { database }),
    ...(path === undefined ? {} : { path }),
    ready: pulumi.output<pulumi.Resource[]>([]),
    endpoint: {} as Endpoint,
  });
}

/** A component as ObservabilityStack sees it. */
export const watched = (kind: string, name: string, more: Partial<Observed> = {}): Observable => ({
  observed: { kind, name, replicas: 1, facts: {}, ...more },
});

export const resolved = <T>(output: pulumi.Output<T>): Promise<T> => new Promise((resolve) => output.apply((value) => resolve(value as T)));
