import type * as pulumi from "@pulumi/pulumi";
import { connect } from "../../../src/core/connection.ts";
import { digestOf } from "../../../src/core/parts.ts";
import type { Problem } from "../../../src/core/problems.ts";
import type { SystemSpec } from "../../../src/core/system.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import { sealEndpoint } from "../../../src/platforms/aws/endpoint.ts";
import { originOf } from "../../../src/platforms/aws/images.ts";
import type { ManagedSystem } from "../../../src/platforms/aws/managed.ts";
import type { OpaModel } from "../model.ts";
import { bundleHost, bundleObject, placedBundle, readBundles } from "./bundle-object.ts";

/** A policy server as tasks that pull their bundle from S3: a task definition has no room for a folder of policies. */
export const opaOnAws: ManagedSystem = { shape, problems, prepare };

/** The server asks for an object that never changes, so it asks seldom; what it has it keeps when S3 does not answer. */
const polling = { min_delay_seconds: 300, max_delay_seconds: 600 };

/**
 * What the server is told of S3. With no key and no role named it takes the credentials of its task, where
 * AWS_CONTAINER_CREDENTIALS_RELATIVE_URI says. Nothing is persisted: a task that ends takes its folders along.
 */
const bundleConfig = (host: string, region: string, key: string) => ({
  services: { s3: { url: `https://${host}`, credentials: { s3_signing: { metadata_credentials: { aws_region: region } } } } },
  bundles: { policies: { service: "s3", resource: key, polling } },
});

function shape(spec: SystemSpec, context: Pick<AwsContext, "prefix" | "account" | "region" | "profile">): SystemSpec {
  const { bundle, config, configFile, run } = spec.model as OpaModel;
  const [server] = spec.workloads;
  if (!bundle || !server) return spec;
  const fromS3 = bundleConfig(bundleHost(context), context.region, placedBundle(spec.name, bundle).key);
  const task = { ...server, command: run, files: [{ path: configFile, content: `${JSON.stringify({ ...config, ...fromS3 })}\n` }] };
  return { ...spec, workloads: [task], digest: digestOf("OpaServer", context.profile, task) };
}

/** ECR takes a password that lasts twelve hours, and no token that a stack file could give. */
function problems({ name, model }: SystemSpec): Problem[] {
  const { registry } = model as OpaModel;
  if (registry === undefined || originOf(`${registry}/policies`).kind !== "ecr") return [];
  const rule = "a registry that takes a token, or none: what ECR takes lasts twelve hours";
  return [{ component: name, path: "bundle.registry", value: registry, rule, fix: "give the folder as policies, and it is an object of S3" }];
}

function prepare(context: AwsContext, component: pulumi.ComponentResource, spec: SystemSpec): SystemSpec {
  const { bundle } = spec.model as OpaModel;
  if (!bundle) return spec;
  const to = connect({
    system: "bundles",
    scheme: "https",
    host: bundleHost(context),
    port: 443,
    tls: true,
    ready: [...bundleObject(context, component, spec.name, placedBundle(spec.name, bundle))],
    endpoint: sealEndpoint({ service: "s3", statements: readBundles(context, spec.name) }),
  });
  return { ...spec, workloads: spec.workloads.map((server) => ({ ...server, bindings: [...server.bindings, { key: "BUNDLE", to }] })) };
}
