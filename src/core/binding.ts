import type { Input } from "@pulumi/pulumi";
import { isRecord } from "./checks.ts";
import type { Connection } from "./connection.ts";
import type { Problem } from "./problems.ts";
import type { ResolvedBinding } from "./workload.ts";

/**
 * A permission to connect, and the environment variables that tell how.
 * The short form `DATABASE: db.databases.app` gives `DATABASE_URL`; the long form names the variables itself.
 */
export type Binding<C extends Connection = Connection> = C | BindingWithEnv<C>;

/** The long form of a binding, which names its variables. `bind` keeps the type of the connection. */
export interface BindingWithEnv<C extends Connection = Connection> {
  /** The connection that may be opened. */
  readonly to: C;
  /** Variable name -> what it holds. Replaces the default `<KEY>_URL`. */
  readonly env: Readonly<Record<string, (connection: C) => Input<string>>>;
}

/** Bindings of a service, by a key in capitals: `DATABASE` gives `DATABASE_URL`. */
// biome-ignore lint/suspicious/noExplicitAny: bindings of one map point to different kinds of connections
export type Bindings = Readonly<Record<string, Connection | BindingWithEnv<any>>>;

/** Keeps the type of the connection for the callbacks: `bind(temporal.connection, { TEMPORAL_HOST: (c) => c.address })`. */
export const bind = <C extends Connection>(to: C, env: BindingWithEnv<C>["env"]): BindingWithEnv<C> => ({ to, env });

const variable = /^[A-Z][A-Z0-9_]*$/;

export interface ResolvedBindings {
  readonly bindings: readonly ResolvedBinding[];
  readonly env: Readonly<Record<string, Input<string>>>;
  readonly problems: readonly Problem[];
}

export function resolveBindings(component: string, bindings: Bindings): ResolvedBindings {
  const resolved: ResolvedBinding[] = [];
  const env: Record<string, Input<string>> = {};
  const problems: Problem[] = [];
  const bad = (path: string, value: unknown, rule: string, fix: string) => problems.push({ component, path, value, rule, fix });
  for (const [key, binding] of Object.entries(bindings)) {
    const path = `bindings.${key}`;
    const to: unknown = isLong(binding) ? binding.to : binding;
    if (!variable.test(key)) bad(path, key, "a key in capitals, digits and _", "use e.g. DATABASE");
    if (!isConnection(to)) {
      bad(path, typeof to, "a connection of another component", "bind to e.g. db.databases.app or bus.connection, not to the component");
      continue;
    }
    if (to.missing !== undefined) bad(path, to.system, "a way that it has: it runs elsewhere", `give ${to.missing} of ${to.system}`);
    if (to.system === component) bad(path, to.system, "another component", "remove it: a component reaches itself anyway");
    const wanted: Readonly<Record<string, unknown>> = isLong(binding) ? binding.env : { [`${key}_URL`]: (c: Connection) => c.uri };
    resolved.push({ key, to, variables: [...Object.keys(to.env), ...Object.keys(wanted)] });
    for (const [name, value] of Object.entries(to.env)) {
      if (Object.hasOwn(env, name) && env[name] !== value) {
        bad(
          path,
          name,
          `one value of ${name}, which clients of ${to.system} read by themselves; another binding sets another`,
          "bind this service to one of the two",
        );
      }
      env[name] = value;
    }
    for (const [name, value] of Object.entries(wanted)) {
      if (!variable.test(name)) bad(`${path}.env.${name}`, name, "a variable name in capitals, digits and _", "use e.g. DATABASE_URL");
      if (Object.hasOwn(env, name)) bad(`${path}.env.${name}`, name, "a variable that no other binding sets", "rename one of the two");
      const given = typeof value === "function" ? (value as (connection: Connection) => Input<string> | undefined)(to) : undefined;
      if (given !== undefined) env[name] = given;
      else if (typeof value === "function") {
        bad(
          `${path}.env.${name}`,
          to.scheme,
          "something that this kind of connection has",
          "a password and a database are there only where the system has them",
        );
      } else bad(`${path}.env.${name}`, value, "a function of the connection", "write e.g. (c) => c.host, or plain values under env of the service");
    }
  }
  return { bindings: resolved, env, problems };
}

const isLong = (binding: unknown): binding is BindingWithEnv => isRecord(binding) && "to" in binding && isRecord(binding.env);

export const isConnection = (value: unknown): value is Connection =>
  isRecord(value) && isRecord(value.endpoint) && isRecord(value.summary) && "uri" in value;
