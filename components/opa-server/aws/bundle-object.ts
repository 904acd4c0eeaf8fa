import { createHash } from "node:crypto";
import { BucketObjectv2 } from "@pulumi/aws/s3/bucketObjectv2.js";
import type { ComponentResource, Resource } from "@pulumi/pulumi";
import { type ArchivedFile, archive } from "../../../src/core/archive.ts";
import { quietly } from "../../../src/core/quietly.ts";
import { type BucketHandle, bucket, bucketName } from "../../../src/platforms/aws/bucket.ts";
import { type AwsContext, shared } from "../../../src/platforms/aws/context.ts";
import type { Statement } from "../../../src/platforms/aws/iam.ts";
import { keyUse, kmsKey } from "../../../src/platforms/aws/kms.ts";

/** One bucket for the bundles of all policy servers of the stack. */
const bundles = "bundles";
/** Bundles are made again from their folder: old versions are for what somebody overwrites or deletes by hand. */
const oldVersionDays = 30;

/** A bundle as it lies in the bucket: plain, known before anything is made. */
export interface PlacedBundle {
  readonly archive: Buffer;
  /** Named by its content, so another content is another object and a rollout that goes back finds the one before. */
  readonly key: string;
  readonly hash: string;
}

export function placedBundle(component: string, files: readonly ArchivedFile[]): PlacedBundle {
  const bytes = archive(files);
  const hash = createHash("sha256").update(bytes).digest("hex");
  return { archive: bytes, hash, key: `${component}/${hash}.tar.gz` };
}

/** Host of the bucket, as S3 wants it: with the region, so that no request is sent elsewhere. */
export const bundleHost = (context: Pick<AwsContext, "prefix" | "account" | "region">) =>
  `${bucketName(context, bundles)}.s3.${context.region}.amazonaws.com`;

const bundleBucket = (context: AwsContext): BucketHandle =>
  context.once("bundles", () => bucket(context, context.platform, bundles, { component: shared, role: "bundle", key: "data", oldVersionDays }));

/**
 * Puts the bundle there. The resource is named by the content as well: of one that is replaced S3 would lose the object when
 * an `up` that has failed half way is followed by one with the content from before.
 */
export function bundleObject(context: AwsContext, component: ComponentResource, name: string, bundle: PlacedBundle): readonly Resource[] {
  const { bucket: place, ready } = bundleBucket(context);
  const object = quietly(
    () =>
      new BucketObjectv2(
        `${name}-bundle-${bundle.hash.slice(0, 12)}`,
        {
          bucket: place.id,
          key: bundle.key,
          contentBase64: bundle.archive.toString("base64"),
          contentType: "application/gzip",
          serverSideEncryption: "aws:kms",
          kmsKeyId: kmsKey(context, "data").arn,
          bucketKeyEnabled: true,
          tags: context.tags(name, "bundle", `${name}-bundle`),
        },
        context.place(component, { dependsOn: [...ready] }),
      ),
  );
  return [...ready, object];
}

/** What the server may do: read its own bundles, also that of the revision before, and the key by way of S3 for this bucket alone. */
export function readBundles(context: AwsContext, name: string): Statement[] {
  const { arn } = bundleBucket(context);
  const key = keyUse(context, "data", "s3", ["kms:Decrypt"]);
  return [
    { sid: "ReadBundles", actions: ["s3:GetObject"], resources: [`${arn}/${name}/*`] },
    { ...key, conditions: { StringEquals: { ...key.conditions?.StringEquals, "kms:EncryptionContext:aws:s3:arn": arn } } },
  ];
}
