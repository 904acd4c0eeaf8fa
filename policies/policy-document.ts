import { isWorld } from "./aws-ingress.ts";
import { json, list, record } from "./read.ts";

/** Whom a statement is about: `kind` is `AWS`, `Service`, `Federated` or `CanonicalUser`; `*` alone is kind `*`. */
export interface Principals {
  readonly kind: string;
  readonly ids: readonly string[];
}

/** One condition of a statement: `Bool`, `aws:SecureTransport`, `["false"]`. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

export interface Statement {
  /** Where it is in the document: `Statement[0]`, or `Statement` when there is no list. */
  readonly path: string;
  readonly effect: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly notResources: readonly string[];
  readonly principals: readonly Principals[];
  readonly notPrincipals: readonly Principals[];
  readonly conditions: readonly Condition[];
}

/** Statements of an IAM or resource policy, as JSON text or as a value; undefined when it is no such document. */
export function statementsOf(document: unknown): readonly Statement[] | undefined {
  const { Statement: given } = record(json(document));
  if (typeof given !== "object" || given === null) return undefined;
  return Array.isArray(given)
    ? list(given).map((statement, index) => statementOf(statement, `Statement[${index}]`))
    : [statementOf(given, "Statement")];
}

function statementOf(value: unknown, path: string): Statement {
  const { Effect, Action, NotAction, Resource, NotResource, Principal, NotPrincipal, Condition } = record(value);
  return {
    path,
    effect: texts(Effect)[0] ?? "",
    actions: texts(Action),
    notActions: texts(NotAction),
    resources: texts(Resource),
    notResources: texts(NotResource),
    principals: principalsOf(Principal),
    notPrincipals: principalsOf(NotPrincipal),
    conditions: Object.entries(record(Condition)).flatMap(([operator, keys]) =>
      Object.entries(record(keys)).map(([key, values]) => ({ operator, key, values: texts(values) })),
    ),
  };
}

/** One text or several; AWS takes `true` and numbers for text. */
const texts = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? list(value) : [value]).flatMap((entry) => (["string", "boolean", "number"].includes(typeof entry) ? [String(entry)] : []));

const principalsOf = (value: unknown): readonly Principals[] =>
  typeof value === "string"
    ? [{ kind: value === "*" ? "*" : "AWS", ids: [value] }]
    : Object.entries(record(value)).map(([kind, ids]) => ({ kind, ids: texts(ids) }));

/** Whether a statement is about everybody: `*`, also as an AWS principal. */
const isAboutEverybody = ({ principals }: Statement): boolean =>
  principals.some(({ kind, ids }) => (kind === "*" || kind === "AWS") && ids.includes("*"));

/**
 * Keys that tell who asks or from where, by which AWS itself decides whether a policy is public. Names of users and
 * addresses inside a VPC are none of them: every account may have the same.
 */
const limiting =
  /^(aws:(source(arn|account|owner|orgid|orgpaths|vpc|vpce|ip)|principal(arn|account|orgid|orgpaths)|userid)|kms:calleraccount|s3:dataaccesspoint(arn|account)|lambda:eventsourcetoken)$/i;

/** Allows anybody: a principal of `*`, or all but some, with no condition on who asks or from where. */
export const isPublic = (statement: Statement): boolean =>
  statement.effect === "Allow" && (isAboutEverybody(statement) || statement.notPrincipals.length > 0) && !statement.conditions.some(limits);

/** Operators that those who bring no such key do not meet: with Not, Null, IfExists or ForAllValues they do. */
export const isPositive = (operator: string): boolean =>
  /^(foranyvalue:)?(string(equals|like|equalsignorecase)|arn(equals|like)|ipaddress)$/i.test(operator);

/** Whether a condition tells apart who may come. */
export const limits = ({ operator, key, values }: Condition): boolean =>
  limiting.test(key) && isPositive(operator) && values.length > 0 && !values.some((value) => isOpen(key, value));

const isWild = (value: string | undefined): boolean => value === undefined || value === "" || /[*?]/.test(value);

/** A value that strangers meet, too: what they bring themselves, half of all addresses, a part of the name of an account. */
function isOpen(key: string, value: string): boolean {
  if (/\$\{\w+:/.test(value)) return true;
  if (/arn$/i.test(key)) return isOfAnyAccount(value);
  if (/ip$/i.test(key)) return isWild(value) || isWorld(value);
  // Below an organisation, and in sessions of a role, any will do.
  return isWild(/(orgpaths|userid)$/i.test(key) ? value.split(/[/:]/)[0] : value);
}

/** Names of buckets are unique without an account. */
function isOfAnyAccount(arn: string): boolean {
  const [, , service, , account, ...rest] = arn.split(":");
  return service === "s3" && account === "" ? isWild(rest[0]?.split("/")[0]) : rest.length === 0 || isWild(account);
}

/** An action of `*`, or all of one service; `**` and `?*` say the same. */
export const isEveryAction = (action: string): boolean => /(^|:)[*?]*\*[*?]*$/.test(action);

/** Denies everybody who comes without TLS whatever travels over the network. */
export const deniesInsecureTransport = (document: unknown): boolean => (statementsOf(document) ?? []).some(refusesPlain);

/** A statement that does so for its resources. Any further condition would narrow it; AWS's own services come with TLS anyway. */
export const refusesPlain = (statement: Statement): boolean =>
  statement.effect === "Deny" &&
  isAboutEverybody(statement) &&
  // SNS takes no `sns:*` in such a statement.
  statement.actions.some((action) => isEveryAction(action) || action.toLowerCase() === "sns:publish") &&
  statement.conditions.some((condition) => isFalse(condition, "aws:securetransport")) &&
  statement.conditions.every((condition) => isFalse(condition, "aws:securetransport") || isFalse(condition, "aws:principalisawsservice"));

const isFalse = ({ operator, key, values }: Condition, wanted: string) =>
  /^bool(ifexists)?$/i.test(operator) && key.toLowerCase() === wanted && values.some((value) => value.toLowerCase() === "false");
