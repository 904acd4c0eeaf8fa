import { isToldBeside, looksSecret, withoutTold } from "../core/plain-secrets.ts";

/** Version of the plan's JSON form; raised when a reader of an older one would misread it. */
export const planVersion = 1;

/** One resource as the program asked for it: nothing left out, nothing unknown. */
export interface PlanResource {
  readonly urn: string;
  /** What the recorder answered as its id; empty for a component. Other resources name it. */
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly parent: string | undefined;
  readonly custom: boolean;
  readonly provider: string | undefined;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** What the recorder answered, or for a component what it registered. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Paths of inputs that are marked secret. */
  readonly secretInputs: readonly string[];
  /** Paths of outputs that are marked secret. */
  readonly secretOutputs: readonly string[];
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly protect: boolean;
  /** Set when it stays where it is when the stack lets go of it. */
  readonly retainOnDelete?: true;
  readonly deleteBeforeReplace: boolean;
  readonly replaceOnChanges: readonly string[];
  readonly ignoreChanges: readonly string[];
  readonly createTimeout: string | undefined;
  readonly updateTimeout: string | undefined;
  readonly deleteTimeout: string | undefined;
}

/** A generated credential. The value is in memory only: it is masked wherever a plan is written. */
export interface PlanCredential {
  readonly name: string;
  readonly urn: string;
  readonly value: string;
}

export interface Plan {
  readonly version: typeof planVersion;
  readonly project: string;
  readonly stack: string;
  readonly resources: readonly PlanResource[];
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
  /** Ports and subnets that the plan settled. */
  readonly remember: unknown;
  readonly credentials: readonly PlanCredential[];
}

export const resourcesOfType = (plan: Plan, type: string) => plan.resources.filter((resource) => resource.type === type);

/** Components of the library, in the order of the topology. */
export const componentsOf = (plan: Plan) =>
  plan.resources.filter((resource) => !resource.custom && "kind" in resource.outputs && typeof resource.outputs.kind === "string");

/** How many resources a provider makes: components and the stack itself are names for groups of them. */
export const madeIn = (plan: Plan): number => plan.resources.filter(({ custom }) => custom).length;

/** The plan as it may leave the process: every credential replaced by its name, everything else that is marked secret hidden. */
export function shownPlan(plan: Plan): Omit<Plan, "credentials"> & { readonly credentials: readonly { name: string; urn: string }[] } {
  const mask = masker(plan.credentials);
  const { credentials, outputs, resources, ...rest } = plan;
  const ofStack = resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.secretOutputs ?? [];
  return {
    ...(mapStrings(rest, mask) as typeof rest),
    resources: resources.map((resource) => ({
      ...(mapStrings(resource, mask) as PlanResource),
      inputs: hideSecrets(resource.inputs, resource.secretInputs, mask),
      outputs: hideSecrets(resource.outputs, resource.secretOutputs, mask),
    })),
    outputs: hideSecrets(outputs, ofStack, mask),
    credentials: credentials.map(({ name, urn }) => ({ name, urn })),
  };
}

export function masker(credentials: readonly PlanCredential[]): (text: string) => string {
  return (text) => credentials.reduce((masked, { name, value }) => masked.replaceAll(value, `[${name}]`), text);
}

/**
 * A credential of ours shows its name. What is secret by mark and holds none of them was given by the user: it is hidden whole. What
 * somebody wrote plainly beside a name of a secret is hidden, too.
 */
function hideSecrets(values: Readonly<Record<string, unknown>>, secrets: readonly string[], mask: (text: string) => string): Record<string, unknown> {
  const hide = (value: unknown, path: string, beside: boolean): unknown => {
    if (Array.isArray(value)) return value.map((entry, index) => hide(entry, `${path}[${index}]`, isToldBeside(value, index)));
    if (typeof value === "object" && value !== null)
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, hide(v, path ? `${path}.${k}` : k, isToldBeside(value, k))]));
    const marked = secrets.includes(path);
    if (typeof value !== "string") return marked ? "[secret]" : value;
    const masked = mask(value);
    if (masked !== value) return masked;
    if (path.startsWith("envs[")) return hideSecretLike(value, marked);
    return marked || beside ? "[secret]" : hideInJson(value);
  };
  return hide(values, "", false) as Record<string, unknown>;
}

/** A text that is JSON, as containers of ECS are, is looked at as what it says; it stays as it is where nothing is hidden in it. */
function hideInJson(text: string): string {
  if (!/^\s*[[{]/.test(text)) return withoutTold(text, "[secret]");
  try {
    const inner: unknown = JSON.parse(text);
    const shown = JSON.stringify(hideSecrets({ inner }, [], (same) => same).inner);
    return shown === JSON.stringify(inner) ? text : shown;
  } catch {
    return withoutTold(text, "[secret]");
  }
}

/** `API_TOKEN=abc` -> `API_TOKEN=[secret]`: by mark, or by its name when somebody wrote it plainly. */
function hideSecretLike(entry: string, marked: boolean): string {
  const name = entry.slice(0, entry.indexOf("="));
  if (entry.length === name.length + 1) return entry;
  return marked || looksSecret(name) ? `${name}=[secret]` : entry;
}

export function mapStrings(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === "string") return map(value);
  if (Array.isArray(value)) return value.map((entry) => mapStrings(entry, map));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, mapStrings(entry, map)]));
  return value;
}
