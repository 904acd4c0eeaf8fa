import * as pulumi from "@pulumi/pulumi";
import { type Connection, connect, type DatabaseConnection, type Endpoint } from "../../src/core/connection.ts";

export interface Credentials {
  readonly username?: string;
  readonly password?: string;
  readonly database?: string;
}

/** A connection as a component on any platform offers it. */
export function connectionTo(system: string, { username, password, database }: Credentials = {}): Connection & Partial<DatabaseConnection> {
  return connect({
    system,
    scheme: "postgres",
    host: system,
    port: 5432,
    tls: false,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password: pulumi.output(password) }),
    ...(database === undefined ? {} : { database }),
    ready: pulumi.output<pulumi.Resource[]>([]),
    endpoint: {} as Endpoint,
  });
}

export const resolved = <T>(output: pulumi.Output<T>): Promise<T> => new Promise((resolve) => output.apply((value) => resolve(value as T)));
