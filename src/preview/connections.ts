import type { ConnectionSummary } from "../core/connection.ts";
import { unknownSecret } from "../core/given-secret.ts";
import { uriOf } from "../core/uri.ts";
import { forward, isForwarded, serviceOf } from "./endpoints.ts";
import { servicesOf } from "./kubernetes.ts";
import { componentsOf, type Plan } from "./plan.ts";

/** One side of a connection. */
export interface Reached {
  readonly host: string;
  readonly port: number;
  /** With the password that the plan holds. */
  readonly uri: string;
}

/** A connection of a component, from inside the stack and from the developer's machine. */
export interface ConnectionRow {
  readonly component: string;
  /** As the component calls it; `default` where it has one. */
  readonly name: string;
  readonly workload: string;
  readonly scheme: string;
  readonly tls: boolean;
  readonly inside: Reached;
  /** Undefined when nothing leads there from outside. */
  readonly outside?: Reached;
  /** What to run first, so that `outside` is there. */
  readonly way?: string;
  readonly username?: string;
  readonly database?: string;
  /** Name of the password. */
  readonly credential?: string;
  /** As the plan holds it: a stand-in, unless the plan was recorded with the real ones. */
  readonly password?: string;
  /** It is given to a system elsewhere, and its value is not at hand here. */
  readonly unknown?: true;
}

/** A summary as the recorder has it: with plain values. */
type Recorded = Omit<ConnectionSummary, "password"> & { readonly password?: string };

/** Every connection of a plan, in the order of the topology. In a cluster a port is brought here by kubectl, each to a number of its own. */
export function connectionsOf(plan: Plan, context?: string): ConnectionRow[] {
  const services = servicesOf(plan);
  const local = localPorts();
  return componentsOf(plan).flatMap(({ name: component, outputs }) =>
    Object.entries((outputs.connections ?? {}) as Record<string, Recorded>).map(([name, recorded]): ConnectionRow => {
      const { scheme, port, tls, username, database, path, credential, external, workload } = recorded;
      const host = String(recorded.host);
      const password = recorded.password ?? plan.credentials.find((known) => known.name === credential)?.value;
      const reached = (at: string, number: number): Reached => ({
        host: at,
        port: number,
        uri: uriOf({ scheme, host: at, port: number, username, password, database, path }),
      });
      const service = serviceOf(services, { host });
      const here = service && isForwarded(service, outputs.published, port) ? local(service.name, port) : undefined;
      const [outHost = "", outPort = ""] = external?.split(":") ?? [];
      return {
        component,
        name,
        workload,
        scheme,
        tls,
        inside: reached(host, port),
        ...(external ? { outside: reached(outHost, Number(outPort)) } : {}),
        ...(service && here && !external
          ? { outside: reached("127.0.0.1", here), way: forward(plan, service.name, here === port ? `${port}` : `${here}:${port}`, context) }
          : {}),
        ...(username ? { username } : {}),
        ...(database ? { database } : {}),
        ...(credential ? { credential } : {}),
        ...(password === undefined ? {} : { password }),
        ...(password === unknownSecret ? { unknown: true as const } : {}),
      };
    }),
  );
}

/** The row with another word in place of its password. */
export function withWord(row: ConnectionRow, word: string): ConnectionRow {
  const { password, inside, outside } = row;
  if (password === undefined) return row;
  const said = `:${encodeURIComponent(password)}@`;
  const other = (at: Reached): Reached => ({ ...at, uri: at.uri.replace(said, () => `:${word}@`) });
  return { ...row, inside: other(inside), ...(outside ? { outside: other(outside) } : {}), password: word };
}

/** The port itself, or the next one that no other service has. */
function localPorts() {
  const taken = new Map<number, string>();
  return (service: string, port: number): number => {
    let number = port;
    while (taken.has(number) && taken.get(number) !== `${service}:${port}`) number += 1;
    taken.set(number, `${service}:${port}`);
    return number;
  };
}
