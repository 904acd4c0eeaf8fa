import { adminPolicy, escalating } from "../iam.ts";
import type { Breach, Policy } from "../model.ts";
import { isEveryAction, isPositive, isPublic, limits, type Statement, statementsOf } from "../policy-document.ts";
import { list, peek, records, shown, text } from "../read.ts";
import { awsKeyPolicies } from "./aws-keys.ts";

const documents = ["aws:iam/policy:Policy", "aws:iam/rolePolicy:RolePolicy", "aws:iam/userPolicy:UserPolicy", "aws:iam/groupPolicy:GroupPolicy"];
const attachments = [
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:iam/userPolicyAttachment:UserPolicyAttachment",
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
  "aws:iam/policyAttachment:PolicyAttachment",
];
const role = "aws:iam/role:Role";

const noWildcards: Policy = {
  id: "iam-no-wildcards",
  title: "Permissions name what may be done, and on what",
  severity: "critical",
  why: "Whoever breaks into a program with such a permission has the account, every key, or any role: a small hole becomes a total one.",
  fix: "Bind components: each gets exactly the actions it needs. In a raw policy name actions and ARNs; pass and change only named roles, decrypt only with named keys; attach no AdministratorAccess, PowerUserAccess or IAMFullAccess.",
  types: [...documents, ...attachments, role],
  scope: "resource",
  references: [
    "FSBP IAM.1",
    "FSBP IAM.21",
    "FSBP KMS.1",
    "FSBP KMS.2",
    "CIS AWS 1.16",
    "CKV_AWS_274",
    "CKV_AWS_286",
    "CKV2_AWS_40",
    "CKV2_AWS_56",
    "AWS-0057",
    "AWS-0342",
    "AWS-0345",
  ],
  levels: { dev: "mandatory", staging: "mandatory", prod: "mandatory" },
  *check({ type, inputs }) {
    if (documents.includes(type)) {
      yield* inDocument(inputs.policy, "policy");
      return;
    }
    if (attachments.includes(type)) {
      yield* given(peek(inputs, "policyArn"), "policyArn");
      return;
    }
    for (const [index, { policy }] of records(inputs.inlinePolicies)) yield* inDocument(policy, `inlinePolicies[${index}].policy`);
    for (const [index, arn] of list(peek(inputs, "managedPolicyArns")).entries()) yield* given(arn, `managedPolicyArns[${index}]`);
  },
};

/** A policy that is written in this stack has no ARN yet, and is judged by its own document. */
const given = (arn: unknown, path: string): Breach[] =>
  adminPolicy.test(text(arn) ?? "") ? [{ path, is: `${shown(arn)}: whoever has it has the account` }] : [];

function* inDocument(document: unknown, path: string): Generator<Breach> {
  const statements = statementsOf(document);
  if (!statements) {
    yield { path, is: "is no policy document, so nothing can be said about it" };
    return;
  }
  for (const statement of statements) {
    const tooMuch = statement.effect === "Allow" ? excessOf(statement) : undefined;
    if (tooMuch) yield { path: `${path}.${statement.path}`, is: tooMuch };
  }
}

const onAll = ({ resources, notResources }: Statement) => resources.some(isEverything) || notResources.length > 0;
/** `*`, and any ARN whose account and resource are left open: `arn:aws:*`, `arn:aws:s3:::*`, `arn:aws:sqs:*:*:*`. */
function isEverything(arn: string): boolean {
  const [, , , , account = "", ...rest] = arn.split(":");
  return /\*[?/]*$/.test(arn) && /^[*?]*$/.test(account) && /^[*?/:]*$/.test(rest.join(":"));
}
/** `*`, or every role or key of an account: `arn:aws:iam::123456789012:role/*`. */
const onEvery = (kind: string, statement: Statement) =>
  onAll(statement) || statement.resources.some((arn) => new RegExp(`^arn:[^:]*:[^:]*:[^:]*:[^:]*:((${kind})/)?[*?/]*\\*$`).test(arn));
const may = ({ actions }: Statement, name: string) =>
  actions.some((action) =>
    new RegExp(
      `^${action
        .toLowerCase()
        .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
        .replaceAll(/\*+/g, ".*")
        .replaceAll("?", ".")}$`,
    ).test(name),
  );
/** Conditions that single out keys among all. */
const oneKey = ({ conditions }: Statement) =>
  conditions.some(({ key }) => /^(kms:resourcealiases|kms:encryptioncontext|aws:resourcetag\/)/i.test(key));
