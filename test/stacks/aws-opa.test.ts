import { beforeAll, describe, expect, test } from "vitest";
import { archived } from "../../src/core/archive.ts";
import type { Plan, PlanResource } from "../../src/preview/plan.ts";
import { statementsOf } from "../support/aws/policies.ts";
import { tracedRules } from "../support/aws/rules.ts";
import { tasksOf } from "../support/aws/tasks.ts";
import { exampleRegistry, ofType, planOnAws, recordOnAws, resourceNamed } from "../support/aws/topology.ts";

const body = `
  const opa = new OpaServer("opa", { platform, policies: "policies", path: "repo/guard", maskInputs: ["/token"] });
  const other = new OpaServer("other", { platform, policies: "policies", path: "repo/guard", decisionLogs: false });
  new AppService("api", {
    platform, image: "${exampleRegistry}/api:1.0.0", ports: { http: 8000 }, health: http("/"), bindings: { OPA: opa.connection },
  });
  return { opa: opa.connection.uri };`;
const staging = { profile: "staging", mirror: `${exampleRegistry}/hub` } as const;
const guard = (allowed: boolean) => ({ "guard.rego": `package repo.guard\n\ndefault allow := ${allowed}\n`, "data.json": '{"owner":"acme"}' });

const bucket = "shop-staging-bundles-123456789012-eu-central-1";
const arn = `arn:aws:s3:::${bucket}`;

