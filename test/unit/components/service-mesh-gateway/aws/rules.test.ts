import { describe, expect, test } from "vitest";
import { loginAction, loginEgress } from "../../../../../components/service-mesh-gateway/aws/auth.ts";
import { greaterThan } from "../../../../../components/service-mesh-gateway/aws/body-size.ts";
import { parted } from "../../../../../components/service-mesh-gateway/aws/certificate.ts";
import { rateWindow } from "../../../../../components/service-mesh-gateway/aws/rate.ts";
import { prioritiesOf } from "../../../../../components/service-mesh-gateway/aws/rules.ts";
import { reachedPorts, targetGroupArgs } from "../../../../../components/service-mesh-gateway/aws/targets.ts";
import { exec, http } from "../../../../../src/core/probe.ts";
import { soundSpec } from "../../../../support/settings.ts";
import { cognito, firewallRule, type Loose, made, next, oidc, ruleOf, takes, web } from "./support.ts";

describe("rules of the listener", () => {
  const all = made({
    hosts: ["a.test", "b.test", "c.test", "d.test"],
    routes: {
      web: { to: web },
      api: { path: "/api", to: next },
      deep: { path: "/api/v2", to: web },
      own: { path: "/api", host: "b.test", to: web },
    },
    adminRoutes: { ui: { to: next } },
    auth: { cognito },
  });

  test.each([
    ["a.test", "/", "web"],
    ["a.test", "/apis", "web"],
    ["a.test", "/api", "api"],
    ["d.test", "/api/users", "api"],
    ["b.test", "/api/users", "own"],
    ["b.test", "/api/v2/x", "deep"],
    ["a.test", "/healthz", "200"],
    ["ui.a.test", "/anything", "ui"],
    ["other.test", "/", "421"],
  ])("%s%s goes to %s", (host, path, name) => {
    expect(takes(all, host, path)).toBe(name);
  });

  test("compare with no more than five values each, and have priorities of their own", () => {
    for (const { conditions } of all.rules) {
      const values = conditions.flatMap(({ hostHeader, pathPattern }: Loose) => (hostHeader ?? pathPattern).values);
      expect(values.length).toBeLessThanOrEqual(5);
    }
    const priorities = all.rules.map(({ priority }) => priority);
    expect(new Set(priorities).size).toBe(priorities.length);
    expect(Math.min(...priorities)).toBe(1);
    expect(Math.max(...priorities)).toBeLessThanOrEqual(50_000);
  });

  test("a host on which nothing is at the path gets 404", () => {
    const left = made({ routes: { api: { path: "/api", to: web } } });
    expect(takes(left, "shop.test", "/")).toBe("404");
    expect(takes(left, "other.test", "/")).toBe("421");
  });

  test("keep their priorities when others come and go", () => {
    const names = Array.from({ length: 60 }, (_, index) => ({ name: `route-${index}`, depth: 1 }));
    const [before, after] = [prioritiesOf(names), prioritiesOf([...names, { name: "another", depth: 1 }, { name: "deeper", depth: 2 }])];
    expect(new Set(after.values()).size).toBe(62);
    expect(names.filter(({ name }) => before.get(name) !== after.get(name))).toEqual([]);
    expect(after.get("deeper")).toBeLessThan(Math.min(...names.map(({ name }) => after.get(name) ?? 0)));
  });

  test("of administration are no other's", () => {
    const at = (args: object) => made({ auth: { cognito }, ...args }).problems.map(({ path }) => path);
    expect(at({ adminRoutes: { web: { to: next } } })).toEqual(["adminRoutes.web"]);
    expect(at({ routes: { web: { to: web, host: "shop.test" } }, adminRoutes: { ui: { to: next, host: "shop.test" } } })).toEqual([
      "adminRoutes.ui.host",
    ]);
    expect(at({ adminRoutes: { ui: { to: next, path: "/healthz" } } })).toEqual(["adminRoutes.ui.path"]);
    expect(at({ adminRoutes: { ui: { to: next, host: "shop.test", path: "/ui" } } })).toEqual([]);
  });

  test("of administration take no route its place, and none of each other's", () => {
    const at = (args: object) => made({ auth: { cognito }, ...args }).problems.map(({ path, value, rule }) => [path, value, rule]);
    const rule = (other: string) => `a host and a path of its own; ${other} has them`;
    // A route without a host is on all of them.
    expect(at({ adminRoutes: { ui: { to: next, host: "shop.test" } } })).toEqual([["adminRoutes.ui.host", "shop.test", rule("route web")]]);
    expect(at({ hosts: ["shop.test", "ui.shop.test"], adminRoutes: { ui: { to: next } } })).toEqual([
      ["adminRoutes.ui.host", "ui.shop.test", rule("route web")],
    ]);
    expect(at({ adminRoutes: { ui: { to: next }, other: { to: next, host: "ui.shop.test" } } })).toEqual([
      ["adminRoutes.other.host", "ui.shop.test", rule("admin route ui")],
    ]);
    expect(at({ adminRoutes: { ui: { to: next }, other: { to: next, host: "ui.shop.test", path: "/other" } } })).toEqual([]);
  });

  test("that are left no host are refused", () => {
    const routes = (more: object) => ({
      hosts: ["a.test", "b.test"],
      routes: { web: { to: web }, one: { to: next, host: "a.test" }, ...more },
    });
    expect(made(routes({})).problems).toEqual([]);
    expect(made(routes({ two: { to: next, host: "b.test" } })).problems.map(({ path, rule }) => [path, rule])).toEqual([
      ["routes.web.path", "a path that is left on one of hosts: one, two have it on all of them"],
    ]);
  });
});

