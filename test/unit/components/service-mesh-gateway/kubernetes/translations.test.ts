import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { corsRules, rateLimitRules, routeRules } from "../../../../../components/service-mesh-gateway/routes.ts";
import { gatewayRules } from "../../../../../components/service-mesh-gateway/spec.ts";
import { hstsRules, tlsRules } from "../../../../../components/service-mesh-gateway/tls-args.ts";
import { translations } from "../../../../../components/service-mesh-gateway/translations.ts";
import { gatewayTable } from "../../../../../docs/gateway.ts";
import { unsupportedOn } from "../../../../../src/core/unsupported.ts";
import { inserted, type Loose, type Made, made, next, one, patched, web } from "./support.ts";

const below = (name: string, rules: object, ...nested: string[]) =>
  Object.keys(rules)
    .filter((key) => !nested.includes(key))
    .map((key) => (name ? `${name}.${key}` : key));
/** Every argument that somebody can write, from what checks them. */
const written = [
  // Overrides are the same for every component: docs/parity.md has them.
  ...below("", gatewayRules, "platform", "overrides", "routes", "tls", "hsts"),
  ...below("tls", tlsRules),
  ...below("hsts", hstsRules),
  ...below("routes", routeRules, "rateLimit", "cors"),
  ...below("routes.rateLimit", rateLimitRules),
  ...below("routes.cors", corsRules),
];

test("every argument has exactly one row, and the document is the table", () => {
  expect(Object.keys(translations).toSorted()).toEqual(written.toSorted());
  const file = join(import.meta.dirname, "..", "..", "..", "..", "..", "docs", "gateway.md");
  expect(gatewayTable(), "run npm run docs:gateway").toBe(readFileSync(file, "utf8"));
});

interface Case {
  readonly args: object;
  /** What the row is about, in the objects of that interface. */
  readonly gatewayApi: (all: Made) => unknown;
  readonly istio?: (all: Made) => unknown;
  readonly is: unknown;
  readonly istioIs?: unknown;
}

const route = (args: object) => ({ routes: { web: { to: web }, api: { path: "/api", to: next, ...args } } });
const rule = (all: Made, name = "api") => one(all, "HTTPRoute", `gw-${name}`).spec.rules[0];
const filter = (type: string, field: string) => (all: Made) => rule(all).filters.find((each: Loose) => each.type === type)?.[field];
const http = (all: Made, name = "api") => one(all, "VirtualService", "gw.gw").spec.http.find((each: Loose) => each.name === `gw-${name}`);
const header = (name: string) => ({
  gatewayApi: (all: Made) =>
    rule(all, "web")
      .filters.at(-1)
      .responseHeaderModifier.set.find((each: Loose) => each.name === name)?.value,
  istio: (all: Made) => http(all, "web").headers.response.set[name],
});
const hsts = (args: object, is: string): Case => ({ args: { hsts: args }, ...header("Strict-Transport-Security"), is });
const cors = (args: object, field: string, is: unknown, istioField = field, istioIs = is): Case => ({
  args: route({ cors: { origins: ["https://a.test"], ...args } }),
  gatewayApi: (all) => filter("CORS", "cors")(all)?.[field],
  istio: (all) => http(all).corsPolicy?.[istioField],
  is,
  istioIs,
});
const overlay = (all: Made, key: string) => JSON.parse(one(all, "ConfigMap").data[key] ?? "{}");
const proxy = (all: Made) =>
  (all.objects.some(({ kind }) => kind === "Deployment") ? one(all, "Deployment") : overlay(all, "deployment")).spec.template.spec.containers[0];
const patch = (path: (settings: Loose) => unknown) => (all: Made) => path(patched(all, "api"));
const limit = (settings: Loose) => settings.typed_per_filter_config["envoy.filters.http.local_ratelimit"]?.descriptors;
const bucket = (max: number, fill: number, interval: string) => [
  { entries: [{ key: "remote_address" }], token_bucket: { max_tokens: max, tokens_per_fill: fill, fill_interval: interval } },
];
const acme = { issuer: { acme: { email: "ops@shop.test" } } };

