import { describe, expect, test } from "vitest";
import { acm, mirror, shop } from "../support/aws/gateway.ts";
import { tracedRules } from "../support/aws/rules.ts";
import { ofType, planOnAws, recordOnAws, resourceNamed } from "../support/aws/topology.ts";

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

  const problemsOf = async (...shop: Parameters<typeof recordOnAws>) => {
    const result = await recordOnAws(...shop);
    return "problems" in result ? result.problems : [];
  };

  test("the address of a login is egress that the environment must allow, and nobody is told to remove what nobody wrote", async () => {
    const problems = await problemsOf(shop(), { ...mirror, egress: ["api.example.com:443"] });
    expect(problems.map(({ component, path, value, fix }) => [component, path, value, fix])).toEqual([
      ["gateway", "auth", "shop-login.auth.eu-central-1.amazoncognito.com:443", "add it to egress in the stack file"],
    ]);
  });

  test("what AWS alone refuses says where it was written", async () => {
    const components = { gateway: { replicas: 2, adminRoutes: { ui: { host: "shop.example.com" } }, routes: { web: { retries: 1 } } } };
    const problems = await problemsOf(shop(), { ...mirror, components });
    expect(problems.map(({ path, origin }) => [path, origin])).toEqual([
      ["adminRoutes.ui.host", "Pulumi.dev.yaml components.gateway.adminRoutes"],
      ["replicas", "Pulumi.dev.yaml components.gateway.replicas"],
      ["routes.web.retries", "Pulumi.dev.yaml components.gateway.routes"],
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
