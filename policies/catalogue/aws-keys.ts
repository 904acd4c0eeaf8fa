import { takesKeyOfAws } from "../aws-parts.ts";
import type { Policy } from "../model.ts";
import { isPublic, statementsOf } from "../policy-document.ts";
import { isTrue, number, peek, record, shown, text } from "../read.ts";

const key = "aws:kms/key:Key";
const replica = "aws:kms/replicaKey:ReplicaKey";
const keyPolicy = "aws:kms/keyPolicy:KeyPolicy";

const keySafe: Policy = {
  id: "kms-key-safe",
  title: "Keys change every year, are used by named principals, and are deleted slowly",
  severity: "high",
  why: "What a deleted key has encrypted is lost for good, so the days before are the only way back; a key that anybody may use protects nothing.",
  fix: "Components share one safe key per class of data. On a raw key: enableKeyRotation true, deletionWindowInDays 30, and a policy whose principals are named.",
  types: [key, replica, keyPolicy],
  scope: "resource",
  references: ["FSBP KMS.3", "FSBP KMS.4", "FSBP KMS.5", "CIS AWS 3.6", "CKV_AWS_7", "CKV_AWS_33", "CKV2_AWS_64", "AWS-0065"],
  parameters: {
    deletionDays: {
      meaning: "Fewest days between the wish to delete a key and its end",
      default: { dev: 7, staging: 7, prod: 30 },
      minimum: 7,
      maximum: 30,
    },
  },
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  *check({ type, inputs }, { parameter }) {
    // Keys of pairs, of codes and of another store are never rotated by AWS.
    const spec = text(inputs.customerMasterKeySpec) ?? "SYMMETRIC_DEFAULT";
    if (type === key && spec === "SYMMETRIC_DEFAULT" && !text(inputs.customKeyStoreId) && !isTrue(inputs.enableKeyRotation))
      yield { path: "enableKeyRotation", is: `${shown(inputs.enableKeyRotation)}: what was once learned of the key opens all that follows` };
    const days = number(inputs.deletionWindowInDays) ?? 30;
    if (type !== keyPolicy && days < parameter("deletionDays"))
      yield {
        path: "deletionWindowInDays",
        is: `is ${days}: data that nobody can read any more is noticed too late; ${parameter("deletionDays")} is the least here`,
      };
    // Without a policy the account decides.
    if (inputs.policy === undefined) return;
    const statements = statementsOf(inputs.policy);
    if (!statements) yield { path: "policy", is: "is no policy document, so nothing can be said about it" };
    for (const statement of statements ?? []) if (isPublic(statement)) yield { path: `policy.${statement.path}`, is: "lets anybody use the key" };
  },
};

const secret = "aws:secretsmanager/secret:Secret";
const rotation = "aws:secretsmanager/secretRotation:SecretRotation";

const managed: Policy = {
  id: "secret-managed",
  title: "Secrets have a key of the account and can be brought back",
  severity: "medium",
  why: "The key of AWS opens to every role of the account that may read secrets; a secret that is deleted at once cannot be brought back when it was the wrong one.",
  fix: "Components do both. On a raw secret set kmsKeyId, and recoveryWindowInDays to 7 or more.",
  types: [secret],
  scope: "resource",
  references: ["CKV_AWS_149", "AWS-0098", "AWS docs: recovery window"],
  parameters: {
    recoveryDays: {
      meaning: "Fewest days in which a deleted secret can be brought back",
      default: { dev: 0, staging: 7, prod: 7 },
      minimum: 0,
      maximum: 30,
    },
  },
  levels: { dev: "disabled", staging: "advisory", prod: "mandatory" },
  *check(resource, { parameter }) {
    const { inputs } = resource;
    const days = number(inputs.recoveryWindowInDays) ?? 30;
    if (days < parameter("recoveryDays"))
      yield {
        path: "recoveryWindowInDays",
        is: `is ${days}${days === 0 ? ": deleted is gone" : ""}; ${parameter("recoveryDays")} is the least here`,
      };
    if (takesKeyOfAws(resource, "kmsKeyId"))
      yield { path: "kmsKeyId", is: `${shown(peek(inputs, "kmsKeyId"))}: the key of AWS is taken, which has no policy of yours` };
  },
};

const rotated: Policy = {
  id: "secret-rotated",
  title: "Secrets change by themselves",
  severity: "medium",
  why: "A credential that never changes is good for ever to whoever copied it once. It is only advised, because Secrets Manager and a program that writes the value (SecretVersion) undo each other's work: who has the program write it changes it there.",
  fix: "PostgresDb leaves the administrator's password to RDS, which changes it; for a raw secret make a SecretRotation with automaticallyAfterDays, or set the value anew in the program.",
  types: [secret],
  scope: "stack",
  references: ["FSBP SecretsManager.1", "FSBP SecretsManager.4", "CKV_AWS_304", "CKV2_AWS_57"],
  parameters: {
    days: { meaning: "Most days between two changes of a secret", default: { dev: 90, staging: 90, prod: 90 }, minimum: 1, maximum: 1000 },
  },
  levels: { dev: "disabled", staging: "advisory", prod: "advisory" },
  *check({ ofType, referring }, { parameter }) {
    for (const resource of ofType(secret)) {
      const [change] = referring(resource, [rotation], "secretId");
      if (!change) {
        yield { resource, path: "", is: "has no rotation: its value is good for ever" };
        continue;
      }
      const { automaticallyAfterDays, scheduleExpression } = record(change.inputs.rotationRules);
      const days = number(automaticallyAfterDays);
      if (days === undefined ? !text(scheduleExpression) : days > parameter("days"))
        yield {
          resource,
          path: "",
          is: `is changed ${days === undefined ? "at no time that is named" : `every ${days} days`} by ${change.name}; ${parameter("days")} days are the most here`,
        };
    }
  },
};

export const awsKeyPolicies: readonly Policy[] = [keySafe, managed, rotated];
