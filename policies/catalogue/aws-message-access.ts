import { partsOf } from "../aws-parts.ts";
import type { Policy, Resource } from "../model.ts";
import { type Condition, deniesInsecureTransport, isEveryAction, isPublic, limits, type Statement, statementsOf } from "../policy-document.ts";
import { hasInput, peek, record, shown, text } from "../read.ts";

export const queue = "aws:sqs/queue:Queue";
const queuePolicy = "aws:sqs/queuePolicy:QueuePolicy";
export const topic = "aws:sns/topic:Topic";
const topicPolicy = "aws:sns/topicPolicy:TopicPolicy";
const eventPermission = "aws:cloudwatch/eventPermission:EventPermission";
const busPolicy = "aws:cloudwatch/eventBusPolicy:EventBusPolicy";

const notPublic: Policy = {
  id: "queue-topic-policy-not-public",
  title: "Policies of queues, topics and event buses let nobody in whom they do not know",
  severity: "critical",
  why: "A principal of * with no condition lets every account of AWS send, read or delete messages.",
  fix: "MessageQueue lets in topics by name alone; in a raw policy name the principals and actions, or add a condition on aws:SourceArn, aws:SourceAccount or aws:PrincipalOrgID.",
  types: [queue, queuePolicy, topic, topicPolicy, busPolicy, eventPermission],
  scope: "resource",
  references: [
    "FSBP SQS.3",
    "FSBP SNS.4",
    "FSBP EventBridge.3",
    "CKV_AWS_72",
    "CKV_AWS_168",
    "CKV_AWS_169",
    "CKV_AWS_385",
    "CKV_AWS_387",
    "AWS-0097",
  ],
  levels: { dev: "mandatory", staging: "mandatory", prod: "mandatory" },
  *check(resource) {
    const { type, inputs } = resource;
    if (type === eventPermission && inputs.principal === "*" && !isLimited(resource))
      yield { path: "principal", is: `${shown("*")} with no condition on who: every account may send events` };
    if (!hasInput(resource, "policy")) return;
    const statements = statementsOf(inputs.policy);
    if (!statements) yield { path: "policy", is: "is no JSON of a policy" };
    for (const statement of statements ?? []) {
      const { path, effect, actions } = statement;
      if (isPublic(statement)) yield { path: `policy.${path}.Principal`, is: "lets everybody in, with no condition on who or from where" };
      const all = actions.find(isEveryAction);
      if (effect === "Allow" && all !== undefined && !isOwners(statement))
        yield { path: `policy.${path}.Action`, is: `${shown(all)}: also what deletes it or changes this policy` };
    }
  },
};

/** The one condition of a permission. The id of an organisation that is made beside it may be unknown, but not missing. */
function isLimited({ inputs }: Resource): boolean {
  const condition = record(inputs.condition);
  return limits({ operator: text(condition.type) ?? "", key: text(condition.key) ?? "", values: [text(peek(condition, "value")) ?? ""] });
}

/** Gives the account that owns the resource what it has anyway, as policies do that AWS makes. */
function isOwners({ principals, resources }: Statement): boolean {
  const owners = resources.map((resource) => resource.split(":")[4]);
  const ids = principals.flatMap((principal) => principal.ids);
  return ids.length > 0 && ids.every((id) => owners.includes(/^(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?$/.exec(id)?.[1]));
}

const crossAccount: Policy = {
  id: "queue-topic-cross-account",
  title: "Policies of queues, topics and event buses let in other accounts only of the own organisation",
  severity: "high",
  why: "Whoever administers the other account, or breaks into it, sends or reads messages here, and the own account neither sees nor stops it. Which account is the own one is told by the ARNs in the statement, or by the address or ARN beside it; where none of them names an account nothing is said.",
  fix: "MessageQueue lets in nobody of another account. In a raw policy add a condition on aws:PrincipalOrgID, or waive the finding for a partner whose account is known.",
  types: [queue, queuePolicy, topic, topicPolicy, busPolicy],
  scope: "resource",
  references: ["AWS Well-Architected SEC03-BP07", "IAM docs: cross-account resource access"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  *check(resource) {
    const { inputs } = resource;
    if (!hasInput(resource, "policy")) return;
    const beside = ["queueUrl", "arn"].flatMap((input) => accountIn(text(peek(inputs, input)) ?? ""));
    for (const statement of statementsOf(inputs.policy) ?? []) {
      const { path, effect, principals, conditions, resources } = statement;
      const own = [...resources.flatMap(accountIn), ...beside];
      if (effect !== "Allow" || own.length === 0 || conditions.some(wantsOrganisation)) continue;
      const ids = principals.flatMap((one) => (one.kind === "AWS" ? one.ids : []));
      const foreign = ids.flatMap(accountOf).find((account) => !own.includes(account));
      if (foreign !== undefined)
        yield { path: `policy.${path}.Principal`, is: `lets in account ${foreign}, and no condition says that it belongs to the organisation` };
    }
  },
};

const wantsOrganisation = (condition: Condition) => /^aws:(principal|source)org(id|paths)$/i.test(condition.key) && limits(condition);

/** The account of an ARN, or of the address of a queue. */
const accountIn = (place: string): string[] => /^(?:arn:[^:]*:[^:]*:[^:]*:|https:\/\/[^/]+\/)(\d{12})[:/]/.exec(place)?.slice(1) ?? [];
/** The account of a principal. */
const accountOf = (id: string): string[] => (/^\d{12}$/.test(id) ? [id] : accountIn(id));

const tlsOnly: Policy = {
  id: "queue-topic-tls-only",
  title: "Queues and topics refuse requests without TLS",
  severity: "medium",
  why: "SQS and SNS also answer plain HTTP, where messages and signatures can be read on the way.",
  fix: "MessageQueue does so; beside a raw Queue or Topic make a QueuePolicy or TopicPolicy that denies everybody when aws:SecureTransport is false.",
  types: [queue, queuePolicy, topic, topicPolicy],
  scope: "stack",
  references: ["AWS Well-Architected SEC09-BP02", "CDK enforceSSL"],
  levels: { dev: "disabled", staging: "advisory", prod: "mandatory" },
  *check(stack) {
    const owners = [
      ...stack.ofType(queue).map((resource) => ({ resource, policies: partsOf(stack, resource, [queuePolicy], "queueUrl", "name") })),
      ...stack.ofType(topic).map((resource) => ({ resource, policies: partsOf(stack, resource, [topicPolicy], "arn", "name") })),
    ];
    for (const { resource, policies } of owners)
      if (![resource, ...policies].some((one) => hasInput(one, "policy")))
        yield { resource, path: "policy", is: "is not set: nothing refuses requests without TLS" };
    for (const resource of stack.ofType(...tlsOnly.types))
      if (hasInput(resource, "policy") && !deniesInsecureTransport(resource.inputs.policy))
        yield { resource, path: "policy", is: "has no statement that denies everybody without TLS" };
  },
};

export const awsMessageAccessPolicies: readonly Policy[] = [notPublic, crossAccount, tlsOnly];
