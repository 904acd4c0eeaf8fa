import { beforeAll, describe, expect, test } from "vitest";
import type { Plan } from "../../src/preview/plan.ts";
import { arnOf, prod, shop, short } from "../support/aws/gateway.ts";
import { ofType, planOnAws, resourceNamed } from "../support/aws/topology.ts";
import { portable } from "../support/recorded.ts";

/** The engine's word for a value that is not known yet. */
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describe("a gateway on AWS, prod", () => {
  let plan: Plan;
  beforeAll(async () => {
    plan = await planOnAws(shop(), prod);
  });

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
      loadBalancerArn: arnOf(plan, "LoadBalancer", "gateway-balancer"),
      port: 443,
      protocol: "HTTPS",
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
      certificateArn: arnOf(plan, "Certificate", "gateway-certificate"),
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
      { order: 2, type: "forward", forward: { targetGroups: [{ arn: arnOf(plan, "TargetGroup", "gateway-ui-8000"), weight: 100 }] } },
    ]);
    expect(resourceNamed(plan, "ListenerRule", "gateway-web-rule").inputs.actions).toEqual([
      {
        order: 1,
        type: "forward",
        forward: {
          targetGroups: [
            { arn: arnOf(plan, "TargetGroup", "gateway-web-8000"), weight: 90 },
            { arn: arnOf(plan, "TargetGroup", "gateway-web-next-8000"), weight: 10 },
          ],
        },
      },
    ]);
    expect(resourceNamed(plan, "ListenerRule", "gateway-api-rule").inputs.transforms).toEqual([
      { type: "url-rewrite", urlRewriteConfig: { rewrite: { regex: "^/api/?(.*)$", replace: "/$1" } } },
    ]);
  });
});