describe("policy servers on AWS", () => {
  let plan: Plan;
  beforeAll(async () => {
    plan = await planOnAws(body, staging, guard(false));
  });
  const inputs = (type: string, name: string) => resourceNamed(plan, type, name).inputs;
  const objectOf = (of: Plan, component: string): PlanResource => {
    const [object, ...more] = ofType(of, "BucketObjectv2").filter(({ name }) => name.startsWith(`${component}-bundle-`));
    if (!object || more.length > 0) throw new Error(`${component} has ${more.length + (object ? 1 : 0)} objects`);
    return object;
  };
  const configOf = (of: Plan, component: string) => {
    const writer = tasksOf(of)
      .flatMap(({ containers }) => containers)
      .find(({ name }) => name === `${component}-files`);
    return JSON.parse(writer?.environment[0]?.value ?? "{}") as { bundles: { policies: { resource: string } }; [key: string]: unknown };
  };

  test("share a bucket that is closed, encrypted, versioned, and not emptied when it goes", () => {
    expect(ofType(plan, "Bucket").map(({ protect, retainOnDelete }) => [protect, Boolean(retainOnDelete)])).toEqual([[true, false]]);
    const key = resourceNamed(plan, "Key", "data-key").outputs.arn;
    expect(inputs("Bucket", "bundles-bucket")).toEqual({
      bucket,
      forceDestroy: false,
      tags: {
        Name: "shop-staging-bundles-bucket",
        "groundplan:stack": "shop-staging",
        "groundplan:environment": "staging",
        "groundplan:role": "bundle",
        "groundplan:backup": "shop-staging",
      },
    });
    expect(inputs("BucketPublicAccessBlock", "bundles-bucket-closed")).toEqual({
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(inputs("BucketOwnershipControls", "bundles-bucket-owner")).toEqual({ bucket, rule: { objectOwnership: "BucketOwnerEnforced" } });
    expect(inputs("BucketVersioning", "bundles-bucket-versions")).toEqual({ bucket, versioningConfiguration: { status: "Enabled" } });
    expect(inputs("BucketServerSideEncryptionConfiguration", "bundles-bucket-encryption")).toEqual({
      bucket,
      rules: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key },
          bucketKeyEnabled: true,
          blockedEncryptionTypes: ["SSE-C"],
        },
      ],
    });
    const lifecycle = resourceNamed(plan, "BucketLifecycleConfiguration", "bundles-bucket-lifecycle");
    expect(lifecycle.inputs.rules).toEqual([
      {
        id: "old-versions",
        status: "Enabled",
        filter: { prefix: "" },
        noncurrentVersionExpiration: { noncurrentDays: 30 },
        expiration: { expiredObjectDeleteMarker: true },
      },
      { id: "unfinished-uploads", status: "Enabled", filter: { prefix: "" }, abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } },
    ]);
    // Rules about old versions are refused before there are versions.
    expect(lifecycle.dependencies).toContain(resourceNamed(plan, "BucketVersioning", "bundles-bucket-versions").urn);
    expect(statementsOf(plan).flatMap(({ resource, statement }) => (resource.name === "bundles-bucket-policy" ? [statement] : []))).toEqual(
      [
        { Sid: "DenyPlainHttp", Condition: { Bool: { "aws:SecureTransport": "false" } } },
        { Sid: "DenyOldTls", Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
      ].map((statement) => ({ ...statement, Effect: "Deny", Principal: "*", Action: ["s3:*"], Resource: [arn, `${arn}/*`] })),
    );
  });

  test("get the policies as an object with a name that its bytes have", () => {
    const object = objectOf(plan, "opa");
    const { contentBase64, key, tags, ...rest } = object.inputs as Record<string, unknown>;
    const files = archived(Buffer.from(String(contentBase64), "base64"));
    expect(files.map(({ path }) => path)).toEqual(["+mask.rego", ".manifest", "data.json", "guard.rego"]);
    expect(files.find(({ path }) => path === "guard.rego")?.content).toBe("package repo.guard\n\ndefault allow := false\n");
    expect(key).toMatch(/^opa\/[0-9a-f]{64}\.tar\.gz$/);
    expect(rest).toEqual({
      bucket,
      contentType: "application/gzip",
      serverSideEncryption: "aws:kms",
      kmsKeyId: resourceNamed(plan, "Key", "data-key").outputs.arn,
      bucketKeyEnabled: true,
    });
    expect(tags).toMatchObject({ "groundplan:component": "opa", "groundplan:role": "bundle" });
    // Nothing lies there before the bucket is closed and encrypted.
    for (const [type, name] of [
      ["BucketPolicy", "bundles-bucket-policy"],
      ["BucketPublicAccessBlock", "bundles-bucket-closed"],
      ["BucketServerSideEncryptionConfiguration", "bundles-bucket-encryption"],
    ] as const)
      expect(object.dependencies).toContain(resourceNamed(plan, type, name).urn);
  });

  test("ask S3 for it as their task, and start when it is there", () => {
    expect(configOf(plan, "opa")).toEqual({
      labels: { component: "opa" },
      status: { prometheus: true },
      decision_logs: { console: true },
      services: {
        s3: {
          url: `https://${bucket}.s3.eu-central-1.amazonaws.com`,
          credentials: { s3_signing: { metadata_credentials: { aws_region: "eu-central-1" } } },
        },
      },
      bundles: {
        policies: { service: "s3", resource: objectOf(plan, "opa").inputs.key, polling: { min_delay_seconds: 300, max_delay_seconds: 600 } },
      },
    });
    expect(configOf(plan, "other")).not.toHaveProperty("decision_logs");
    const [server] = tasksOf(plan).flatMap(({ containers }) => containers.filter(({ name }) => name === "opa"));
    expect(server?.command).not.toContain("--bundle");
    const [prober] = tasksOf(plan).flatMap(({ containers }) => containers.filter(({ name }) => name === "opa-prober"));
    expect(prober?.healthCheck?.command.at(-1)).toBe("http://127.0.0.1:8282/health?bundles&plugins");
    const service = resourceNamed(plan, "Service", "opa-service");
    expect(service.inputs.desiredCount).toBe(2);
    expect(service.dependencies).toContain(objectOf(plan, "opa").urn);
    expect(resourceNamed(plan, "Service", "api-service").dependencies).toContain(service.urn);
    expect(plan.outputs).toMatchObject({ opa: "http://opa:8181/v1/data/repo/guard" });
  });

  test("may read their own bundles and the key for this bucket, by S3 alone", () => {
    const allowed = statementsOf(plan).flatMap(({ resource, statement }) => (resource.name === "opa-task-policy" ? [statement] : []));
    expect(allowed).toEqual([
      { Sid: "ReadBundles", Effect: "Allow", Action: ["s3:GetObject"], Resource: [`${arn}/opa/*`] },
      {
        Sid: "DataKeyBys3",
        Effect: "Allow",
        Action: ["kms:Decrypt"],
        Resource: [resourceNamed(plan, "Key", "data-key").outputs.arn],
        Condition: { StringEquals: { "kms:ViaService": "s3.eu-central-1.amazonaws.com", "kms:EncryptionContext:aws:s3:arn": arn } },
      },
    ]);
    const ways = tracedRules(plan).filter(({ name }) => /^opa-to-/.test(name));
    expect(ways.map(({ reason }) => reason).toSorted()).toEqual(["S3 endpoint", "endpoint of AWS", "endpoint of AWS"]);
    expect(tracedRules(plan).filter(({ reason }) => reason === "untraced")).toEqual([]);
  });

  test("a changed policy is another object and another revision of its server, and nothing else; the same is the same", async () => {
    const [again, changed] = [await planOnAws(body, staging, guard(false)), await planOnAws(body, staging, guard(true))];
    expect(JSON.stringify(again)).toBe(JSON.stringify(plan));
    const rest = (of: Plan) => of.resources.filter(({ type }) => !/:(BucketObjectv2|TaskDefinition)$/.test(type)).map((r) => [r.urn, r.inputs]);
    expect(rest(changed)).toEqual(rest(plan));
    const [before, after] = [objectOf(plan, "opa"), objectOf(changed, "opa")];
    // Another resource: what an `up` that failed goes back to is not deleted with what it made.
    expect(after.urn).not.toBe(before.urn);
    expect(configOf(changed, "opa").bundles.policies.resource).toBe(after.inputs.key);
    // The name of the bundle aside, the task is what it was.
    const task = (of: Plan) => String(resourceNamed(of, "TaskDefinition", "opa-task").inputs.containerDefinitions);
    expect(task(changed)).not.toBe(task(plan));
    expect(task(changed).replaceAll(String(after.inputs.key), "KEY")).toBe(task(plan).replaceAll(String(before.inputs.key), "KEY"));
  });
});

