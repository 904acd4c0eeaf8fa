import { describe, expect, test } from "vitest";
import { translations } from "../../../../../components/service-mesh-gateway/translations.ts";
import { awsTranslations } from "../../../../../components/service-mesh-gateway/translations-aws.ts";
import { sealEndpoint } from "../../../../../src/platforms/aws/endpoint.ts";
import { cognito, firewallRule, type Loose, type Made, made, next, ruleOf, web, zone } from "./support.ts";

test("every argument has a cell on AWS, and no other has", () => {
  expect(Object.keys(awsTranslations).toSorted()).toEqual(Object.keys(translations).toSorted());
});

interface Case {
  readonly args: object;
  readonly seen: (all: Made) => unknown;
  readonly is: unknown;
}

const route = (args: object) => ({ routes: { web: { to: web }, api: { path: "/api", to: next, ...args } } });
const hsts = (args: object, is: string): Case[] => [
  { args: { hsts: args }, seen: ({ listener }) => listener.routingHttpResponseStrictTransportSecurityHeaderValue, is },
];
const refusedAt = (args: object, ...paths: string[]): Case[] => [{ args, seen: ({ problems }) => problems.map(({ path }) => path), is: paths }];
const statement = (name: string) => (all: Made) => firewallRule(all, name)?.statement;
const cors = (more: object) => refusedAt(route({ cors: { origins: ["https://a.test"], ...more } }), "routes.api.cors");
const versions = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`v${index}`, web]));
const login = { adminRoutes: { ui: { to: next } }, auth: { cognito } };

