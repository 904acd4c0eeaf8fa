import { customerKey, takesKeyOfAws } from "../aws-parts.ts";
import { dataTypes, taggable } from "../aws-types.ts";
import type { Policy, Resource, Stack } from "../model.ts";
import { hasInput, json, number, peek, record, records, shown, text } from "../read.ts";
import { awsAlarmPolicies } from "./aws-alarms.ts";

const logRetention: Policy = {
  id: "log-retention",
  title: "Logs are kept long enough, encrypted, and not for ever",
  severity: "medium",
  why: "Breaches are found months later, and then the log is all there is; what is kept for ever is paid for, and asked for, for ever.",
  fix: "Components keep logs as long as the profile says. On a raw log group set retentionInDays, and kmsKeyId in production.",
  types: ["aws:cloudwatch/logGroup:LogGroup"],
  scope: "resource",
  references: ["FSBP CloudWatch.16", "CKV_AWS_66", "CKV_AWS_158", "CKV_AWS_338", "AWS-0017"],
  parameters: {
    days: { meaning: "Fewest days that a log is kept", default: { dev: 1, staging: 30, prod: 365 }, minimum: 1, maximum: 3653 },
    customerKey,
  },
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  *check(resource, { parameter }) {
    const { inputs } = resource;
    const days = number(inputs.retentionInDays) ?? 0;
    // Groups of the class DELIVERY keep two days, whatever they are told.
    if (text(inputs.logGroupClass) !== "DELIVERY") {
      if (days === 0) yield { path: "retentionInDays", is: `${shown(inputs.retentionInDays)}: the log is kept, and paid for, for ever` };
      else if (days < parameter("days")) yield { path: "retentionInDays", is: `is ${days}; ${parameter("days")} days are the least here` };
    }
    if (parameter("customerKey") === 1 && takesKeyOfAws(resource, "kmsKeyId"))
      yield { path: "kmsKeyId", is: `${shown(peek(inputs, "kmsKeyId"))}: whoever may read logs of the account reads this one` };
  },
};

const cache = "aws:elasticache/replicationGroup:ReplicationGroup";

const statefulProtected: Policy = {
  id: "stateful-protected",
  title: "What holds data is protected",
  severity: "high",
  why: "Pulumi deletes a resource as soon as it leaves the program, is renamed, or the stack is destroyed; with protect it refuses. Volumes of Docker have docker-volume-protected.",
  fix: "Components protect their data outside of dev; on a raw resource set the resource option protect. What has left the program on purpose is given up with pulumi state unprotect.",
  types: [...dataTypes, "kubernetes:core/v1:PersistentVolumeClaim"],
  scope: "resource",
  references: ["Pulumi docs: protect", "Well-Architected REL09-BP01"],
  levels: { dev: "disabled", staging: "advisory", prod: "mandatory" },
  check: (resource) => {
    if (resource.protect || isCopy(resource) || (resource.type === cache && isOnlyCache(resource))) return [];
    return [{ path: "", is: "is not protected: taken out of the program, or renamed, it is deleted with its data" }];
  },
};

/** A replica is made again from its source. */
const isCopy = (resource: Resource) =>
  ["replicateSourceDb", "replicationSourceIdentifier", "globalReplicationGroupId"].some((input) => hasInput(resource, input));
/** Without snapshots nobody counts on what it holds. */
const isOnlyCache = ({ inputs }: Resource) => (number(inputs.snapshotRetentionLimit) ?? 0) === 0;

/** What tags must tell, and the keys that tell it; `groundplan:environment` and `Environment` count as `environment`. */
const required: Readonly<Record<string, readonly string[]>> = {
  "its environment": ["environment", "env", "stage"],
  "what it belongs to": ["stack", "project", "application", "app", "system", "service", "component"],
};

const requiredTags: Policy = {
  id: "required-tags",
  title: "Resources say which environment and which system they belong to",
  severity: "low",
  why: "What belongs to nobody is never deleted, is paid for by all, and is looked for first when something is wrong.",
  fix: "Components tag what they make. Give raw resources tags, or the provider defaultTags: one of environment, env, stage, and one of stack, project, application, app, system, service, component, with any prefix before a colon or slash.",
  types: taggable,
  scope: "stack",
  references: ["AWS Config required-tags", "Well-Architected COST02-BP05"],
  levels: { dev: "advisory", staging: "advisory", prod: "mandatory" },
  *check(stack) {
    const defaults = defaultTags(stack);
    for (const resource of stack.ofType(...taggable)) {
      const keys = new Set([...tagKeys(resource.inputs.tags), ...defaults]);
      const missing = Object.entries(required).flatMap(([what, names]) => (names.some((name) => keys.has(name)) ? [] : [what]));
      if (missing.length > 0)
        yield { resource, path: "tags", is: `${keys.size === 0 ? "are not set" : "do not tell"}: nothing names ${missing.join(" and ")}` };
    }
  },
};

/** Keys that have a value, also one that is not known yet; groups of instances have a list of tags. */
function tagKeys(tags: unknown): string[] {
  const given = Array.isArray(tags)
    ? records(tags).map(([, tag]) => [text(tag.key) ?? "", peek(tag, "value")] as const)
    : Object.keys(record(tags)).map((key) => [key, peek(record(tags), key)] as const);
  return given.flatMap(([key, value]) =>
    value === "" || value === undefined || value === null ? [] : [key.split(/[:/]/).at(-1)?.toLowerCase() ?? ""],
  );
}

/** Which provider a resource has is not told, so only what all of the stack's providers set counts. */
function defaultTags({ ofType }: Stack): string[] {
  const [first = [], ...others] = ofType("pulumi:providers:aws").map(({ inputs }) => tagKeys(record(json(inputs.defaultTags)).tags));
  return first.filter((key) => others.every((keys) => keys.includes(key)));
}

export const awsOperationPolicies: readonly Policy[] = [logRetention, ...awsAlarmPolicies, requiredTags, statefulProtected];
