import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { BucketLifecycleConfiguration } from "@pulumi/aws/s3/bucketLifecycleConfiguration.js";
import { BucketOwnershipControls } from "@pulumi/aws/s3/bucketOwnershipControls.js";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy.js";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock.js";
import { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration.js";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning.js";
import type * as pulumi from "@pulumi/pulumi";
import { quietly } from "../../core/quietly.ts";
import { backedUp } from "./backup.ts";
import type { AwsContext, AwsRole, Owner } from "./context.ts";
import { policyDocument, type ResourceStatement } from "./iam.ts";
import { type DataClass, kmsKey } from "./kms.ts";
import { awsName } from "./names.ts";

export interface BucketArgs {
  readonly component: Owner;
  /** What it holds, for its tags. */
  readonly role: AwsRole;
  /** Key that its objects are encrypted with. Changing it: safe; objects keep the key that they were written with. */
  readonly key: DataClass;
  /** Days that what was overwritten or deleted is kept. Changing it: safe. */
  readonly oldVersionDays: number;
}

export interface BucketHandle {
  readonly name: string;
  readonly arn: string;
  readonly bucket: Bucket;
  /** What has to be there before anything is put into it. */
  readonly ready: readonly pulumi.Resource[];
}

const longestName = 63;

/** Names of buckets are one space for all accounts of a partition, so account and region stand in it. */
export function bucketName({ prefix, account, region }: Pick<AwsContext, "prefix" | "account" | "region">, part: string): string {
  const suffix = `-${account}-${region}`;
  return `${awsName(prefix, part, { limit: longestName, suffixRoom: suffix.length })}${suffix}`;
}

/**
 * A bucket that nobody outside of its account reads or writes: encrypted, with versions, by TLS alone. It is
 * protected where data is guarded, and not emptied when it goes.
 */
export function bucket(context: AwsContext, parent: pulumi.Resource, name: string, args: BucketArgs): BucketHandle {
  return quietly(() => {
    const full = bucketName(context, name);
    const arn = `arn:${context.partition}:s3:::${full}`;
    const made = new Bucket(
      `${name}-bucket`,
      { bucket: full, forceDestroy: false, tags: backedUp(context, context.tags(args.component, args.role, `${name}-bucket`)) },
      // Protected as data is, but not left in the account: its name would stop the next bucket of that name.
      context.placeData(parent, args.component, { retainOnDelete: false, deleteBeforeReplace: true }),
    );
    const options = (...dependsOn: pulumi.Resource[]) => context.place(parent, { deleteBeforeReplace: true, dependsOn });
    const owner = new BucketOwnershipControls(
      `${name}-bucket-owner`,
      { bucket: made.id, rule: { objectOwnership: "BucketOwnerEnforced" } },
      options(),
    );
    const closed = new BucketPublicAccessBlock(
      `${name}-bucket-closed`,
      { bucket: made.id, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      options(owner),
    );
    const encrypted = new BucketServerSideEncryptionConfiguration(
      `${name}-bucket-encryption`,
      {
        bucket: made.id,
        rules: [
          {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKey(context, args.key).arn },
            bucketKeyEnabled: true,
            blockedEncryptionTypes: ["SSE-C"],
          },
        ],
      },
      options(),
    );
    const versions = new BucketVersioning(`${name}-bucket-versions`, { bucket: made.id, versioningConfiguration: { status: "Enabled" } }, options());
    new BucketLifecycleConfiguration(`${name}-bucket-lifecycle`, { bucket: made.id, rules: lifecycle(args.oldVersionDays) }, options(versions));
    // S3 refuses two changes of what is public at a time.
    const policy = new BucketPolicy(`${name}-bucket-policy`, { bucket: made.id, policy: policyDocument(tlsOnly(arn)) }, options(closed));
    return { name: full, arn, bucket: made, ready: [made, owner, closed, encrypted, versions, policy] };
  });
}

const lifecycle = (days: number) => [
  {
    id: "old-versions",
    status: "Enabled",
    filter: { prefix: "" },
    noncurrentVersionExpiration: { noncurrentDays: days },
    expiration: { expiredObjectDeleteMarker: true },
  },
  { id: "unfinished-uploads", status: "Enabled", filter: { prefix: "" }, abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } },
];

/** The block of public access closes the bucket to others; this closes it to old and plain protocols of our own. */
const tlsOnly = (arn: string): ResourceStatement[] => {
  const denied = { effect: "Deny", principal: "*", actions: ["s3:*"], resources: [arn, `${arn}/*`] } as const;
  return [
    { ...denied, sid: "DenyPlainHttp", conditions: { Bool: { "aws:SecureTransport": "false" } } },
    { ...denied, sid: "DenyOldTls", conditions: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
  ];
};