test("a bundle from a registry is pulled from there, and not from ECR", async () => {
  const pulled = (registry: string) =>
    `new OpaServer("opa", { platform, bundle: { registry: "${registry}", resource: "acme/policies:1.4.2", token: "t0ken" }, path: "repo/guard" });`;
  const plan = await planOnAws(pulled("ghcr.io"), staging);
  expect(ofType(plan, "Bucket")).toEqual([]);
  expect(tracedRules(plan).filter(({ name }) => name.startsWith("opa-to-internet"))).toEqual([
    expect.objectContaining({ reason: "declared egress", rule: expect.objectContaining({ fromPort: 443, toPort: 443 }) }),
  ]);
  expect(tasksOf(plan).flatMap(({ containers }) => containers.flatMap(({ environment }) => environment.map(({ value }) => value)))).toContainEqual(
    expect.stringContaining('"url":"https://ghcr.io","type":"oci"'),
  );
  // The token is a file that the step before the server writes from the secret of the task.
  expect(resourceNamed(plan, "SecretVersion", "opa-secret-version").inputs.secretString).toBe('{"GROUNDPLAN_FILE_0":"t0ken"}');
  expect(JSON.stringify(tasksOf(plan))).not.toContain("t0ken");
  const refused = await recordOnAws(pulled(exampleRegistry), staging);
  if (!("problems" in refused)) throw new Error("not refused");
  expect(refused.problems.map(({ component, path, value }) => [component, path, value])).toEqual([["opa", "bundle.registry", exampleRegistry]]);
});
