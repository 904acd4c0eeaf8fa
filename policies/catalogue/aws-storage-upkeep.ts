import type { Policy } from "../model.ts";
import { below, hasInput, isGiven, isTrue, shown, text } from "../read.ts";
import { buckets, encryptions, lifecycles, loggings, ownEncryption, ownVersioning, partsOfBucket, rulesOf, takesLogs, versionings } from "../s3.ts";

const encrypted: Policy = {
  id: "s3-encrypted",
  title: "Buckets are encrypted with a key of KMS",
  severity: "high",
  why: "By itself S3 encrypts with a key that opens for whoever may read the object; a key of KMS has a policy and a log of its own.",
  fix: "Beside each raw Bucket make a BucketServerSideEncryptionConfiguration with sseAlgorithm aws:kms and bucketKeyEnabled.",
  types: [...buckets, ...encryptions],
  scope: "stack",
  references: ["FSBP S3.17", "CKV_AWS_19", "CKV_AWS_145", "AWS-0132"],
  levels: { dev: "disabled", staging: "advisory", prod: "mandatory" },
  *check(stack) {
    for (const resource of stack.ofType(...buckets)) {
      if (takesLogs(stack, resource)) continue;
      const parts = partsOfBucket(stack, resource, encryptions);
      const rules = [...ownEncryption(resource), ...parts.flatMap((part) => rulesOf(part, "rules"))];
      if (rules.length === 0)
        yield { resource: parts[0] ?? resource, path: parts[0] ? "rules" : "", is: "names no key of KMS: S3 takes one of its own" };
      for (const { resource, path, rule } of rules) {
        const input = "applyServerSideEncryptionByDefault.sseAlgorithm";
        const algorithm = below(rule, input);
        if (!/^aws:kms(:dsse)?$/.test(text(algorithm) ?? "")) yield { resource, path: `${path}.${input}`, is: `${shown(algorithm)}: no key of KMS` };
        else if (algorithm === "aws:kms" && !isTrue(rule.bucketKeyEnabled))
          yield {
            resource,
            path: `${path}.bucketKeyEnabled`,
            is: `${shown(rule.bucketKeyEnabled)}: each object is a request to KMS, which costs and has limits`,
          };
      }
    }
  },
};

const versioned: Policy = {
  id: "s3-versioned-lifecycle",
  title: "Buckets keep old versions, for a while",
  severity: "medium",
  why: "Without versions what is overwritten or deleted is gone; without a life cycle old versions and unfinished uploads are paid for ever.",
  fix: "Beside each raw Bucket make a BucketVersioning with status Enabled, and a BucketLifecycleConfiguration with noncurrentVersionExpiration and abortIncompleteMultipartUpload.",
  types: [...buckets, ...versionings, ...lifecycles],
  scope: "stack",
  references: ["FSBP S3.10", "FSBP S3.13", "FSBP S3.14", "CKV_AWS_21", "CKV_AWS_300", "CKV2_AWS_61", "AWS-0090"],
  levels: { dev: "disabled", staging: "advisory", prod: "mandatory" },
  *check(stack) {
    for (const bucket of stack.ofType(...buckets)) {
      const [versions] = partsOfBucket(stack, bucket, versionings);
      const status = below(versions?.inputs, "versioningConfiguration.status");
      if (versions && status !== "Enabled")
        yield { resource: versions, path: "versioningConfiguration.status", is: `${shown(status)}: what is overwritten or deleted is gone` };
      if (!versions && !isTrue(ownVersioning(bucket).enabled))
        yield { resource: bucket, path: "", is: "keeps no versions: what is overwritten or deleted is gone" };

      const [lifecycle] = partsOfBucket(stack, bucket, lifecycles);
      const rules = (lifecycle ? rulesOf(lifecycle, "rules") : rulesOf(bucket, "lifecycleRules"))
        .map(({ rule }) => rule)
        .filter(({ status, enabled }) => status === "Enabled" || isTrue(enabled));
      const has = (...inputs: readonly string[]) => rules.some((rule) => inputs.some((input) => isGiven(rule, input)));
      const lost = [
        ...(has("noncurrentVersionExpiration", "noncurrentVersionExpirations") ? [] : ["old versions are kept for ever"]),
        ...(has("abortIncompleteMultipartUpload", "abortIncompleteMultipartUploadDays") ? [] : ["unfinished uploads are kept for ever"]),
      ];
      if (lifecycle) for (const is of lost) yield { resource: lifecycle, path: "rules", is: `has none that is on for this: ${is}` };
      else if (lost.length > 0)
        yield { resource: bucket, path: "lifecycleRules", is: `is not set so, and there is no BucketLifecycleConfiguration: ${lost.join(", ")}` };
    }
  },
};

const accessLogs: Policy = {
  id: "s3-access-logs",
  title: "Buckets log who reads them",
  severity: "low",
  why: "After a leak nobody can say which objects were read, and by whom.",
  fix: "Beside each raw Bucket make a BucketLogging with a bucket for logs, or log data events with CloudTrail and waive this.",
  types: [...buckets, ...loggings],
  scope: "stack",
  references: ["FSBP S3.9", "CKV_AWS_18", "AWS-0089"],
  levels: { dev: "disabled", staging: "disabled", prod: "advisory" },
  *check(stack) {
    for (const resource of stack.ofType(...buckets)) {
      const logs = hasInput(resource, "logging") || hasInput(resource, "loggings") || partsOfBucket(stack, resource, loggings).length > 0;
      if (!logs && !takesLogs(stack, resource)) yield { resource, path: "", is: "has no BucketLogging: nobody sees who reads it" };
    }
  },
};

export const awsStorageUpkeepPolicies: readonly Policy[] = [encrypted, versioned, accessLogs];