test("hosts of pages of administration are names of the public name system, as all others", () => {
  const at = (host: string) => made({ auth: { cognito }, adminRoutes: { ui: { to: next, host } } }).problems.map(({ path, value }) => [path, value]);
  expect(at("ui")).toEqual([["adminRoutes.ui.host", "ui"]]);
  expect(at("192.0.2.1")).toEqual([["adminRoutes.ui.host", "192.0.2.1"]]);
  const long = `${"a".repeat(60)}.${"b".repeat(60)}.${"c".repeat(10)}.test`;
  expect(at(long)).toEqual([["adminRoutes.ui.host", long]]);
});

test("a wrong argument hides no other problem, and is told once", () => {
  const at = (args: object) => made(args).problems.map(({ path }) => path);
  const others = { gzip: true, replicas: 2, routes: { web: { to: web, retries: 3 } } };
  expect(at({ ...others, aws: { countOnly: ["foo"] } }).toSorted()).toEqual(["aws.countOnly[0]", "gzip", "replicas", "routes.web.retries"]);
  // Nothing is said about defaults that stand in the place of what is wrong.
  expect(at({ hosts: ["Shop.test"], replicas: 2 })).toEqual(["hosts[0]", "replicas"]);
  expect(at({ tls: { minVersion: 1.3 }, replicas: 2 })).toEqual(["tls.minVersion", "replicas"]);
  expect(at({ routes: { web: { to: web, retries: -1 } }, replicas: 2 })).toEqual(["routes.web.retries", "replicas"]);
  // Two rules between arguments, of which one is of AWS alone.
  expect(at({ routes: { web: { to: web, stripPrefix: true, retries: 3 } } })).toEqual(["routes.web.stripPrefix", "routes.web.retries"]);
});

