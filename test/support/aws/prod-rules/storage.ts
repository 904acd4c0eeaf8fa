import type { PlanResource } from "../../../../src/preview/plan.ts";
import type { Look } from "./look.ts";
import { at, is, keyed, names, protectedData, type Rows, type Rule, retained, same, statements, tlsOnly } from "./rule.ts";

/** What a bucket must have beside it, one of each. */
const guards = ["PublicAccessBlock", "OwnershipControls", "Versioning", "ServerSideEncryptionConfiguration", "LifecycleConfiguration", "Policy"].map(
  (guard) => `aws:s3/bucket${guard}:Bucket${guard}`,
);

const ofBucket = names("bucket", "aws:s3/bucket:Bucket", ({ inputs }) => inputs.bucket);

/** Whether load balancers write into a bucket: they can do so with keys of S3 alone. */
const takesLines = (bucket: unknown, look: Look) =>
  look
    .of("aws:lb/loadBalancer:LoadBalancer")
    .some(({ inputs }) => [at(inputs, "accessLogs.bucket"), at(inputs, "connectionLogs.bucket")].includes(bucket));

interface LifecycleRule {
  readonly status: string;
  readonly expiration?: { readonly days?: number };
  readonly noncurrentVersionExpiration?: { readonly noncurrentDays: number };
  readonly abortIncompleteMultipartUpload?: { readonly daysAfterInitiation: number };
}

const lifecycle = (
  says: string,
  holds: (rules: readonly LifecycleRule[], it: PlanResource, look: Look) => boolean,
  without: keyof LifecycleRule,
): Rule => ({
  says,
  holds: (it, look) =>
    holds(
      (it.inputs.rules as LifecycleRule[]).filter(({ status }) => status === "Enabled"),
      it,
      look,
    ),
  faults: [
    {
      at: ({ type, inputs }) => type.endsWith(":BucketLifecycleConfiguration") && JSON.stringify(inputs).includes(without),
      inputs: { rules: (was: LifecycleRule[]) => was.map((rule) => ({ ...rule, [without]: undefined })) },
    },
  ],
});