/** For each argument what changes with it, or the problem that names it. */
const cases: Readonly<Record<string, readonly Case[]>> = {
  api: refusedAt({ api: "gateway-api" }, "api"),
  hosts: [
    {
      args: { hosts: ["a.test", "b.test"] },
      seen: (all) => [all.hosts, ruleOf(all, "web").conditions],
      is: [["a.test", "b.test"], [{ hostHeader: { values: ["a.test", "b.test"] } }]],
    },
    ...refusedAt({ hosts: ["localhost", "192.0.2.1"] }, "hosts[0]", "hosts[1]"),
    ...refusedAt({ hosts: ["a.test", `${"a".repeat(60)}.${"b".repeat(60)}.${"c".repeat(10)}.test`] }, "hosts[1]"),
    ...refusedAt({ hosts: [`${"a".repeat(60)}.test`] }, "hosts[0]"),
  ],
  "tls.certificate": [
    ...refusedAt({ tls: { certificate: "development" } }, "tls.certificate"),
    ...refusedAt({ tls: { certificate: { issuer: { name: "corporate" } } } }, "tls.certificate.issuer"),
    ...refusedAt({ tls: { certificate: { issuer: { acme: { email: "a@b.test" } } } } }, "tls.certificate.issuer"),
    {
      args: { tls: { certificate: { certificate: Promise.resolve(""), key: Promise.resolve("") } } },
      seen: ({ spec }) => Object.keys(spec.secrets),
      is: ["certificate", "key"],
    },
  ],
  "tls.minVersion": [
    { args: { tls: { ...zone, minVersion: "1.3" } }, seen: ({ listener }) => listener.sslPolicy, is: "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09" },
  ],
  "hsts.maxAgeSeconds": hsts({ maxAgeSeconds: 60 }, "max-age=60"),
  "hsts.includeSubdomains": hsts({ maxAgeSeconds: 60, includeSubdomains: true }, "max-age=60; includeSubDomains"),
  "hsts.preload": hsts({ maxAgeSeconds: 31_536_000, includeSubdomains: true, preload: true }, "max-age=31536000; includeSubDomains; preload"),
  securityHeaders: [
    {
      args: { securityHeaders: { "X-Frame-Options": "DENY" } },
      seen: ({ listener }) => listener.routingHttpResponseXFrameOptionsHeaderValue,
      is: "DENY",
    },
    {
      args: { securityHeaders: { "content-security-policy": "default-src 'self'" } },
      seen: ({ listener }) => listener.routingHttpResponseContentSecurityPolicyHeaderValue,
      is: "default-src 'self'",
    },
    ...refusedAt({ securityHeaders: { "Permissions-Policy": "camera=()" } }, "securityHeaders.Permissions-Policy"),
    ...refusedAt({ securityHeaders: { "Referrer-Policy": "no-referrer" } }, "securityHeaders.Referrer-Policy"),
    ...refusedAt({ securityHeaders: { "X-Frame-Options": "SOMETIMES" } }, "securityHeaders.X-Frame-Options"),
  ],
  gzip: refusedAt({ gzip: true }, "gzip"),
  replicas: refusedAt({ replicas: 2 }, "replicas"),
  memoryMiB: refusedAt({ memoryMiB: 512 }, "memoryMiB"),
  cpus: refusedAt({ cpus: 1 }, "cpus"),
  "routes.path": [
    {
      args: route({ path: "/v2" }),
      seen: (all) => ruleOf(all, "api").conditions[1],
      is: { pathPattern: { values: ["/v2", "/v2/*"] } },
    },
    ...refusedAt(route({ path: "/1/2/3/4/5/6/7/8/9/10" }), "routes.api.path"),
    ...refusedAt(route({ path: `/${"a".repeat(126)}` }), "routes.api.path"),
  ],
  "routes.host": [
    {
      args: { hosts: ["a.test", "b.test"], ...route({ path: "/", host: "b.test" }) },
      seen: (all) => ["web", "api"].map((name) => ruleOf(all, name).conditions),
      is: [[{ hostHeader: { values: ["a.test"] } }], [{ hostHeader: { values: ["b.test"] } }]],
    },
  ],
  "routes.to": [
    { args: route({ to: web }), seen: ({ targets }) => targets, is: ["web:5432"] },
    ...refusedAt(route({ to: versions(6), weights: { v0: 100, v1: 0, v2: 0, v3: 0, v4: 0, v5: 0 } }), "routes.api.to"),
  ],
  "routes.weights": [
    {
      args: route({ to: { stable: web, canary: next }, weights: { stable: 70, canary: 30 } }),
      seen: (all) => ruleOf(all, "api").to.upstreams.map(({ weight }: Loose) => weight),
      is: [70, 30],
    },
  ],
  "routes.stripPrefix": [
    {
      args: route({ path: "/v1.0", stripPrefix: true }),
      seen: (all) => ruleOf(all, "api").transforms,
      is: [{ type: "url-rewrite", urlRewriteConfig: { rewrite: { regex: "^/v1\\.0/?(.*)$", replace: "/$1" } } }],
    },
  ],
  "routes.websocket": [{ args: route({ websocket: true }), seen: ({ silence }) => silence, is: 3600 }],
  "routes.timeoutSeconds": [
    { args: route({ timeoutSeconds: 300 }), seen: ({ silence }) => silence, is: 300 },
    ...refusedAt(route({ timeoutSeconds: 5 }), "routes.api.timeoutSeconds"),
    ...refusedAt(route({ timeoutSeconds: 5000 }), "routes.api.timeoutSeconds"),
  ],
  "routes.retries": refusedAt(route({ retries: 2 }), "routes.api.retries"),
  "routes.rateLimit.requestsPerSecond": [
    {
      args: route({ rateLimit: { requestsPerSecond: 5, burst: 1 } }),
      seen: statement("rate-api"),
      is: {
        rateBasedStatement: {
          aggregateKeyType: "IP",
          evaluationWindowSec: 60,
          limit: 301,
          scopeDownStatement: { labelMatchStatement: { key: "route:api", scope: "LABEL" } },
        },
      },
    },
  ],
  "routes.rateLimit.burst": [
    {
      args: route({ rateLimit: { requestsPerSecond: 5, burst: 40 } }),
      seen: (all) => firewallRule(all, "rate-api")?.statement.rateBasedStatement.limit,
      is: 340,
    },
  ],
  "routes.maxBodyMiB": [
    {
      args: route({ maxBodyMiB: 3 }),
      seen: ({ firewall }) => firewall.map(({ name }) => name).filter((name) => name.startsWith("body-over")),
      is: ["body-over-3-mib", "body-over-10-mib"],
    },
  ],
  "routes.cors.origins": cors({}),
  "routes.cors.methods": cors({ methods: ["PUT"] }),
  "routes.cors.headers": cors({ headers: ["X-Own"] }),
  "routes.cors.credentials": cors({ credentials: true }),
  "routes.cors.maxAgeSeconds": cors({ maxAgeSeconds: 5 }),
  adminRoutes: [
    { args: login, seen: (all) => ruleOf(all, "ui").conditions, is: [{ hostHeader: { values: ["ui.shop.test"] } }] },
    {
      args: { adminRoutes: { ui: { to: next } } },
      seen: (all) => [all.rules.map(({ name }) => name), all.targets, all.spec.warnings.length],
      is: [["health-rule", "web-rule"], ["web:5432"], 1],
    },
  ],
  auth: [{ args: login, seen: ({ spec }) => spec.digest.egress, is: ["shop-login.auth.eu-west-1.amazoncognito.com:443"] }],
  aws: [
    {
      args: { aws: { countOnly: ["sqli"] } },
      seen: ({ firewall }) => firewall.flatMap(({ name, overrideAction }) => (overrideAction?.count ? [name] : [])),
      is: ["sqli"],
    },
    {
      args: { aws: { maxRequestsPerClient: 900 } },
      seen: (all) => firewallRule(all, "client-rate").statement.rateBasedStatement.limit,
      is: 900,
    },
    { args: { aws: { allowFrom: ["198.51.100.0/24"] } }, seen: ({ model }) => model.allowFrom, is: ["198.51.100.0/24"] },
  ],
};