describe("a login", () => {
  test("by OpenID Connect has its secret from the secrets, and nothing else has", () => {
    const all = made({ adminRoutes: { ui: { to: next } }, auth: { oidc: { ...oidc, sessionHours: 1 } } });
    expect(JSON.stringify([all.spec.model, all.spec.asks, all.spec.digest])).not.toContain(oidc.clientSecret);
    const { auth } = all.model;
    if (!auth) throw new Error("no login");
    const clientSecret = "from the secrets" as never;
    expect(loginAction(auth, { clientSecret })).toEqual({
      type: "authenticate-oidc",
      authenticateOidc: {
        issuer: oidc.issuer,
        authorizationEndpoint: oidc.authorizationEndpoint,
        tokenEndpoint: oidc.tokenEndpoint,
        userInfoEndpoint: oidc.userInfoEndpoint,
        clientId: "client",
        clientSecret,
        scope: "openid",
        sessionTimeout: 3600,
        onUnauthenticatedRequest: "authenticate",
      },
    });
    expect(() => loginAction(auth, {})).toThrow(/without the secret/);
    expect(loginEgress(auth)).toEqual([
      { host: "tokens.example.com", port: 443 },
      { host: "login.example.com", port: 443 },
    ]);
  });

  test("must be by HTTPS, and whole", () => {
    const { tokenEndpoint: _, ...partly } = oidc;
    const at = (auth: object) => made({ auth }).problems.map(({ path }) => path);
    expect(at({ oidc: partly })).toContain("auth.oidc.tokenEndpoint");
    expect(at({ oidc: { ...oidc, tokenEndpoint: "http://tokens.example.com" } })).toContain("auth.oidc.tokenEndpoint");
    expect(JSON.stringify(made({ auth: { oidc: { ...oidc, clientSecret: 12_345 } } }).problems)).not.toContain("12345");
  });
});

describe("the firewall", () => {
  test("knows the route of a request before it limits it, and the deepest first", () => {
    const all = made({
      routes: { web: { to: web }, api: { path: "/api", to: next, rateLimit: { requestsPerSecond: 2 } }, deep: { path: "/api/v2", to: web } },
    });
    const names = all.firewall.map(({ name }) => name);
    expect(names.slice(0, 5)).toEqual(["route-deep", "route-api", "route-web", "client-rate", "rate-api"]);
    expect(all.firewall.map(({ priority }) => priority)).toEqual(names.map((_, index) => index));
    expect(firewallRule(all, "route-api")).toMatchObject({ action: { count: {} }, ruleLabels: [{ name: "route:api" }] });
    const { regexString } = firewallRule(all, "route-api").statement.andStatement.statements[0].regexMatchStatement;
    expect(["/api", "/api/x", "/apis", "/x/api"].map((path) => new RegExp(regexString).test(path))).toEqual([true, true, false, false]);
    expect(firewallRule(all, "rate-api").action.block.customResponse.responseCode).toBe(429);
  });

  test("has the managed rules, without the one that stops every body over 8 KiB, and takes no samples of headers", () => {
    const all = made();
    const managed = all.firewall.flatMap(({ statement }) => statement.managedRuleGroupStatement ?? []);
    expect(managed.map(({ name }) => name)).toEqual([
      "AWSManagedRulesAmazonIpReputationList",
      "AWSManagedRulesCommonRuleSet",
      "AWSManagedRulesKnownBadInputsRuleSet",
      "AWSManagedRulesSQLiRuleSet",
    ]);
    expect(managed[1].ruleActionOverrides).toEqual([{ name: "SizeRestrictions_BODY", actionToUse: { count: {} } }]);
    expect(all.firewall.filter(({ overrideAction }) => overrideAction).map(({ overrideAction }) => overrideAction)).toEqual(
      Array(4).fill({ none: {} }),
    );
    for (const { visibilityConfig } of all.firewall) expect(visibilityConfig.sampledRequestsEnabled).toBe(false);
  });

  test("lets no body pass that is larger than its route takes, nor one that hides its size", () => {
    const all = made();
    const larger = new RegExp(firewallRule(all, "body-over-10-mib").statement.regexMatchStatement.regexString);
    expect(["10485760", "10485761", "99999999", "9999999", "0010485761"].map((length) => larger.test(length))).toEqual([
      false,
      true,
      true,
      false,
      true,
    ]);
    const [, unseen] = firewallRule(all, "body-of-unknown-size").statement.andStatement.statements;
    expect(unseen.sizeConstraintStatement).toMatchObject({
      size: 8192,
      comparisonOperator: "GT",
      fieldToMatch: { body: { oversizeHandling: "MATCH" } },
    });
  });

  test.each([0, 1, 9, 10, 99, 1_048_576, 3_145_728, 10_485_760, 19_999_999])("numbers greater than %i by their digits", (limit) => {
    const pattern = new RegExp(greaterThan(limit));
    for (const near of [limit - 1, limit, limit + 1, limit + 2, limit * 2 + 1, limit * 10 + 1, Math.floor(limit / 2)]) {
      if (near >= 0) expect(pattern.test(String(near)), String(near)).toBe(near > limit);
    }
  });

  test.each([
    [5, 5, { evaluationWindowSec: 60, limit: 305 }],
    [0.1, 1, { evaluationWindowSec: 120, limit: 13 }],
    [0.15, 1, { evaluationWindowSec: 60, limit: 10 }],
  ])("%d requests a second and %i at once are counted in the shortest window", (requestsPerSecond, burst, expected) => {
    expect(rateWindow({ requestsPerSecond, burst })).toEqual(expected);
  });
});

