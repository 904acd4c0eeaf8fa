import { belongsTo, partsOf } from "./aws-parts.ts";
import type { Resource, Stack } from "./model.ts";
import { hasInput, list, record, records } from "./read.ts";

/** A resource of S3 has its token of old versions beside it. */
const both = (name: string, resource: string) => [`aws:s3/${name}:${resource}`, `aws:s3/${name}V2:${resource}V2`] as const;

export const buckets = both("bucket", "Bucket");
export const publicAccessBlock = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
export const bucketPolicy = "aws:s3/bucketPolicy:BucketPolicy";
export const ownershipControls = "aws:s3/bucketOwnershipControls:BucketOwnershipControls";
export const bucketAcls = both("bucketAcl", "BucketAcl");
export const encryptions = both("bucketServerSideEncryptionConfiguration", "BucketServerSideEncryptionConfiguration");
export const versionings = both("bucketVersioning", "BucketVersioning");
export const lifecycles = both("bucketLifecycleConfiguration", "BucketLifecycleConfiguration");
export const loggings = both("bucketLogging", "BucketLogging");

const balancers = ["aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer", "aws:elasticloadbalancingv2/loadBalancer:LoadBalancer"];

/** Resources of these types that are parts of the bucket. */
export const partsOfBucket = (stack: Stack, bucket: Resource, types: readonly string[]): readonly Resource[] =>
  partsOf(stack, bucket, types, "bucket", "bucket");

/** Logs of S3 and of balancers are written to buckets without a key of KMS alone, and a log of logs would never end. */
export const takesLogs = (stack: Stack, bucket: Resource): boolean =>
  stack.ofType(...loggings).some((logging) => belongsTo(stack, logging, "targetBucket", bucket, "bucket")) ||
  stack
    .ofType(...balancers)
    .some(({ propertyDependencies: { accessLogs = [], connectionLogs = [] } }) => [...accessLogs, ...connectionLogs].includes(bucket.urn));

/** A rule with where it is. */
export interface PlacedRule {
  readonly resource: Resource;
  readonly path: string;
  readonly rule: Readonly<Record<string, unknown>>;
}

/** Rules of a part, or of the inputs that buckets of old versions have in their place. */
export const rulesOf = (resource: Resource, input: string): readonly PlacedRule[] =>
  records(resource.inputs[input]).map(([index, rule]) => ({ resource, path: `${input}[${index}]`, rule }));

/** `serverSideEncryptionConfiguration.rule` and `serverSideEncryptionConfigurations[].rules[]` of the bucket itself. */
export function ownEncryption(resource: Resource): readonly PlacedRule[] {
  const one = "serverSideEncryptionConfiguration";
  const many = "serverSideEncryptionConfigurations";
  return [
    ...(hasInput(resource, one) ? [{ resource, path: `${one}.rule`, rule: record(record(resource.inputs[one]).rule) }] : []),
    ...records(resource.inputs[many]).flatMap(([index, { rules }]) =>
      records(rules).map(([at, rule]) => ({ resource, path: `${many}[${index}].rules[${at}]`, rule })),
    ),
  ];
}

/** `versioning` of the bucket itself, `versionings[0]` in between. */
export const ownVersioning = (bucket: Resource) =>
  record(hasInput(bucket, "versioning") ? bucket.inputs.versioning : list(bucket.inputs.versionings)[0]);