/** For each honoured row what changes with the argument, and where. */
const cases: Readonly<Record<string, readonly Case[]>> = {
  hosts: [
    {
      args: { hosts: ["shop.test"] },
      gatewayApi: (all) => [one(all, "HTTPRoute", "gw-web").spec.hostnames, one(all, "Certificate", "gw-tls").spec.dnsNames],
      istio: (all) => [
        one(all, "Gateway").spec.servers.map(({ hosts }: Loose) => hosts),
        all.objects.filter(({ kind }) => kind === "VirtualService").map(({ spec }: Loose) => spec.hosts[0]),
      ],
      is: [
        ["shop.test", "gw", "localhost"],
        ["shop.test", "gw", "localhost"],
      ],
      istioIs: [Array(2).fill(["./shop.test", "./gw", "./localhost"]), ["shop.test", "gw", "localhost"]],
    },
  ],
  "tls.certificate": [
    {
      args: { hosts: ["shop.test"], tls: { certificate: { issuer: { name: "corporate" } } } },
      gatewayApi: (all) => one(all, "Certificate", "gw-tls").spec.issuerRef,
      is: { group: "cert-manager.io", kind: "ClusterIssuer", name: "corporate" },
    },
    {
      args: { hosts: ["shop.test"], tls: { certificate: { certificate: Promise.resolve(""), key: Promise.resolve("") } } },
      gatewayApi: (all) => all.objects.some(({ kind }) => kind === "Certificate"),
      is: false,
    },
  ],
  "tls.minVersion": [
    {
      args: { tls: { minVersion: "1.3" } },
      gatewayApi: (all) => all.problems.map(({ path }) => path),
      istio: (all) => one(all, "Gateway").spec.servers[1].tls.minProtocolVersion,
      is: ["tls.minVersion"],
      istioIs: "TLSV1_3",
    },
  ],
  "hsts.maxAgeSeconds": [hsts({ maxAgeSeconds: 60 }, "max-age=60")],
  "hsts.includeSubdomains": [hsts({ maxAgeSeconds: 60, includeSubdomains: true }, "max-age=60; includeSubDomains")],
  "hsts.preload": [hsts({ maxAgeSeconds: 31_536_000, includeSubdomains: true, preload: true }, "max-age=31536000; includeSubDomains; preload")],
  securityHeaders: [
    { args: { securityHeaders: { "Permissions-Policy": "camera=()" } }, ...header("Permissions-Policy"), is: "camera=()" },
    { args: { securityHeaders: { "Referrer-Policy": false } }, ...header("Referrer-Policy"), is: undefined },
  ],
  gzip: [{ args: { gzip: false }, gatewayApi: (all) => inserted(all).includes("envoy.filters.http.compressor"), is: false }],
  replicas: [
    {
      args: { replicas: 3 },
      gatewayApi: (all) => [overlay(all, "deployment").spec.replicas, overlay(all, "podDisruptionBudget").spec?.maxUnavailable],
      istio: (all) => one(all, "Deployment").spec.replicas,
      is: [3, 1],
      istioIs: 3,
    },
  ],
  memoryMiB: [
    {
      args: { memoryMiB: 1024 },
      gatewayApi: (all) => [proxy(all).resources.requests.memory, proxy(all).resources.limits.memory],
      is: ["1024Mi", "1024Mi"],
    },
  ],
  cpus: [{ args: { cpus: 1.5 }, gatewayApi: (all) => [proxy(all).resources.requests.cpu, proxy(all).resources.limits.cpu], is: ["1500m", "2"] }],
  "routes.path": [
    {
      args: route({ path: "/v2" }),
      gatewayApi: (all) => rule(all).matches,
      istio: (all) => http(all).match,
      is: [{ path: { type: "PathPrefix", value: "/v2" } }],
      istioIs: [{ uri: { exact: "/v2" } }, { uri: { prefix: "/v2/" } }],
    },
  ],
  "routes.host": [
    {
      args: { hosts: ["a.test", "b.test"], ...route({ path: "/", host: "b.test" }) },
      gatewayApi: (all) => ["web", "api"].map((name) => one(all, "HTTPRoute", `gw-${name}`).spec.hostnames),
      istio: (all) => all.objects.filter(({ kind }) => kind === "VirtualService").map(({ spec }: Loose) => [spec.hosts[0], spec.http[0].name]),
      is: [["a.test", "gw", "localhost"], ["b.test"]],
      istioIs: [
        ["a.test", "gw-web"],
        ["b.test", "gw-api"],
        ["gw", "gw-web"],
        ["localhost", "gw-web"],
      ],
    },
  ],
  "routes.to": [
    {
      args: route({ to: web }),
      gatewayApi: (all) => rule(all).backendRefs,
      istio: (all) => http(all).route,
      is: [{ group: "", kind: "Service", name: "web", port: 5432, weight: 100 }],
      istioIs: [{ destination: { host: "web.shop-staging.svc.cluster.local", port: { number: 5432 } }, weight: 100 }],
    },
  ],
  "routes.weights": [
    {
      args: route({ to: { stable: web, canary: next }, weights: { stable: 70, canary: 30 } }),
      gatewayApi: (all) => rule(all).backendRefs.map(({ weight }: Loose) => weight),
      istio: (all) => http(all).route.map(({ weight }: Loose) => weight),
      is: [70, 30],
    },
  ],
  "routes.stripPrefix": [
    {
      args: route({ stripPrefix: true }),
      gatewayApi: (all) => [filter("URLRewrite", "urlRewrite")(all), filter("RequestHeaderModifier", "requestHeaderModifier")(all)],
      istio: (all) => [http(all).rewrite, http(all).headers.request],
      is: [{ path: { type: "ReplacePrefixMatch", replacePrefixMatch: "/" } }, { set: [{ name: "X-Forwarded-Prefix", value: "/api" }] }],
      istioIs: [{ uri: "/" }, { set: { "X-Forwarded-Prefix": "/api" } }],
    },
  ],
  "routes.websocket": [
    {
      args: route({ websocket: true }),
      gatewayApi: patch(({ route: to, typed_per_filter_config }) => [to.upgrade_configs, typed_per_filter_config]),
      is: [undefined, undefined],
    },
  ],
  "routes.timeoutSeconds": [{ args: route({ timeoutSeconds: 7 }), gatewayApi: patch(({ route: to }) => to.idle_timeout), is: "7s" }],
  "routes.retries": [
    { args: route({ retries: 4 }), gatewayApi: patch(({ route: to }) => to.retry_policy.num_retries), is: 4 },
    { args: route({ retries: 0 }), gatewayApi: patch(({ route: to }) => to.retry_policy), is: { retry_on: "retriable-status-codes" } },
  ],
  "routes.rateLimit.requestsPerSecond": [
    { args: route({ rateLimit: { requestsPerSecond: 5 } }), gatewayApi: patch(limit), is: bucket(6, 5, "1s") },
    { args: route({ rateLimit: { requestsPerSecond: 0.5 } }), gatewayApi: patch(limit), is: bucket(2, 30, "60s") },
  ],
  "routes.rateLimit.burst": [{ args: route({ rateLimit: { requestsPerSecond: 5, burst: 20 } }), gatewayApi: patch(limit), is: bucket(21, 5, "1s") }],
  "routes.maxBodyMiB": [
    {
      args: route({ maxBodyMiB: 3 }),
      gatewayApi: patch((settings) => settings.typed_per_filter_config["envoy.filters.http.buffer"].buffer.max_request_bytes),
      is: 3_145_728,
    },
  ],
  "routes.cors.origins": [cors({}, "allowOrigins", ["https://a.test"], "allowOrigins", [{ exact: "https://a.test" }] as never)],
  "routes.cors.methods": [cors({ methods: ["PUT"] }, "allowMethods", ["PUT"])],
  "routes.cors.headers": [cors({ headers: ["X-Own"] }, "allowHeaders", ["X-Own"])],
  "routes.cors.credentials": [cors({ credentials: true }, "allowCredentials", true)],
  "routes.cors.maxAgeSeconds": [cors({ maxAgeSeconds: 5 }, "maxAge", 5, "maxAge", "5s" as never)],
};

