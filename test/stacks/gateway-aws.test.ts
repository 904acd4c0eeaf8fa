import { beforeAll, describe, expect, test } from "vitest";
import { catalogue } from "../../policies/catalogue/index.ts";
import { noOverrides } from "../../policies/overrides.ts";
import { isMandatory, runPolicies } from "../../policies/run.ts";
import type { Plan, PlanResource } from "../../src/preview/plan.ts";
import { replaces } from "../../src/preview/replacement-aws.ts";
import { statementsOf, wildcardsOf } from "../support/aws/policies.ts";
import { tracedRules } from "../support/aws/rules.ts";
import { exampleRegistry, ofType, planOnAws, recordOnAws, resourceNamed } from "../support/aws/topology.ts";
import { portable } from "../support/recorded.ts";

/** The engine's word for a value that is not known yet. */
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

interface Shop {
  readonly weights?: string;
  readonly gateway?: string;
  readonly tls?: string;
  readonly auth?: string;
}

const cognito = `{ cognito: { userPoolArn: "arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_a", clientId: "client", domain: "shop-login" } }`;
const acm = `{ certificate: { issuer: { acm: { hostedZone: "Z0123456789" } } } }`;

const shop = ({ weights = "{ stable: 90, canary: 10 }", gateway = "", tls = acm, auth = cognito }: Shop = {}) => `
  const service = { platform, image: "${exampleRegistry}/api:1.0.0", tools: ["wget"], ports: { http: 8000, admin: 9000 }, autoscale: { min: 2, max: 4 }, health: http("/ready", { port: "admin" }) };
  const web = new AppService("web", service);
  const next = new AppService("web-next", service);
  const ui = new AppService("ui", service);
  const apart = new AppService("apart", service);
  const gateway = new ServiceMeshGateway("gateway", {
    platform, hosts: ["shop.example.com"], tls: ${tls}, ${auth ? `auth: ${auth},` : ""}
    routes: {
      web: { to: { stable: web.connection, canary: next.connection }, weights: ${weights} },
      api: { path: "/api", to: web.connection, stripPrefix: true, rateLimit: { requestsPerSecond: 5 } },
    },
    adminRoutes: { ui: { to: ui.connection } },
    ${gateway}
  });
  return { gateway: gateway.external };`;
const mirror = { mirror: `${exampleRegistry}/hub` };
const prod = { ...mirror, profile: "prod" } as const;

const short = (urns: readonly string[]) => urns.map((urn) => urn.split("::").at(-1) ?? "");
const service = (plan: Plan, name: string) => resourceNamed(plan, "Service", `${name}-service`);

