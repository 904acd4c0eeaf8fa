import { type PolicyCases, resource } from "../cases.ts";

const bucket = (inputs: Record<string, unknown> = {}) => resource("aws:s3/bucket:Bucket", "invoices", { bucket: "acme-invoices", ...inputs });
const invoices = bucket();
const logs = resource("aws:s3/bucket:Bucket", "logs", { bucket: "acme-logs" });
const part = (kind: string, name: string, inputs: Record<string, unknown>) =>
  resource(`aws:s3/b${kind.slice(1)}:${kind}`, name, inputs, { from: { bucket: [invoices] } });
const encryption = (...rules: unknown[]) => part("BucketServerSideEncryptionConfiguration", "invoices-encryption", { rules });
const kms = { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" }, bucketKeyEnabled: true };
const aes = { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } };
const versions = (status: string) => part("BucketVersioning", "invoices-versions", { versioningConfiguration: { status } });
const old = { id: "old", status: "Enabled", noncurrentVersionExpiration: { noncurrentDays: 90 } };
const unfinished = { id: "unfinished", status: "Enabled", abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } };
const lifecycle = (...rules: unknown[]) => part("BucketLifecycleConfiguration", "invoices-lifecycle", { rules });
const logging = resource("aws:s3/bucketLogging:BucketLogging", "invoices-logging", {
  bucket: "acme-invoices",
  targetBucket: "acme-logs",
  targetPrefix: "s3/",
});
const balancer = resource("aws:lb/loadBalancer:LoadBalancer", "front", { accessLogs: { enabled: true } }, { from: { accessLogs: [logs] } });

export const awsStorageUpkeepCases: Readonly<Record<string, PolicyCases>> = {
  "s3-encrypted": {
    compliant: [
      { title: "a key of KMS for the bucket", resources: [invoices, encryption(kms)] },
      {
        title: "two layers, which know no key of a bucket",
        resources: [invoices, encryption({ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms:dsse" } })],
      },
      { title: "in the bucket itself", resources: [bucket({ serverSideEncryptionConfiguration: { rule: kms } })] },
      {
        title: "in a bucket of the old type",
        resources: [resource("aws:s3/bucketV2:BucketV2", "invoices", { serverSideEncryptionConfigurations: [{ rules: [kms] }] })],
      },
      { title: "a bucket for logs of a balancer, which takes no key of KMS", resources: [logs, balancer] },
    ],
    violating: [
      { title: "a bucket as it comes", resources: [invoices], finds: ["invoices: "] },
      {
        title: "a key of S3",
        resources: [invoices, encryption(aes)],
        finds: ["invoices-encryption: rules[0].applyServerSideEncryptionByDefault.sseAlgorithm"],
      },
      {
        title: "a request to KMS for each object",
        resources: [invoices, encryption({ ...kms, bucketKeyEnabled: false })],
        finds: ["invoices-encryption: rules[0].bucketKeyEnabled"],
      },
      {
        title: "a key of S3, in the bucket itself",
        resources: [bucket({ serverSideEncryptionConfiguration: { rule: aes } })],
        finds: ["invoices: serverSideEncryptionConfiguration.rule.applyServerSideEncryptionByDefault.sseAlgorithm"],
      },
    ],
    reads: {
      "invoices-encryption: rules": ["invoices-encryption: rules"],
      "invoices-encryption: rules[0].applyServerSideEncryptionByDefault": [
        "invoices-encryption: rules[0].applyServerSideEncryptionByDefault.sseAlgorithm",
      ],
      "invoices-encryption: rules[0].bucketKeyEnabled": ["invoices-encryption: rules[0].bucketKeyEnabled"],
    },
  },
  "s3-versioned-lifecycle": {
    compliant: [
      { title: "old versions are kept for a while", resources: [invoices, versions("Enabled"), lifecycle(old, unfinished)] },
      {
        title: "in the bucket itself",
        resources: [
          bucket({
            versioning: { enabled: true },
            lifecycleRules: [{ enabled: true, noncurrentVersionExpiration: { days: 90 }, abortIncompleteMultipartUploadDays: 7 }],
          }),
        ],
      },
    ],
    violating: [
      { title: "a bucket as it comes", resources: [invoices], finds: ["invoices: ", "invoices: lifecycleRules"] },
      {
        title: "versions switched off again",
        resources: [invoices, versions("Suspended"), lifecycle(old, unfinished)],
        finds: ["invoices-versions: versioningConfiguration.status"],
      },
      { title: "old versions for ever", resources: [invoices, versions("Enabled"), lifecycle(unfinished)], finds: ["invoices-lifecycle: rules"] },
      {
        title: "a rule that is off",
        resources: [invoices, versions("Enabled"), lifecycle(old, { ...unfinished, status: "Disabled" })],
        finds: ["invoices-lifecycle: rules"],
      },
    ],
    reads: {
      "invoices-versions: versioningConfiguration": ["invoices-versions: versioningConfiguration.status"],
      "invoices-versions: versioningConfiguration.status": ["invoices-versions: versioningConfiguration.status"],
      "invoices-lifecycle: rules": ["invoices-lifecycle: rules", "invoices-lifecycle: rules"],
      "invoices-lifecycle: rules[0].status": ["invoices-lifecycle: rules"],
    },
  },
  "s3-access-logs": {
    compliant: [
      { title: "a bucket that logs to another", resources: [invoices, logs, logging] },
      { title: "in the bucket itself", resources: [bucket({ logging: { targetBucket: "acme-logs" } })] },
    ],
    violating: [{ title: "a bucket that does not", resources: [invoices], finds: ["invoices: "] }],
    reads: { "invoices-logging: bucket": ["invoices: "], "invoices-logging: targetBucket": ["logs: "] },
  },
};