describe("what a row says is what changes", () => {
  const plain = { gatewayApi: made(route({})), istio: made({ api: "istio", ...route({}) }) };
  // `api` is the choice between the columns; the others are of AWS, and below.
  test("every row has its case", () =>
    expect([...Object.keys(cases), "api", "adminRoutes", "auth", "aws"].toSorted()).toEqual(Object.keys(translations).toSorted()));
  for (const [argument, each] of Object.entries(cases)) {
    test(argument, () => {
      for (const { args, gatewayApi, istio = gatewayApi, is, istioIs = is } of each) {
        const look = (all: Made, seen: (all: Made) => unknown) => {
          try {
            return seen(all);
          } catch {
            return "nothing there";
          }
        };
        expect(gatewayApi(made(args)), "Gateway API").toEqual(is);
        expect(look(plain.gatewayApi, gatewayApi), "without the argument").not.toEqual(is);
        expect(istio(made({ api: "istio", ...args })), "Istio").toEqual(istioIs);
        expect(look(plain.istio, istio), "without the argument").not.toEqual(istioIs);
      }
    });
  }
});

describe("what a row refuses is a problem with that path", () => {
  const paths = (args: object, settings?: Parameters<typeof made>[1]) => made(args, settings).problems.map(({ path }) => path);

  test("by interface", () => {
    expect(paths({ tls: { minVersion: "1.3" } })).toEqual(["tls.minVersion"]);
    expect(paths({ api: "istio", tls: { minVersion: "1.3" } })).toEqual([]);
    expect(paths({ api: "istio", hosts: ["shop.test"], tls: { certificate: acme } })).toEqual(["tls.certificate.issuer.acme"]);
    expect(paths({ hosts: ["shop.test"], tls: { certificate: acme } })).toEqual([]);
  });

  test("on Docker", () => {
    const asked = made({ api: "istio", hosts: ["shop.test"], tls: { certificate: { issuer: { name: "corporate" } } }, replicas: 2 });
    const declared = { ...asked.spec, workloads: asked.spec.workloads.map((each) => ({ ...each, replicas: 2 })) };
    expect(unsupportedOn("docker", declared).map(({ path }) => path)).toEqual(["replicas", "api", "tls.certificate.issuer"]);
  });

  const login = { cognito: { userPoolArn: "arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_a", clientId: "a", domain: "a" } };

  test.each(["docker", "kubernetes"] as const)("what only AWS has, on %s", (target) => {
    const certificate = { issuer: { acm: { hostedZone: "Z0123456789" } } };
    const asked = made({ hosts: ["shop.test"], tls: { certificate }, auth: login, aws: { countOnly: ["sqli"] } });
    expect(unsupportedOn(target, asked.spec).map(({ path }) => path)).toEqual(["tls.certificate.issuer", "auth", "aws"]);
  });

  test("pages of administration are left out with a warning, since nobody would be asked who they are", () => {
    const { spec, objects, problems } = made({ adminRoutes: { ui: { to: next } } });
    expect(problems).toEqual([]);
    expect(spec.warnings.filter((warning) => warning.includes("admin routes ui are not served"))).toHaveLength(1);
    expect(JSON.stringify(objects)).not.toContain(next.summary.workload);
    expect(spec.workloads.flatMap(({ bindings }) => bindings.map(({ key }) => key))).toEqual(["WEB"]);
  });
});