describe("a gateway on AWS, prod", () => {
  let plan: Plan;
  beforeAll(async () => {
    plan = await planOnAws(shop(), prod);
  });
  const arnOf = (type: string, name: string) => resourceNamed(plan, type, name).outputs.arn;

  test("is whole, and the same twice", async () => {
    expect(JSON.stringify(plan)).not.toContain(unknown);
    expect(JSON.stringify(portable(await planOnAws(shop(), prod)))).toBe(JSON.stringify(portable(plan)));
    expect(plan.outputs.gateway).toEqual({
      host: "shop.example.com",
      port: 443,
      address: "shop.example.com:443",
      url: "https://shop.example.com",
    });
  });

  test("is a load balancer in the public subnets that drops what is odd, keeps logs, and is not deleted by a slip", () => {
    const { inputs, dependencies, protect } = resourceNamed(plan, "LoadBalancer", "gateway-balancer");
    expect(inputs).toEqual({
      name: "shop-prod-gateway",
      loadBalancerType: "application",
      internal: false,
      ipAddressType: "ipv4",
      subnets: ["a", "b", "c"].map((letter) => resourceNamed(plan, "Subnet", `public-${letter}`).id),
      securityGroups: [resourceNamed(plan, "SecurityGroup", "gateway-group").id],
      dropInvalidHeaderFields: true,
      desyncMitigationMode: "defensive",
      preserveHostHeader: true,
      enableHttp2: true,
      enableWafFailOpen: false,
      enableDeletionProtection: true,
      idleTimeout: 60,
      accessLogs: { bucket: "shop-prod-gateway-logs-123456789012", prefix: "access", enabled: true },
      connectionLogs: { bucket: "shop-prod-gateway-logs-123456789012", prefix: "connections", enabled: true },
      tags: expect.objectContaining({ "groundplan:component": "gateway" }),
    });
    expect(protect).toBe(false);
    // It writes at once, and needs its way from the internet.
    for (const needed of ["public-to-internet", "gateway-logs-policy", "gateway-logs-encryption"]) expect(short(dependencies)).toContain(needed);
  });

  test("speaks TLS with its own certificate, and plain HTTP only says where that is", () => {
    expect(resourceNamed(plan, "Listener", "gateway-https").inputs).toEqual({
      loadBalancerArn: arnOf("LoadBalancer", "gateway-balancer"),
      port: 443,
      protocol: "HTTPS",
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
      certificateArn: arnOf("Certificate", "gateway-certificate"),
      defaultActions: [
        { type: "fixed-response", fixedResponse: { statusCode: "421", contentType: "text/plain", messageBody: "not a host of this gateway" } },
      ],
      routingHttpResponseServerEnabled: false,
      routingHttpResponseStrictTransportSecurityHeaderValue: "max-age=31536000",
      routingHttpResponseContentSecurityPolicyHeaderValue: "frame-ancestors 'self'",
      routingHttpResponseXContentTypeOptionsHeaderValue: "nosniff",
      tags: expect.anything(),
    });
    expect(resourceNamed(plan, "Listener", "gateway-http").inputs).toMatchObject({
      port: 80,
      protocol: "HTTP",
      defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }],
    });
  });

  test("has its hosts proved by records of the zone before it shows the certificate, and leads them here", () => {
    expect(resourceNamed(plan, "Certificate", "gateway-certificate").inputs).toMatchObject({
      domainName: "shop.example.com",
      subjectAlternativeNames: ["ui.shop.example.com"],
      validationMethod: "DNS",
      keyAlgorithm: "EC_prime256v1",
    });
    const proofs = resourceNamed(plan, "CertificateValidation", "gateway-certificate-proved");
    expect(short(proofs.dependencies)).toEqual(expect.arrayContaining(["gateway-shop.example.com-proof", "gateway-ui.shop.example.com-proof"]));
    expect(short(resourceNamed(plan, "Listener", "gateway-https").dependencies)).toContain(proofs.name);
    const records = ofType(plan, "Record").map(({ inputs: { name, type, zoneId } }) => [String(name).replace(/^_\w+/, "_"), type, zoneId]);
    expect(records.toSorted()).toEqual([
      ["_.shop.example.com.", "CNAME", "Z0123456789"],
      ["_.ui.shop.example.com.", "CNAME", "Z0123456789"],
      ["shop.example.com", "A", "Z0123456789"],
      ["ui.shop.example.com", "A", "Z0123456789"],
    ]);
    const balancer = resourceNamed(plan, "LoadBalancer", "gateway-balancer").outputs;
    expect(resourceNamed(plan, "Record", "gateway-shop.example.com-address").inputs.aliases).toEqual([
      { name: balancer.dnsName, zoneId: balancer.zoneId, evaluateTargetHealth: true },
    ]);
  });

  test("asks for a login before it shows a page of administration, and for none before the others", () => {
    expect(resourceNamed(plan, "ListenerRule", "gateway-ui-rule").inputs.actions).toEqual([
      {
        order: 1,
        type: "authenticate-cognito",
        authenticateCognito: {
          userPoolArn: "arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_a",
          userPoolClientId: "client",
          userPoolDomain: "shop-login",
          scope: "openid",
          sessionTimeout: 28_800,
          onUnauthenticatedRequest: "authenticate",
        },
      },
      { order: 2, type: "forward", forward: { targetGroups: [{ arn: arnOf("TargetGroup", "gateway-ui-8000"), weight: 100 }] } },
    ]);
    expect(resourceNamed(plan, "ListenerRule", "gateway-web-rule").inputs.actions).toEqual([
      {
        order: 1,
        type: "forward",
        forward: {
          targetGroups: [
            { arn: arnOf("TargetGroup", "gateway-web-8000"), weight: 90 },
            { arn: arnOf("TargetGroup", "gateway-web-next-8000"), weight: 10 },
          ],
        },
      },
    ]);
    expect(resourceNamed(plan, "ListenerRule", "gateway-api-rule").inputs.transforms).toEqual([
      { type: "url-rewrite", urlRewriteConfig: { rewrite: { regex: "^/api/?(.*)$", replace: "/$1" } } },
    ]);
  });

  test("stands behind a firewall that keeps a log without what is secret, encrypted, with an end", () => {
    const acl = resourceNamed(plan, "WebAcl", "gateway-firewall");
    expect(acl.inputs).toMatchObject({ scope: "REGIONAL", defaultAction: { allow: {} } });
    expect((acl.inputs.rules as { name: string }[]).map(({ name }) => name)).toEqual([
      "route-api",
      "route-ui",
      "route-web",
      "rate-api",
      "body-over-10-mib",
      "body-of-unknown-size",
      "ip-reputation",
      "common",
      "known-bad-inputs",
      "sqli",
    ]);
    expect(resourceNamed(plan, "WebAclAssociation", "gateway-firewall-association").inputs).toEqual({
      resourceArn: arnOf("LoadBalancer", "gateway-balancer"),
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

  test("sends to services that name their target groups once a load balancer has them, and to no other", () => {
    const { inputs, dependencies } = service(plan, "web");
    expect(inputs.loadBalancers).toEqual([{ targetGroupArn: arnOf("TargetGroup", "gateway-web-8000"), containerName: "web", containerPort: 8000 }]);
    expect(inputs.healthCheckGracePeriodSeconds).toBe(60);
    for (const needed of ["gateway-web-rule", "gateway-api-rule", "gateway-to-web-8000-in", "gateway-to-web-9000-in"])
      expect(short(dependencies)).toContain(needed);
    const { inputs: apart, dependencies: others } = service(plan, "apart");
    expect("loadBalancers" in apart || "healthCheckGracePeriodSeconds" in apart).toBe(false);
    expect(short(others).filter((name) => name.startsWith("gateway"))).toEqual([]);
    expect(resourceNamed(plan, "TargetGroup", "gateway-web-8000").inputs).toEqual({
      name: expect.stringMatching(/^[a-z][a-z0-9-]{1,31}$/),
      vpcId: resourceNamed(plan, "Vpc", "vpc").id,
      targetType: "ip",
      ipAddressType: "ipv4",
      protocol: "HTTP",
      protocolVersion: "HTTP1",
      port: 8000,
      deregistrationDelay: 30,
      loadBalancingAlgorithmType: "least_outstanding_requests",
      slowStart: 0,
      stickiness: { enabled: false, type: "lb_cookie" },
      healthCheck: {
        enabled: true,
        protocol: "HTTP",
        path: "/ready",
        port: "9000",
        matcher: "200-399",
        interval: 5,
        timeout: 3,
        healthyThreshold: 2,
        unhealthyThreshold: 6,
      },
      tags: expect.anything(),
    });
  });

  test("passes the gate of prod: nothing that stops a pipeline is found", async () => {
    const told = await planOnAws(shop(), { ...prod, aws: { alarmTopics: ["arn:aws:sns:eu-central-1:123456789012:alarms"] } });
    const { open, notRun } = runPolicies({
      policies: catalogue,
      resources: told.resources,
      stage: "prod",
      subject: { project: told.project, stack: told.stack, program: "main" },
      day: "2026-11-29",
      waivers: [],
      overrides: noOverrides,
    });
    expect(notRun).toEqual([]);
    expect(open.filter(isMandatory).map(({ policy, name, message }) => `${policy} at ${name}: ${message}`)).toEqual([]);
  });

  test("has alarms on metrics of what is in the plan", () => {
    const balancer = resourceNamed(plan, "LoadBalancer", "gateway-balancer").outputs.arnSuffix;
    const own = ofType(plan, "MetricAlarm").filter(({ name }) => name.startsWith("gateway-"));
    expect(
      Object.fromEntries(own.map(({ name, inputs }) => [name.replace(/^gateway-|-alarm$/g, ""), [inputs.metricName, inputs.dimensions]])),
    ).toEqual({
      errors: ["HTTPCode_ELB_5XX_Count", { LoadBalancer: balancer }],
      "target-errors": ["HTTPCode_Target_5XX_Count", { LoadBalancer: balancer }],
      latency: ["TargetResponseTime", { LoadBalancer: balancer }],
      rejected: ["RejectedConnectionCount", { LoadBalancer: balancer }],
      ...Object.fromEntries(
        ["ui-8000", "web-8000", "web-next-8000"].map((key) => [
          `unhealthy-${key}`,
          ["UnHealthyHostCount", { LoadBalancer: balancer, TargetGroup: resourceNamed(plan, "TargetGroup", `gateway-${key}`).outputs.arnSuffix }],
        ]),
      ),
      blocked: ["BlockedRequests", { WebACL: "shop-prod-gateway", Region: "eu-central-1", Rule: "ALL" }],
      certificate: ["DaysToExpiry", { CertificateArn: arnOf("Certificate", "gateway-certificate") }],
    });
    const { visibilityConfig } = resourceNamed(plan, "WebAcl", "gateway-firewall").inputs;
    expect(visibilityConfig).toEqual({ cloudwatchMetricsEnabled: true, metricName: "shop-prod-gateway", sampledRequestsEnabled: false });
    const latency = resourceNamed(plan, "MetricAlarm", "gateway-latency-alarm").inputs;
    expect([latency.extendedStatistic, "statistic" in latency]).toEqual(["p99", false]);
  });
});

describe("a change touches what it must, and nothing else", () => {
  const changed = (before: Plan, after: Plan) => {
    const inputs = (plan: Plan) => new Map(plan.resources.map((of): [string, PlanResource] => [`${of.type} ${of.name}`, of]));
    const [old, young] = [inputs(before), inputs(after)];
    return [...new Set([...old.keys(), ...young.keys()])]
      .filter((key) => JSON.stringify(old.get(key)?.inputs) !== JSON.stringify(young.get(key)?.inputs))
      .filter((key) => key.startsWith("aws:"))
      .map((key) => key.split(" ")[1]);
  };

  test("of weights the rule of the route", async () => {
    const [before, after] = [await planOnAws(shop(), mirror), await planOnAws(shop({ weights: "{ stable: 50, canary: 50 }" }), mirror)];
    expect(changed(before, after)).toEqual(["gateway-web-rule"]);
    expect(replaces("aws:lb/listenerRule:ListenerRule", "actions")).toBe(false);
  });

  test("of a login that is taken away the pages of administration, and the service behind them", async () => {
    const [before, after] = [await planOnAws(shop(), mirror), await planOnAws(shop({ auth: "" }), mirror)];
    expect(after.warnings.join("\n")).toContain("admin routes ui are not served");
    const services = changed(before, after).filter((name) => name?.endsWith("-service"));
    expect(services).toEqual(["ui-service"]);
    expect("loadBalancers" in service(after, "ui").inputs).toBe(false);
    expect(tracedRules(after).filter(({ name }) => /gateway-to-(internet|ui)/.test(name))).toEqual([]);
  });
});

describe("what is given from outside", () => {
  const pem = (label: string, text: string) => `-----BEGIN ${label}-----\\n${text}\\n-----END ${label}-----\\n`;
  const tls = `{ certificate: { certificate: "${pem("CERTIFICATE", "own")}${pem("CERTIFICATE", "between")}", key: "${pem("PRIVATE KEY", "very-secret")}" } }`;
  const oidc = `{ oidc: { issuer: "https://login.example.com", authorizationEndpoint: "https://login.example.com/a", tokenEndpoint: "https://login.example.com/t",
    userInfoEndpoint: "https://login.example.com/u", clientId: "client", clientSecret: "hidden-from-all" } }`;

  test("a certificate and the secret of a login are in one secret input each", async () => {
    const plan = await planOnAws(shop({ tls, auth: oidc }), mirror);
    const certificate = resourceNamed(plan, "Certificate", "gateway-certificate");
    expect(certificate.inputs).toMatchObject({
      certificateBody: "-----BEGIN CERTIFICATE-----\nown\n-----END CERTIFICATE-----\n",
      certificateChain: "-----BEGIN CERTIFICATE-----\nbetween\n-----END CERTIFICATE-----\n",
    });
    const holding = (text: string) =>
      plan.resources.flatMap(({ type, name, inputs, outputs, secretInputs }) =>
        type.startsWith("aws:") && (JSON.stringify(inputs).includes(text) || JSON.stringify(outputs).includes(text)) ? [[name, secretInputs]] : [],
      );
    expect(holding("very-secret")).toEqual([["gateway-certificate", ["privateKey"]]]);
    expect(holding("hidden-from-all")).toEqual([["gateway-ui-rule", [expect.stringMatching(/^actions/)]]]);
    expect(ofType(plan, "Record")).toEqual([]);
    expect(plan.warnings.join("\n")).toContain("shop.example.com, ui.shop.example.com must lead to the load balancer of gateway");
  });

  test("only those addresses come in that are allowed", async () => {
    const plan = await planOnAws(shop({ gateway: 'aws: { allowFrom: ["198.51.100.0/24"] },' }), mirror);
    const open = tracedRules(plan).filter(({ reason }) => reason === "listener");
    expect(open.map(({ rule }) => [rule.cidrIpv4, rule.fromPort]).toSorted()).toEqual([
      ["198.51.100.0/24", 443],
      ["198.51.100.0/24", 80],
    ]);
  });

  test("the address of a login is egress that the environment must allow", async () => {
    const result = await recordOnAws(shop(), { ...mirror, egress: ["api.example.com:443"] });
    expect("problems" in result && result.problems.map(({ component, path, value }) => [component, path, value])).toEqual([
      ["gateway", "egress[0]", "shop-login.auth.eu-central-1.amazoncognito.com:443"],
    ]);
  });

  test("a route to what speaks no HTTP is one problem, not three", async () => {
    const result = await recordOnAws(
      `const queue = new MessageQueue("queue", { platform, queues: { jobs: {} } });
       new ServiceMeshGateway("gateway", { platform, hosts: ["shop.example.com"], tls: ${acm}, routes: { web: { to: queue.connection } } });`,
      mirror,
    );
    expect("problems" in result && result.problems.map(({ path }) => path)).toEqual(["routes.web.to"]);
  });
});
