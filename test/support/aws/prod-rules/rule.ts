import type { PlanResource } from "../../../../src/preview/plan.ts";
import type { Look, StageFacts } from "./look.ts";

/** What breaks a rule. Paths of inputs with the value that is put there: undefined takes it away, a function is given what was there. */
export interface Fault {
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly resource?: Partial<PlanResource>;
  /** Which resources get it. @default the first that the rule is asked of */
  readonly at?: (other: PlanResource, it: PlanResource) => boolean;
  /** Set when they are taken out of the plan. */
  readonly gone?: true;
}

export interface Rule {
  readonly says: string;
  /** Which resources of the type it is asked of. @default all */
  readonly of?: (it: PlanResource, look: Look) => boolean;
  readonly holds: (it: PlanResource, look: Look) => boolean;
  /** One or more faults, each of which breaks this rule and no other. */
  readonly faults: readonly [Fault, ...Fault[]];
}

/** What is asked of every resource of a type, or why there is nothing to ask. */
export type Rows = Readonly<Record<string, readonly Rule[] | string>>;

/** What stands at a path of inputs, such as `metadataOptions.httpTokens` or `rules.0.id`. */
export const at = (inputs: unknown, path: string): unknown =>
  path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], inputs);

export const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** An input that has one value, which the stage may decide; `instead` is what breaks it. */
export const is = (path: string, value: unknown, ...instead: readonly unknown[]): Rule => ({
  says: typeof value === "function" ? `${path} is what the profile says` : `${path} is ${JSON.stringify(value)}`,
  holds: ({ inputs }, { stage }) => same(at(inputs, path), typeof value === "function" ? (value as (of: StageFacts) => unknown)(stage) : value),
  faults: [{ inputs: { [path]: undefined } }, ...instead.map((fault) => ({ inputs: { [path]: fault } }))],
});

/** A customer key of the stack, by its class: `data` for the resource `data-key`. */
export const keyed = (path: string, of: string): Rule => ({
  says: `${path} is the key for ${of}`,
  holds: ({ inputs }, look) => look.keyOf(at(inputs, path)) === of,
  faults: [{ inputs: { [path]: undefined } }, { inputs: { [path]: "alias/aws/rds" } }],
});

/** Subnets of one tier, one in each zone. */
export const inTier = (path: string, tier: "public" | "private" | "data"): Rule => ({
  says: `${path} are the ${tier} ones, in every zone`,
  holds: ({ inputs }, look) => look.isTier(at(inputs, path), tier),
  faults: [
    { inputs: { [path]: (was: readonly string[]) => was.slice(1) } },
    { inputs: { [path]: (was: readonly string[]) => [...was.slice(1), "subnet-of-another"] } },
  ],
});

/** A resource that another one names, of this plan. */
export const names = (path: string, type: string, value: (other: PlanResource) => unknown): Rule => ({
  says: `${path} is of this plan`,
  holds: ({ inputs }, look) => look.of(type).some((other) => value(other) === at(inputs, path)),
  faults: [{ inputs: { [path]: "of-another" } }],
});

/** Neither a slip in the program nor the end of the stack deletes it. */
export const protectedData: Rule = {
  says: "is protected",
  holds: ({ protect }) => protect,
  faults: [{ resource: { protect: false } }],
};

export const retained: Rule = {
  says: "stays when the stack lets go of it",
  holds: ({ retainOnDelete }) => retainOnDelete === true,
  faults: [{ resource: { retainOnDelete: undefined as never } }],
};

export const backedUp: Rule = {
  says: "is selected for backups",
  holds: ({ inputs }, { plan }) => at(inputs, "tags.groundplan:backup") === `${plan.project}-${plan.stack}`,
  faults: [{ inputs: { "tags.groundplan:backup": undefined } }],
};

interface Statement {
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export const statements = (text: unknown) => (JSON.parse(String(text)) as { readonly Statement: readonly Statement[] }).Statement;

const texts = new WeakMap<object, string>();

/** Inputs as text; a fault leaves most of a plan as it was. */
export function textOf(inputs: object): string {
  const text = texts.get(inputs) ?? JSON.stringify(inputs);
  texts.set(inputs, text);
  return text;
}

/** A denial of everything that comes without TLS. */
export const tlsOnly = (action: string, part = ""): Rule => ({
  says: "refuses what comes without TLS",
  holds: ({ inputs }) =>
    statements(inputs.policy).some(
      ({ Effect, Principal, Action, Resource, Condition }) =>
        Effect === "Deny" &&
        Principal === "*" &&
        same([Action].flat(), [action]) &&
        [Resource ?? []].flat().some((arn) => arn.endsWith(part)) &&
        same(Condition, { Bool: { "aws:SecureTransport": "false" } }),
    ),
  faults: [{ inputs: { policy: (was: string) => was.replace('"aws:SecureTransport":"false"', '"aws:SecureTransport":"true"') } }],
});