/** Conditions under which nobody gets more than the owner of the account wants. */
const bounded = ({ conditions }: Statement) =>
  conditions.some(
    ({ operator, key, values }) =>
      isPositive(operator) &&
      /^(iam:(permissionsboundary|policyarn)|(aws|iam):resourcetag\/.*)$/i.test(key) &&
      !values.some((value) => /(^|:|:policy\/)\*+$/.test(value)),
  );

/** Why a permission is too much; the worst first, one reason a statement. */
function excessOf(statement: Statement): string | undefined {
  const { actions, notActions } = statement;
  if (notActions.length > 0 && onAll(statement))
    return `allows everything but ${notActions.length === 1 ? notActions[0] : `${notActions.length} actions`} on every resource`;
  if (actions.some((action) => /^[*?:]*\*$/.test(action)) && onAll(statement)) return "allows every action on every resource";
  const whole = actions.filter(isEveryAction);
  if (whole.length > 0 && onAll(statement)) return `allows ${whole.join(", ")} on every resource`;
  if (may(statement, "iam:passrole") && onEvery("role", statement)) return "passes on any role, also one that may do more than the caller";
  const raises = escalating.find((action) => may(statement, action));
  if (raises && onEvery("role|user|group|policy", statement) && !bounded(statement))
    return `may ${actions.find((action) => may({ ...statement, actions: [action] }, raises))} on any role, user, group or policy: whoever has it can give himself every permission`;
  const opens = ["kms:decrypt", "kms:reencryptfrom"].find((action) => may(statement, action));
  if (opens && onEvery("key", statement) && !oneKey(statement)) return "decrypts with every key of the account";
  return undefined;
}

/** Services that say for which account and resource they take a role. EC2 and Lambda do not, and of others it is not documented. */
const tellsSource =
  /^(batch|bedrock|codebuild|datasync|dms|ecs-tasks|fis|grafana|monitoring\.rds|pipes|sagemaker|scheduler|ssm|states|transfer|vpc-flow-logs)\.amazonaws\.com(\.cn)?$/;
const source = /^aws:source(account|arn|orgid|orgpaths)$/i;

const trustScoped: Policy = {
  id: "iam-trust-scoped",
  title: "Roles are taken only by whom they are meant for",
  severity: "high",
  why: "A role that anybody may take, any repository, or a service in the name of any account, gives its permissions to strangers.",
  fix: "Components write it so. In a raw assumeRolePolicy name the principal; for a service add aws:SourceAccount, for OIDC the subject (:sub).",
  types: [role],
  scope: "resource",
  references: ["CKV_AWS_60", "CKV_AWS_61", "CKV_AWS_358", "IAM docs: confused deputy", "GitHub docs: OIDC subject"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  *check({ inputs }) {
    const statements = statementsOf(inputs.assumeRolePolicy);
    if (!statements) {
      yield { path: "assumeRolePolicy", is: "is no policy document, so nothing can be said about it" };
      return;
    }
    for (const statement of statements) {
      const tooMany = statement.effect === "Allow" ? strangersOf(statement) : undefined;
      if (tooMany) yield { path: `assumeRolePolicy.${statement.path}`, is: tooMany };
    }
  },
};

function strangersOf(statement: Statement): string | undefined {
  const { principals, conditions } = statement;
  const of = (kind: string) => principals.flatMap((one) => (one.kind === kind ? one.ids : []));
  if (isPublic(statement)) return "lets anybody take the role";
  const service = of("Service").find((id) => tellsSource.test(id));
  if (service && !conditions.some((condition) => source.test(condition.key) && limits(condition)))
    return `lets ${service} take it in the name of any account: no condition wants a certain aws:SourceAccount`;
  if (of("Federated").some((id) => id.includes("oidc-provider/"))) {
    const named = conditions.filter(({ operator, key }) => /:sub$/i.test(key) && isPositive(operator));
    if (named.length === 0) return "lets every subject of the provider take it: no condition says what :sub must be";
    const [open] = named.every(({ values }) => values.some(takesStrangers)) ? named.flatMap(({ values }) => values.filter(takesStrangers)) : [];
    if (open) return `lets every subject of the provider take it: the condition on :sub takes ${open}`;
  }
  return undefined;
}

/** A pattern that ends before the owner's name does: `*`, `repo:*`, `repo:acme*`. */
const takesStrangers = (subject: string) => /^(\w*:?|repo:[^/]*)[*?]/.test(subject);

export const awsIdentityPolicies: readonly Policy[] = [noWildcards, trustScoped, ...awsKeyPolicies];
