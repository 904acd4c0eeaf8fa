import type { ConnectionRow } from "../../preview/connections.ts";

/** The client of a system, to run in its own container. */
export interface Client {
  readonly command: readonly string[];
  /** Holds the password, so that it is in no list of processes. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The client that the image of a server has for its own protocol, logged in as services are: by the connection with the
 * name of a database of its own or `default`, never as the one that only looks on. Undefined for other protocols.
 */
export function clientOf(rows: readonly ConnectionRow[], component: string): Client | undefined {
  const own = rows.filter((row) => row.component === component && row.password !== undefined && row.name !== "monitor" && row.name !== "system");
  const row = own.find(({ name }) => name === "default") ?? own[0];
  if (!row) return undefined;
  const { scheme, inside, username = "", password = "", database } = row;
  if (scheme === "postgres") {
    const command = ["psql", "-h", "127.0.0.1", "-p", String(inside.port), "-U", username, ...(database ? ["-d", database] : [])];
    return { command, env: { PGPASSWORD: password } };
  }
  if (scheme === "redis") return { command: ["redis-cli", "-p", String(inside.port), "--user", username], env: { REDISCLI_AUTH: password } };
  return undefined;
}