export const storage: Rows = {
  "aws:s3/bucket:Bucket": [
    {
      says: "has each of its guards",
      holds: ({ inputs }, look) => guards.every((type) => look.of(type).filter((of) => of.inputs.bucket === inputs.bucket).length === 1),
      faults: guards.map((type) => ({ at: (other: PlanResource) => other.type === type, gone: true })) as unknown as Rule["faults"],
    },
    is("forceDestroy", false, true),
    protectedData,
  ],
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": [
    ...["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"].map((what) => is(what, true, false)),
  ],
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": [is("rule.objectOwnership", "BucketOwnerEnforced", "ObjectWriter")],
  "aws:s3/bucketVersioning:BucketVersioning": [is("versioningConfiguration.status", "Enabled", "Suspended")],
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": [
    {
      says: "is with the key for data, or with that of S3 where load balancers write",
      holds: ({ inputs }, look) => {
        const by = at(inputs, "rules.0.applyServerSideEncryptionByDefault") as { sseAlgorithm?: string; kmsMasterKeyId?: string } | undefined;
        return takesLines(inputs.bucket, look)
          ? by?.sseAlgorithm === "AES256"
          : by?.sseAlgorithm === "aws:kms" && look.keyOf(by.kmsMasterKeyId) === "data";
      },
      faults: [
        { inputs: { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] } },
        { inputs: { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" } }] } },
        { at: ({ name }) => name === "gateway-logs-encryption", inputs: { rules: [] } },
      ],
    },
  ],
  "aws:s3/bucketPolicy:BucketPolicy": [
    tlsOnly("s3:*", "/*"),
    {
      says: "lets in nobody but the load balancers of AWS, and only to write",
      holds: ({ inputs }) =>
        statements(inputs.policy).every(
          ({ Effect, Principal, Action }) =>
            Effect === "Deny" || (same(Principal, { Service: "logdelivery.elasticloadbalancing.amazonaws.com" }) && same(Action, ["s3:PutObject"])),
        ),
      faults: [
        { at: ({ name }) => name === "gateway-logs-policy", inputs: { policy: (was: string) => was.replace('"s3:PutObject"', '"s3:GetObject"') } },
        {
          at: ({ name }) => name === "gateway-logs-policy",
          inputs: { policy: (was: string) => was.replace('{"Service":"logdelivery.elasticloadbalancing.amazonaws.com"}', '"*"') },
        },
      ],
    },
  ],
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": [
    lifecycle(
      "ends versions that nobody reads",
      (rules) => rules.some(({ noncurrentVersionExpiration }) => noncurrentVersionExpiration !== undefined),
      "noncurrentVersionExpiration",
    ),
    lifecycle(
      "ends uploads that were not finished",
      (rules) => rules.some(({ abortIncompleteMultipartUpload: of }) => of?.daysAfterInitiation === 7),
      "abortIncompleteMultipartUpload",
    ),
    {
      ...lifecycle(
        "keeps lines of load balancers as long as logs",
        (rules, { inputs }, look) => !takesLines(inputs.bucket, look) || rules.some(({ expiration }) => expiration?.days === look.stage.logDays),
        "expiration",
      ),
      faults: [{ at: ({ name }) => name === "gateway-logs-lifecycle", inputs: { "rules.0.expiration": { days: 7 } } }],
    },
  ],
  "aws:s3/bucketObjectv2:BucketObjectv2": [is("serverSideEncryption", "aws:kms", "AES256"), keyed("kmsKeyId", "data"), ofBucket],
  "aws:kms/key:Key": [
    is("enableKeyRotation", true, false),
    is("deletionWindowInDays", 30, 7),
    {
      says: "is for the account, and for services of AWS in its name",
      holds: ({ inputs }) =>
        statements(inputs.policy).every(
          ({ Effect, Principal, Condition }) =>
            Effect === "Allow" &&
            (same(Principal, { AWS: "arn:aws:iam::123456789012:root" }) ||
              (/^\{"Service":"[a-z0-9.-]+\.amazonaws\.com"\}$/.test(JSON.stringify(Principal)) &&
                JSON.stringify(Condition ?? {}).includes("123456789012"))),
        ),
      faults: [
        { inputs: { policy: (was: string) => was.replace("arn:aws:iam::123456789012:root", "*") } },
        { at: ({ name }) => name === "alerts-key", inputs: { policy: (was: string) => was.replace('"aws:SourceAccount":"123456789012"', "") } },
      ],
    },
    protectedData,
    retained,
  ],
  "aws:kms/alias:Alias": [names("targetKeyId", "aws:kms/key:Key", ({ outputs }) => outputs.keyId)],
  "aws:secretsmanager/secret:Secret": [keyed("kmsKeyId", "secrets"), is("recoveryWindowInDays", 30, 0)],
  "aws:secretsmanager/secretVersion:SecretVersion": [
    {
      says: "is marked as a secret",
      holds: ({ secretInputs }) => secretInputs.includes("secretString"),
      faults: [{ resource: { secretInputs: [] } }],
    },
    retained,
    {
      says: "has addresses that open database and cache by TLS alone",
      of: ({ inputs }) => /\.rds\.amazonaws\.com:5432\/|rediss?:\/\//.test(String(inputs.secretString)),
      holds: ({ inputs }) => {
        const values = Object.values(JSON.parse(String(inputs.secretString)) as Record<string, string>);
        return values.every((value) => !value.includes("redis://") && (!value.includes(":5432/") || /\?sslmode=(require|verify-full)$/.test(value)));
      },
      faults: [
        { inputs: { secretString: (was: string) => was.replace("sslmode=require", "sslmode=prefer") } },
        { inputs: { secretString: (was: string) => was.replace("?sslmode=require", "") } },
        { inputs: { secretString: (was: string) => was.replace("rediss://", "redis://") } },
      ],
    },
    {
      says: "has routes of NATS that show certificates at both ends",
      of: ({ name }) => name === "nats-nodes-secret-version",
      holds: ({ inputs }) => {
        const config = (JSON.parse(String(inputs.secretString)) as Record<string, string>)["nats.conf"] ?? "";
        const routes = config.slice(config.indexOf("cluster {"));
        return /\btls \{[^}]*cert_file:[^}]*ca_file:[^}]*verify: true/.test(routes);
      },
      faults: [
        { inputs: { secretString: (was: string) => was.replace("verify: true", "verify: false") } },
        { inputs: { secretString: (was: string) => was.replace("tls {", "plain {") } },
      ],
    },
  ],
};
