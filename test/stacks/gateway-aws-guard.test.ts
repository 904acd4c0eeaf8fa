import { beforeAll, describe, expect, test } from "vitest";
import type { Plan } from "../../src/preview/plan.ts";
import { arnOf, prod, shop } from "../support/aws/gateway.ts";
import { statementsOf, wildcardsOf } from "../support/aws/policies.ts";
import { tracedRules } from "../support/aws/rules.ts";
import { planOnAws, resourceNamed } from "../support/aws/topology.ts";

describe("a gateway on AWS, prod", () => {
  let plan: Plan;
  beforeAll(async () => {
    plan = await planOnAws(shop(), prod);
  });

  test("stands behind a firewall that keeps a log without what is secret, encrypted, with an end", () => {
    const acl = resourceNamed(plan, "WebAcl", "gateway-firewall");
    expect(acl.inputs).toMatchObject({ scope: "REGIONAL", defaultAction: { allow: {} } });
    expect((acl.inputs.rules as { name: string }[]).map(({ name }) => name)).toEqual([
      "route-api",
      "route-ui",
      "route-web",
      "client-rate",
      "rate-api",
      "body-over-10-mib",
      "body-of-unknown-size",
      "ip-reputation",
      "common",
      "known-bad-inputs",
      "sqli",
    ]);
    expect(resourceNamed(plan, "WebAclAssociation", "gateway-firewall-association").inputs).toEqual({
      resourceArn: arnOf(plan, "LoadBalancer", "gateway-balancer"),
      webAclArn: acl.outputs.arn,
    });
    const group = resourceNamed(plan, "LogGroup", "gateway-firewall-logs");
    expect(group.inputs).toMatchObject({
      name: "aws-waf-logs-shop-prod-gateway",
      kmsKeyId: resourceNamed(plan, "Key", "logs-key").outputs.arn,
      retentionInDays: 365,
    });
    expect(resourceNamed(plan, "WebAclLoggingConfiguration", "gateway-firewall-log").inputs).toEqual({
      resourceArn: acl.outputs.arn,
      logDestinationConfigs: [group.outputs.arn],
      redactedFields: [{ singleHeader: { name: "authorization" } }, { singleHeader: { name: "cookie" } }, { queryString: {} }],
    });
  });

  test("writes its lines into a closed bucket, which nobody else writes into, and which is kept", () => {
    const bucket = "shop-prod-gateway-logs-123456789012";
    const made = resourceNamed(plan, "Bucket", "gateway-logs-bucket");
    expect([made.inputs.bucket, made.inputs.forceDestroy, made.protect, made.retainOnDelete]).toEqual([bucket, false, true, true]);
    expect(resourceNamed(plan, "BucketPublicAccessBlock", "gateway-logs-closed").inputs).toEqual({
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(resourceNamed(plan, "BucketOwnershipControls", "gateway-logs-owner").inputs.rule).toEqual({ objectOwnership: "BucketOwnerEnforced" });
    expect(resourceNamed(plan, "BucketVersioning", "gateway-logs-versions").inputs.versioningConfiguration).toEqual({ status: "Enabled" });
    // No other kind is taken.
    expect(resourceNamed(plan, "BucketServerSideEncryptionConfiguration", "gateway-logs-encryption").inputs.rules).toEqual([
      { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
    ]);
    expect(resourceNamed(plan, "BucketLifecycleConfiguration", "gateway-logs-lifecycle").inputs.rules).toMatchObject([
      { status: "Enabled", expiration: { days: 365 }, noncurrentVersionExpiration: { noncurrentDays: 7 } },
    ]);
    const policy = JSON.parse(String(resourceNamed(plan, "BucketPolicy", "gateway-logs-policy").inputs.policy));
    const own = "arn:aws:s3:::shop-prod-gateway-logs-123456789012";
    expect(policy.Statement).toEqual([
      {
        Sid: "DenyPlainText",
        Effect: "Deny",
        Principal: "*",
        Action: ["s3:*"],
        Resource: [own, `${own}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
      {
        Sid: "LinesOfLoadBalancers",
        Effect: "Allow",
        Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
        Action: ["s3:PutObject"],
        Resource: [`${own}/access/AWSLogs/123456789012/*`, `${own}/connections/AWSLogs/123456789012/*`],
      },
    ]);
  });

  test("opens its two ports to clients, and nothing else without a binding, a probe or a login", () => {
    const rules = tracedRules(plan);
    expect(rules.filter(({ reason }) => reason === "untraced")).toEqual([]);
    const own = rules.filter(({ name }) => /gateway/.test(name)).map(({ name, reason }) => [name, reason]);
    expect(own.toSorted()).toEqual(
      [
        ...["ui", "web", "web-next"].flatMap((to) =>
          ["in", "out"].flatMap((way) => [
            [`gateway-to-${to}-8000-${way}`, "binding"],
            [`gateway-to-${to}-9000-${way}`, "health check"],
          ]),
        ),
        ["gateway-to-internet-443-out", "declared egress"],
        ["internet-to-gateway-443-in", "listener"],
        ["internet-to-gateway-80-in", "listener"],
      ].toSorted(),
    );
  });

  test("gives no permission that is wider than it must be", () => {
    const own = (found: string) => /^(BucketPolicy|LogResourcePolicy) /.test(found);
    const bucket = "arn:aws:s3:::shop-prod-gateway-logs-123456789012";
    expect(wildcardsOf(plan).filter(own)).toEqual([
      "LogResourcePolicy LinesOfFirewall Resource arn:aws:logs:eu-central-1:123456789012:log-group:aws-waf-logs-shop-prod-gateway:log-stream:*",
      "BucketPolicy DenyPlainText Principal *",
      "BucketPolicy DenyPlainText Action s3:*",
      `BucketPolicy DenyPlainText Resource ${bucket}/*`,
      `BucketPolicy LinesOfLoadBalancers Resource ${bucket}/access/AWSLogs/123456789012/*`,
      `BucketPolicy LinesOfLoadBalancers Resource ${bucket}/connections/AWSLogs/123456789012/*`,
    ]);
    const [firewall] = statementsOf(plan).filter(({ statement }) => statement.Sid === "LinesOfFirewall");
    expect(firewall?.statement).toMatchObject({
      Principal: { Service: "delivery.logs.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
    });
  });
});
