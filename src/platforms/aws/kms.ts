import { Alias } from "@pulumi/aws/kms/alias.js";
import { Key } from "@pulumi/aws/kms/key.js";
import { type AwsContext, shared } from "./context.ts";
import { policyDocument, type ResourceStatement, type Statement } from "./iam.ts";

/** One key per class: what opens logs opens no database. */
export type DataClass = "data" | "logs" | "secrets" | "messages" | "images" | "alerts" | "backups";

const uses: Readonly<Record<DataClass, string>> = {
  data: "databases, caches and disks",
  logs: "log groups",
  secrets: "credentials",
  messages: "queues and topics",
  images: "container images",
  alerts: "topics that alarms tell",
  backups: "recovery points",
};

/** The key of a class of data: rotated, and deletable only after a while, by profile. Who asks first says who else may use it. */
export function kmsKey(context: AwsContext, dataClass: DataClass, also: readonly ResourceStatement[] = []): Key {
  return context.once(`kms-${dataClass}`, () => {
    const name = `${dataClass}-key`;
    const key = new Key(
      name,
      {
        description: `${context.prefix}: ${uses[dataClass]}`,
        enableKeyRotation: true,
        deletionWindowInDays: context.sizes.keyDeletionDays,
        policy: policyDocument([...keyStatements(context, dataClass), ...also]),
        tags: context.tags(shared, "key", name),
      },
      context.placeData(context.platform, shared),
    );
    new Alias(
      `${name}-alias`,
      { name: `alias/${context.name(dataClass, "keyAlias")}`, targetKeyId: key.keyId },
      context.place(context.platform, { deleteBeforeReplace: true }),
    );
    return key;
  });
}

const use = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"];

/**
 * Who may use a key. The account's own policies decide (statement 1: without it the key could be lost); services that act
 * without a role of the account get a statement each. `Resource: "*"` means this key: a key policy knows no other.
 */
export function keyStatements(context: AwsContext, dataClass: DataClass): ResourceStatement[] {
  const account: ResourceStatement = {
    sid: "AccountDecides",
    principal: { AWS: `arn:${context.partition}:iam::${context.account}:root` },
    actions: ["kms:*"],
    resources: ["*"],
  };
  if (dataClass === "logs") {
    return [
      account,
      {
        sid: "LogGroupsOfThisAccount",
        principal: { Service: `logs.${context.region}.amazonaws.com` },
        actions: [...use, "kms:DescribeKey"],
        resources: ["*"],
        conditions: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": context.arn("logs", "log-group:*") } },
      },
    ];
  }
  if (dataClass === "messages") {
    return [
      account,
      {
        // From a topic into a queue. Alarms notify topics that have keys of their own.
        sid: "TopicsOfThisAccount",
        principal: { Service: "sns.amazonaws.com" },
        actions: ["kms:GenerateDataKey", "kms:Decrypt"],
        resources: ["*"],
        conditions: { StringEquals: { "aws:SourceAccount": context.account } },
      },
    ];
  }
  if (dataClass === "alerts") {
    return [
      account,
      {
        // The default key of SNS cannot be opened to CloudWatch, and an alarm that may not encrypt tells nobody.
        sid: "AlarmsOfThisAccount",
        principal: { Service: "cloudwatch.amazonaws.com" },
        actions: ["kms:GenerateDataKey", "kms:Decrypt"],
        resources: ["*"],
        conditions: { StringEquals: { "aws:SourceAccount": context.account } },
      },
    ];
  }
  return [account];
}

/** Use of a class's key by a role, only by way of one service: `sqs`, `secretsmanager`, `ecr` ... */
export function keyUse(
  context: AwsContext,
  dataClass: DataClass,
  service: string,
  actions: readonly ("kms:Decrypt" | "kms:GenerateDataKey")[],
): Statement {
  return {
    sid: `${dataClass.charAt(0).toUpperCase()}${dataClass.slice(1)}KeyBy${service.replace(/[^a-z0-9]/g, "")}`,
    actions,
    resources: [kmsKey(context, dataClass).arn],
    conditions: { StringEquals: { "kms:ViaService": `${service}.${context.region}.amazonaws.com` } },
  };
}
