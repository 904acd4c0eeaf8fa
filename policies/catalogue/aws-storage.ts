import type { Breach, Policy } from "../model.ts";
import { isPublic, refusesPlain, statementsOf } from "../policy-document.ts";
import { below, hasInput, isTrue, record, records, shown, text } from "../read.ts";
import { bucketAcls, bucketPolicy, buckets, ownershipControls, partsOfBucket, publicAccessBlock } from "../s3.ts";

const flags = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

const blockPublicAccess: Policy = {
  id: "s3-block-public-access",
  title: "Buckets block public access",
  severity: "critical",
  why: "The block holds when a policy or an ACL opens the bucket by mistake; without it the mistake publishes the data.",
  fix: "Beside each raw Bucket make a BucketPublicAccessBlock with all four flags true.",
  types: [...buckets, publicAccessBlock],
  scope: "stack",
  references: [
    "FSBP S3.1",
    "FSBP S3.8",
    "CKV_AWS_53",
    "CKV_AWS_54",
    "CKV_AWS_55",
    "CKV_AWS_56",
    "CKV2_AWS_6",
    "AWS-0086",
    "AWS-0087",
    "AWS-0091",
    "AWS-0093",
  ],
  levels: { dev: "mandatory", staging: "mandatory", prod: "mandatory" },
  *check(stack) {
    for (const resource of stack.ofType(...buckets))
      if (partsOfBucket(stack, resource, [publicAccessBlock]).length === 0)
        yield { resource, path: "", is: "has no BucketPublicAccessBlock: what AWS sets on a new bucket can be taken away, and nobody notices" };
    for (const resource of stack.ofType(publicAccessBlock))
      for (const path of flags)
        if (!isTrue(resource.inputs[path]))
          yield { resource, path, is: `${shown(resource.inputs[path])}: one way to make the bucket public is open` };
  },
};

const openAcls = /^(public-read|public-read-write|authenticated-read)$/;
const openGroups = /\/groups\/global\/(AllUsers|AuthenticatedUsers)$/;

const noAcl: Policy = {
  id: "s3-no-acl-no-public-policy",
  title: "Buckets are opened by no ACL and by no policy for everybody",
  severity: "critical",
  why: "An ACL or a policy for everybody publishes what the bucket holds; with ACLs on, each object may be opened by whoever writes it.",
  fix: "Take out acl, BucketAcl and principals of *, set objectOwnership of BucketOwnershipControls to BucketOwnerEnforced, and publish files by CloudFront.",
  types: [...buckets, ...bucketAcls, bucketPolicy, ownershipControls, "aws:s3/bucketObject:BucketObject", "aws:s3/bucketObjectv2:BucketObjectv2"],
  scope: "resource",
  references: ["FSBP S3.2", "FSBP S3.3", "FSBP S3.6", "FSBP S3.12", "CKV_AWS_20", "CKV_AWS_57", "CKV_AWS_70", "CKV2_AWS_65", "AWS-0092"],
  levels: { dev: "mandatory", staging: "mandatory", prod: "mandatory" },
  *check(resource) {
    const { type, inputs } = resource;
    if (type === ownershipControls) {
      const ownership = below(inputs, "rule.objectOwnership");
      if (ownership !== "BucketOwnerEnforced")
        yield { path: "rule.objectOwnership", is: `${shown(ownership)}: ACLs count, also those of single objects` };
      return;
    }
    if (openAcls.test(text(inputs.acl) ?? ""))
      yield { path: "acl", is: `${shown(inputs.acl)}: everybody may read, or everybody with an account of AWS` };
    for (const [index, { uri }] of records(inputs.grants)) if (isOpenGroup(uri)) yield opened(`grants[${index}].uri`);
    for (const [index, grant] of records(record(inputs.accessControlPolicy).grants))
      if (isOpenGroup(below(grant, "grantee.uri"))) yield opened(`accessControlPolicy.grants[${index}].grantee.uri`);
    if (!hasInput(resource, "policy")) return;
    const statements = statementsOf(inputs.policy);
    if (!statements) yield { path: "policy", is: "is no JSON of a policy" };
    for (const statement of statements ?? [])
      if (isPublic(statement)) yield { path: `policy.${statement.path}.Principal`, is: "lets everybody in, with no condition on who or from where" };
  },
};

const isOpenGroup = (uri: unknown) => openGroups.test(text(uri) ?? "");
const opened = (path: string): Breach => ({ path, is: "is the group of everybody, or of everybody with an account of AWS" });

const tlsOnly: Policy = {
  id: "s3-tls-only",
  title: "Buckets refuse requests without TLS",
  severity: "high",
  why: "S3 also answers plain HTTP, where objects and signed addresses can be read on the way.",
  fix: "Give each raw Bucket a BucketPolicy that denies everybody s3:* on the bucket and its objects when aws:SecureTransport is false.",
  types: [...buckets, bucketPolicy],
  scope: "stack",
  references: ["FSBP S3.5", "CKV_AWS_379"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  *check(stack) {
    for (const resource of stack.ofType(...buckets)) {
      const policies = [resource, ...partsOfBucket(stack, resource, [bucketPolicy])];
      if (!policies.some((one) => hasInput(one, "policy"))) yield { resource, path: "", is: "has no policy that refuses requests without TLS" };
    }
    for (const resource of stack.ofType(...tlsOnly.types)) {
      if (!hasInput(resource, "policy")) continue;
      const refusing = (statementsOf(resource.inputs.policy) ?? []).filter(refusesPlain);
      // The objects of a bucket are named by a * at the end.
      if (!refusing.some(({ resources }) => resources.some((name) => name.endsWith("*"))))
        yield { resource, path: "policy", is: "has no statement that denies everybody without TLS the objects" };
    }
  },
};

const noForceDestroy: Policy = {
  id: "s3-no-force-destroy",
  title: "A bucket that holds something cannot be deleted",
  severity: "high",
  why: "With forceDestroy, taking the bucket out of the program deletes every object and every old version first.",
  fix: "Leave forceDestroy out of a raw Bucket, and empty it by hand before it goes.",
  types: buckets,
  scope: "resource",
  references: ["own"],
  levels: { dev: "disabled", staging: "mandatory", prod: "mandatory" },
  check: ({ inputs }) =>
    isTrue(inputs.forceDestroy) ? [{ path: "forceDestroy", is: "is true: all objects are deleted together with the bucket" }] : [],
};

export const awsStoragePolicies: readonly Policy[] = [blockPublicAccess, noAcl, tlsOnly, noForceDestroy];
