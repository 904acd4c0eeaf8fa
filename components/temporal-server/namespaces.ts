import { type Check, type Finding, integer, isRecord, mapOf, matching, oneOf, shape } from "../../src/core/checks.ts";

/** Types of search attributes, and how many of each one namespace may have: PostgreSQL has a column ready for each. */
export const attributeLimits = { Keyword: 10, Text: 3, Int: 3, Double: 3, Bool: 3, Datetime: 3, KeywordList: 3 } as const;
/** Types that a search attribute may have. */
export type AttributeType = keyof typeof attributeLimits;

/** A namespace of Temporal: how long workflows are kept, and what they are found by. */
export interface NamespaceArgs {
  /** Days that a workflow is kept after its end. @default 7 @change safe; for workflows that end from then on */
  readonly retentionDays?: number;
  /**
   * Search attribute -> its type. Later ones are added in place; the type of one that exists cannot change.
   * @default none
   * @change safe; later ones are added in place, the type of one that exists cannot change
   */
  readonly searchAttributes?: Readonly<Record<string, AttributeType>>;
  /** What it is for. @default none @change safe */
  readonly description?: string;
}

/** Namespaces by name. */
export type Namespaces = Readonly<Record<string, NamespaceArgs>>;

export const usualRetentionDays = 7;

/** Attributes that each workflow has anyway; names that begin with Temporal are the server's as well. */
const reserved =
  /^(?!Temporal|(?:WorkflowId|RunId|WorkflowType|StartTime|ExecutionTime|CloseTime|ExecutionStatus|ExecutionDuration|TaskQueue|HistoryLength|HistorySizeBytes|StateTransitionCount|BinaryChecksums|BuildIds|Batcher(?:Namespace|User)|(?:Parent|Root)(?:WorkflowId|RunId)|NamespaceId|ScheduleId|ActivityId|Memo(?:Encoding)?|VisibilityTaskKey)$)[A-Za-z]\w{0,62}$/;

const attributeName = matching(reserved, "letters, digits and _, begun with a letter, and not one of the server's own", "e.g. Repository");

const namespaceName = matching(
  /^(?!temporal-system$)[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
  "up to 63 lower-case letters, digits and inner hyphens, begun with a letter, and not temporal-system",
  "e.g. guard",
);

const namespaceCheck: Check = shape<NamespaceArgs>({
  retentionDays: integer(1, 3650, "days"),
  searchAttributes: mapOf(attributeName, oneOf(Object.keys(attributeLimits))),
  description: matching(/^[^\p{Cc}]{0,200}$/u, "up to 200 characters on one line", "shorten it"),
});

export const namespacesCheck: Check = (value, at) =>
  isRecord(value) && Object.keys(value).length === 0
    ? [{ path: at, value, rule: "at least one namespace", fix: "write e.g. { guard: {} }" }]
    : mapOf(namespaceName, namespaceCheck)(value, at);

/** Names for connections also when the namespaces are not right, so that what binds to them is not reported in their stead. */
export const namesOf = (namespaces: unknown): string[] =>
  isRecord(namespaces) && Object.keys(namespaces).length > 0 ? Object.keys(namespaces) : ["default"];

/** More attributes of a type than the database has columns for. */
export function tooManyAttributes(namespaces: Namespaces): Finding[] {
  return Object.entries(namespaces).flatMap(([name, { searchAttributes = {} }]) =>
    Object.entries(attributeLimits).flatMap(([type, limit]) => {
      const ofType = Object.keys(searchAttributes).filter((attribute) => searchAttributes[attribute] === type);
      if (ofType.length <= limit) return [];
      const rule = `at most ${limit} search attributes of type ${type} in a namespace: PostgreSQL has no more columns for them`;
      return [{ path: `namespaces.${name}.searchAttributes`, value: ofType, rule, fix: "drop some, or use another type" }];
    }),
  );
}

/** Name of the connection to a namespace. */
export const namespaceKey = (namespace: string) => `namespace/${namespace}`;
