import { LogResourcePolicy } from "@pulumi/aws/cloudwatch/logResourcePolicy.js";
import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { BucketLifecycleConfiguration } from "@pulumi/aws/s3/bucketLifecycleConfiguration.js";
import { BucketOwnershipControls } from "@pulumi/aws/s3/bucketOwnershipControls.js";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy.js";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock.js";
import { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration.js";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning.js";
import type * as pulumi from "@pulumi/pulumi";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import { policyDocument, type ResourceStatement } from "../../../src/platforms/aws/iam.ts";
import { logGroup } from "../../../src/platforms/aws/logs.ts";

export interface LogBucket {
  readonly name: pulumi.Output<string>;
  /** The load balancer tries to write when it is told of the bucket. */
  readonly ready: readonly pulumi.Resource[];
}

/** Folders of the bucket. */
export const folders = { access: "access", connections: "connections" } as const;

/**
 * A bucket for the lines of the load balancer, which comes by TLS and writes nothing else. Encrypted with keys of S3: a load
 * balancer writes into no bucket with another key. Source: "Enable access logs for your Application Load Balancer", AWS, 2026.
 */
export function logBucket(context: AwsContext, parent: pulumi.Resource, component: string): LogBucket {
  const { logDays } = context.profile;
  const name = context.name(`${component}-logs-${context.account}`, "bucket");
  const part = `${component}-logs`;
  const made = new Bucket(
    `${part}-bucket`,
    { bucket: name, forceDestroy: !context.protects(component), tags: context.tags(component, "log", `${part}-bucket`) },
    context.placeData(parent, component),
  );
  const { bucket } = made;
  const own = context.place(parent, { deleteBeforeReplace: true });
  const closed = new BucketPublicAccessBlock(
    `${part}-closed`,
    { bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
    own,
  );
  const owner = new BucketOwnershipControls(`${part}-owner`, { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } }, own);
  const encryption = new BucketServerSideEncryptionConfiguration(
    `${part}-encryption`,
    { bucket, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
    own,
  );
  const versions = new BucketVersioning(`${part}-versions`, { bucket, versioningConfiguration: { status: "Enabled" } }, own);
  new BucketLifecycleConfiguration(
    `${part}-lifecycle`,
    {
      bucket,
      rules: [
        {
          id: "end",
          status: "Enabled",
          filter: { prefix: "" },
          expiration: { days: logDays },
          noncurrentVersionExpiration: { noncurrentDays: 7 },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        },
      ],
    },
    context.place(parent, { deleteBeforeReplace: true, dependsOn: [versions] }),
  );
  const policy = new BucketPolicy(
    `${part}-policy`,
    { bucket, policy: policyDocument(bucketStatements(context, name)) },
    context.place(parent, { deleteBeforeReplace: true, dependsOn: [closed] }),
  );
  return { name: bucket, ready: [closed, owner, encryption, policy] };
}

function bucketStatements({ partition, account }: Pick<AwsContext, "partition" | "account">, bucket: string): ResourceStatement[] {
  const arn = `arn:${partition}:s3:::${bucket}`;
  return [
    {
      sid: "DenyPlainText",
      effect: "Deny",
      principal: "*",
      actions: ["s3:*"],
      resources: [arn, `${arn}/*`],
      conditions: { Bool: { "aws:SecureTransport": "false" } },
    },
    {
      // The account in the path is what keeps load balancers of others out.
      sid: "LinesOfLoadBalancers",
      principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
      actions: ["s3:PutObject"],
      resources: Object.values(folders).map((folder) => `${arn}/${folder}/AWSLogs/${account}/*`),
    },
  ];
}

export interface FirewallLog {
  readonly arn: pulumi.Output<string>;
  readonly ready: readonly pulumi.Resource[];
}

/** The log group of the firewall; WAF takes no other name. */
export function firewallLog(context: AwsContext, parent: pulumi.Resource, component: string): FirewallLog {
  const path = `aws-waf-logs-${context.name(component, "webAcl")}`;
  const group = logGroup(context, parent, component, `${component}-firewall`, path);
  const writer = new LogResourcePolicy(
    `${component}-firewall-writes`,
    {
      policyName: context.name(`${component}-firewall`, "webAcl"),
      policyDocument: policyDocument([
        {
          sid: "LinesOfFirewall",
          principal: { Service: "delivery.logs.amazonaws.com" },
          actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
          resources: [`${context.arn("logs", `log-group:${path}`)}:log-stream:*`],
          conditions: {
            StringEquals: { "aws:SourceAccount": context.account },
            ArnLike: { "aws:SourceArn": context.arn("logs", "*") },
          },
        },
      ]),
    },
    context.place(parent, { deleteBeforeReplace: true }),
  );
  return { arn: group.arn, ready: [group, writer] };
}
