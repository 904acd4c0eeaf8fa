import { unknownSecret } from "../core/given-secret.ts";
import type { ConnectionRow } from "./connections.ts";
import { containersOf } from "./containers.ts";
import { objectsOf, serversOf } from "./kubernetes.ts";
import { componentsOf, type Plan } from "./plan.ts";

/** An environment variable, as it is on the developer's machine. */
export interface Variable {
  readonly name: string;
  readonly value: string;
  /** It holds a password, or something else that is marked secret. */
  readonly secret: boolean;
  /** It holds a secret whose value is not at hand here. */
  readonly unknown?: true;
  /** Connection that it tells of; undefined when there is no way to it from outside. */
  readonly to?: ConnectionRow;
}

/** `DB_APP_URL`: as the short form of a binding with the name of the component for its key. What is not reached from outside is left out. */
export const allVariables = (rows: readonly ConnectionRow[]): Variable[] =>
  rows.flatMap((row) =>
    row.outside
      ? [
          {
            name: `${[row.component, ...(row.name === "default" ? [] : [row.name])].map(capitals).join("_")}_URL`,
            value: row.outside.uri,
            secret: row.password !== undefined,
            ...(row.unknown ? { unknown: true as const } : {}),
            to: row,
          },
        ]
      : [],
  );

const capitals = (name: string) => name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, "_");

/** The variables that the bindings of a service give it, with the addresses that hold on the developer's machine. */
export function serviceVariables(plan: Plan, service: string, rows: readonly ConnectionRow[]): Variable[] {
  const component = componentsOf(plan).find(({ name }) => name === service);
  const { bindings = {}, variables = [] } = (component?.outputs ?? {}) as { bindings?: Record<string, string>; variables?: string[] };
  const given = givenTo(plan, service);
  return variables.flatMap((told) => {
    const [key = "", name = ""] = told.split("=");
    const inside = given.get(name);
    if (inside === undefined) return [];
    const to = rows.filter(({ workload, inside: at }) => `${workload}:${at.port}` === bindings[key]);
    const reached = to.find((row) => inside.value === row.inside.uri) ?? to[0];
    // On Kubernetes everything that was an output lies in a Secret, also what opens nothing.
    const opensNothing = to.some((row) => isPlain(inside.value, row));
    const secret = (inside.secret && !opensNothing) || plan.credentials.some(({ value }) => inside.value.includes(value));
    const unknown = inside.value.includes(unknownSecret) ? { unknown: true as const } : {};
    const value = reached ? outsideOf(inside.value, reached) : inside.value;
    return [{ name, value, secret, ...unknown, ...(reached?.outside ? { to: reached } : {}) }];
  });
}

/** A part of a connection that is no secret; the whole of it is one where a password is in it. */
const isPlain = (value: string, { inside: { host, port, uri }, username, database, password }: ConnectionRow) =>
  [host, String(port), `${host}:${port}`, username, database, ...(password === undefined ? [uri] : [])].includes(value);

/** A whole URI, an address within a text, or a host or a port by itself. */
function outsideOf(value: string, { inside, outside }: ConnectionRow): string {
  if (!outside) return value;
  if (value === inside.host) return outside.host;
  if (value === String(inside.port)) return String(outside.port);
  const address = new RegExp(`(?<![\\w.-])${inside.host.replaceAll(".", "\\.")}:${inside.port}(?!\\d)`, "g");
  return value.replaceAll(address, `${outside.host}:${outside.port}`);
}

interface Given {
  readonly value: string;
  readonly secret: boolean;
}

/** Environment of the main workload of a component, with what lies in a Secret read from there. */
function givenTo(plan: Plan, component: string): ReadonlyMap<string, Given> {
  const container = containersOf(plan).find((other) => other.role === "server" && other.component === component);
  if (container) {
    const { secretInputs } = container.resource;
    return new Map(
      (container.inputs.envs ?? []).map((entry, index) => {
        const at = entry.indexOf("=");
        return [entry.slice(0, at), { value: entry.slice(at + 1), secret: secretInputs.includes(`envs[${index}]`) }];
      }),
    );
  }
  const secrets = objectsOf(plan).filter(({ kind }) => kind === "Secret");
  const env = serversOf(plan).find((server) => server.component === component)?.pod.containers[0]?.env ?? [];
  return new Map(
    env.flatMap(({ name, value, valueFrom }): [string, Given][] => {
      const ref = valueFrom?.secretKeyRef;
      if (!ref) return value === undefined ? [] : [[name, { value, secret: false }]];
      const kept = secrets.find((other) => other.name === ref.name);
      const text = ((kept?.manifest.stringData ?? {}) as Record<string, string>)[ref.key];
      return text === undefined ? [] : [[name, { value: text, secret: kept?.resource.secretInputs.includes(`stringData.${ref.key}`) ?? true }]];
    }),
  );
}