describe("the limit for each client", () => {
  const limit = (args: object, profile?: string) => {
    const rate = firewallRule(made(args, profile), "client-rate");
    return rate && [rate.statement.rateBasedStatement, rate.action.block.customResponse];
  };
  const is = (requests: number) => [
    { aggregateKeyType: "IP", evaluationWindowSec: 300, limit: requests },
    { responseCode: 429, responseHeaders: [{ name: "Retry-After", value: "300" }] },
  ];

  test("is there where data is guarded, and as somebody says it", () => {
    expect([limit({}, "dev"), limit({}, "staging"), limit({}, "prod")]).toEqual([undefined, is(6000), is(6000)]);
    expect(limit({ aws: { maxRequestsPerClient: 900 } }, "dev")).toEqual(is(900));
    expect(limit({ aws: { maxRequestsPerClient: false } }, "prod")).toBeUndefined();
  });

  test("is one that the firewall can count", () => {
    const at = (maxRequestsPerClient: unknown) => made({ aws: { maxRequestsPerClient } }).problems.map(({ path }) => path);
    expect([at(9), at(10.5), at(true), at(10)]).toEqual([...Array(3).fill(["aws.maxRequestsPerClient"]), []]);
  });
});

describe("a target group", () => {
  const service = (args: object) => {
    const [workload] = soundSpec("AppService", "api", {
      image: "example.com/api:1.0",
      ports: { http: 8000, admin: 9000 },
      health: http("/"),
      ...args,
    }).workloads;
    if (!workload) throw new Error("no workload");
    return workload;
  };

  test("asks what the workload's own probe asks, and lets requests end within its time to stop", () => {
    const asked = service({ health: http("/ready", { port: "admin", intervalSeconds: 10, timeoutSeconds: 10, retries: 1 }), stopSeconds: 90 });
    expect(targetGroupArgs({ port: 8000 }, asked)).toMatchObject({
      deregistrationDelay: 90,
      stickiness: { enabled: false },
      healthCheck: { path: "/ready", port: "9000", matcher: "200-399", interval: 10, timeout: 9, unhealthyThreshold: 2 },
    });
    expect(reachedPorts({ port: 8000 }, asked)).toEqual([8000, 9000]);
  });

  test("takes any answer as one when the probe is no request", () => {
    const asked = service({ health: exec(["ok"]) });
    expect(targetGroupArgs({ port: 8000 }, asked).healthCheck).toMatchObject({ path: "/", port: "8000", matcher: "200-499" });
    expect(reachedPorts({ port: 8000 }, asked)).toEqual([8000]);
  });
});

test("a certificate with those behind it is taken apart", () => {
  const one = (text: string) => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;
  expect(parted(one("a") + one("b") + one("c"))).toEqual({ own: one("a"), chain: one("b") + one("c") });
  expect(parted(one("a"))).toEqual({ own: one("a"), chain: undefined });
});

test("a weight is in the rule of its route alone", () => {
  const weighed = (stable: number) =>
    made({ routes: { web: { to: web }, api: { path: "/api", to: { stable: web, canary: next }, weights: { stable, canary: 100 - stable } } } });
  const [before, after] = [weighed(90), weighed(50)];
  expect(ruleOf(before, "api")).not.toEqual(ruleOf(after, "api"));
  expect(ruleOf(before, "web")).toEqual(ruleOf(after, "web"));
  expect([before.targets, before.firewall, before.listener]).toEqual([after.targets, after.firewall, after.listener]);
});
