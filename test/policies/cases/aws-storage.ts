import { type PolicyCases, resource } from "../cases.ts";

const bucket = (inputs: Record<string, unknown> = {}) => resource("aws:s3/bucket:Bucket", "invoices", { bucket: "acme-invoices", ...inputs });
const old = resource("aws:s3/bucketV2:BucketV2", "invoices", { bucket: "acme-invoices" });
const invoices = bucket();

const all = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };
const block = (inputs: Record<string, unknown>, of = invoices) =>
  resource("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "invoices-block", inputs, { from: { bucket: [of] } });

const acl = (inputs: Record<string, unknown>) => resource("aws:s3/bucketAcl:BucketAcl", "invoices-acl", inputs);
const owner = (objectOwnership?: string) =>
  resource("aws:s3/bucketOwnershipControls:BucketOwnershipControls", "invoices-owner", { rule: { objectOwnership } });
const file = (inputs: Record<string, unknown>) => resource("aws:s3/bucketObjectv2:BucketObjectv2", "logo", { key: "logo.svg", ...inputs });

const json = (...statements: Record<string, unknown>[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });
const noPlain = {
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: ["arn:aws:s3:::acme-invoices", "arn:aws:s3:::acme-invoices/*"],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
const read = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::acme-invoices/*" };
const readers = { ...read, Principal: { AWS: "arn:aws:iam::123456789012:role/reader" } };
const policy = (document: unknown, name = "acme-invoices") =>
  resource("aws:s3/bucketPolicy:BucketPolicy", "invoices-policy", { bucket: name, policy: document });

export const awsStorageCases: Readonly<Record<string, PolicyCases>> = {
  "s3-block-public-access": {
    compliant: [
      { title: "a bucket with its block", resources: [invoices, block(all)] },
      { title: "a bucket of the old type", resources: [old, block(all, old)] },
      { title: "a bucket that takes its name from another part", resources: [invoices, policy("{}"), block(all, policy("{}"))] },
    ],
    violating: [
      { title: "a bucket without a block", resources: [invoices], finds: ["invoices: "] },
      { title: "a block of another bucket", resources: [old, block({ ...all, bucket: "other" }, invoices)], finds: ["invoices: "] },
      {
        title: "policies may open it",
        resources: [invoices, block({ ...all, blockPublicPolicy: false, restrictPublicBuckets: false })],
        finds: ["invoices-block: blockPublicPolicy", "invoices-block: restrictPublicBuckets"],
      },
    ],
    reads: Object.fromEntries(Object.keys(all).map((flag) => [`invoices-block: ${flag}`, [`invoices-block: ${flag}`]])),
  },
  "s3-no-acl-no-public-policy": {
    compliant: [
      {
        title: "no ACL, and a policy for one role",
        resources: [bucket({ acl: "private" }), owner("BucketOwnerEnforced"), policy(json(noPlain, readers))],
      },
      {
        title: "one distribution of CloudFront",
        resources: [policy(json({ ...read, Condition: { StringEquals: { "AWS:SourceArn": "arn:aws:cloudfront::123456789012:distribution/E1" } } }))],
      },
      { title: "a file without an ACL", resources: [file({}), acl({ acl: "private" })] },
    ],
    violating: [
      { title: "an ACL for everybody", resources: [acl({ acl: "public-read" })], finds: ["invoices-acl: acl"] },
      {
        title: "in the bucket or at a file",
        resources: [bucket({ acl: "public-read-write" }), file({ acl: "authenticated-read" })],
        finds: ["invoices: acl", "logo: acl"],
      },
      {
        title: "a grant to everybody",
        resources: [
          acl({ accessControlPolicy: { grants: [{ grantee: { type: "Group", uri: "http://acs.amazonaws.com/groups/global/AllUsers" } }] } }),
        ],
        finds: ["invoices-acl: accessControlPolicy.grants[0].grantee.uri"],
      },
      {
        title: "one in the bucket",
        resources: [bucket({ grants: [{ uri: "http://acs.amazonaws.com/groups/global/AuthenticatedUsers" }] })],
        finds: ["invoices: grants[0].uri"],
      },
      { title: "ACLs switched on", resources: [owner("ObjectWriter")], finds: ["invoices-owner: rule.objectOwnership"] },
      { title: "a policy for everybody", resources: [policy(json(noPlain, read))], finds: ["invoices-policy: policy.Statement[1].Principal"] },
      { title: "in the bucket", resources: [bucket({ policy: { Statement: read } })], finds: ["invoices: policy.Statement.Principal"] },
      { title: "no JSON", resources: [policy("Allow all")], finds: ["invoices-policy: policy"] },
    ],
    reads: {
      "invoices: acl": [],
      "invoices-owner: rule": ["invoices-owner: rule.objectOwnership"],
      "invoices-owner: rule.objectOwnership": ["invoices-owner: rule.objectOwnership"],
      "invoices-policy: policy": [],
    },
  },
  "s3-tls-only": {
    compliant: [
      { title: "a bucket that refuses plain HTTP", resources: [invoices, policy(json(readers, noPlain))] },
      { title: "in the bucket itself", resources: [bucket({ policy: { Statement: noPlain } })] },
    ],
    violating: [
      { title: "no policy", resources: [invoices], finds: ["invoices: "] },
      { title: "a policy that does not refuse it", resources: [invoices, policy(json(readers))], finds: ["invoices-policy: policy"] },
      {
        title: "for the bucket but not for its objects",
        resources: [policy(json({ ...noPlain, Resource: noPlain.Resource[0] }))],
        finds: ["invoices-policy: policy"],
      },
    ],
    reads: { "invoices-policy: policy": ["invoices: "], "invoices-policy: bucket": ["invoices: "] },
  },
  "s3-no-force-destroy": {
    compliant: [{ title: "a bucket that must be empty first", resources: [bucket({ forceDestroy: false })] }],
    violating: [{ title: "one that is emptied", resources: [bucket({ forceDestroy: true })], finds: ["invoices: forceDestroy"] }],
    reads: { "invoices: forceDestroy": [] },
  },
};