describe("what is coarser than elsewhere", () => {
  const quiet = { gzip: false, securityHeaders: { "Referrer-Policy": false }, routes: { web: { to: web, retries: 0, websocket: true } } };
  const always = [/nothing checks it in verify/, /chunked\) may have 8 KiB, whatever maxBodyMiB says/];
  const api = (args: object) => ({ ...quiet, routes: { ...quiet.routes, api: { path: "/api", to: next, retries: 0, websocket: true, ...args } } });
  /** Arguments whose cell is coarser, with what asks for them, and what is told then. */
  const told: Readonly<Record<string, readonly [args: object, warning: RegExp]>> = {
    "tls.certificate": [
      { ...quiet, tls: { certificate: { certificate: Promise.resolve(""), key: Promise.resolve("") } } },
      /must lead to the load balancer of gw/,
    ],
    securityHeaders: [{ ...quiet, securityHeaders: {} }, /^securityHeaders: Referrer-Policy is not sent/],
    gzip: [{ ...quiet, gzip: undefined }, /^gzip: nothing is compressed/],
    "routes.stripPrefix": [api({ stripPrefix: true }), /^route api: no X-Forwarded-Prefix/],
    "routes.websocket": [api({ websocket: false, timeoutSeconds: 3600 }), /^route api: connections may become websockets/],
    "routes.timeoutSeconds": [{ ...quiet, ...route({ websocket: true, retries: 0 }) }, /^route web: a silence may last 3600 seconds/],
    "routes.retries": [api({ retries: undefined }), /^route api: nothing is tried again/],
    "routes.rateLimit.requestsPerSecond": [api({ rateLimit: { requestsPerSecond: 5 } }), /^route api: the limit of rate/],
    "routes.rateLimit.burst": [api({ rateLimit: { requestsPerSecond: 5, burst: 9 } }), /^route api: the limit of rate/],
    "routes.maxBodyMiB": [quiet, /whatever maxBodyMiB says/],
  };

  test("is every coarser cell of the table", () => {
    const coarser = Object.entries(awsTranslations).flatMap(([argument, { state }]) => (state === "coarser" ? [argument] : []));
    expect(Object.keys(told).toSorted()).toEqual(coarser.toSorted());
  });

  test("is no warning where nobody asks for it", () => {
    const { warnings } = made({ ...quiet, ...login });
    expect(warnings.length).toBe(always.length);
    for (const [index, pattern] of always.entries()) expect(warnings[index]).toMatch(pattern);
  });

  test.each(Object.entries(told))("%s", (_, [args, warning]) => {
    const all = made(args);
    expect(all.problems).toEqual([]);
    expect(all.warnings.filter((line) => warning.test(line))).toHaveLength(1);
  });
});

describe("what a cell says is what changes, or the problem that names the argument", () => {
  const plain = made(route({}));
  test("a gateway that only says where to is without problems", () => expect(plain.problems).toEqual([]));
  test("every argument has its case", () => expect(Object.keys(cases).toSorted()).toEqual(Object.keys(awsTranslations).toSorted()));
  for (const [argument, each] of Object.entries(cases)) {
    test(argument, () => {
      for (const { args, seen, is } of each) {
        expect(seen(made(args))).toEqual(is);
        const before = () => {
          try {
            return seen(plain);
          } catch {
            return "nothing there";
          }
        };
        expect(before(), "without the argument").not.toEqual(is);
      }
    });
  }

  test("what asks for nothing is no problem: nothing compressed, nothing tried again, the header that browsers imply", () => {
    const asked = made({ gzip: false, securityHeaders: { "Referrer-Policy": false }, ...route({ retries: 0, timeoutSeconds: 60 }) });
    expect(asked.problems).toEqual([]);
  });

  test("a route leads to what runs as tasks of this stack", () => {
    // A managed service has a place in the network, and no tasks.
    const managed = { ...web, endpoint: sealEndpoint({}) };
    expect(
      made({ routes: { web: { to: managed }, api: { path: "/api", to: { stable: managed, canary: next }, weights: { stable: 90, canary: 10 } } } })
        .problems,
    ).toMatchObject([{ path: "routes.web.to" }, { path: "routes.api.to.stable" }]);
  });

  test("in prod a missing certificate is one problem, not two", () => {
    expect(made({ tls: {} }, "prod").problems.map(({ path }) => path)).toEqual(["tls.certificate"]);
    expect(made({ tls: {} }, "dev").problems.map(({ path }) => path)).toEqual(["tls.certificate"]);
  });

  test("a missing certificate is told what AWS takes, and never to write down what it refuses", () => {
    for (const profile of ["dev", "prod"]) {
      const [problem] = made({ tls: {} }, profile).problems;
      expect(problem?.fix).toContain('issuer: { acm: { hostedZone: "Z..." } }');
      expect(problem?.fix).not.toMatch(/development(?!" is taken, too)/);
    }
  });
});
