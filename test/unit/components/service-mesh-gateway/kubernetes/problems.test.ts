import { describe, expect, test } from "vitest";
import { gatewayWarnings } from "../../../../../components/service-mesh-gateway/kubernetes/problems.ts";
import { cluster, inserted, made, next, one, patched, web } from "./support.ts";

const found = (args: object, settings = cluster()) => made(args, settings).problems.map(({ path, value, rule }) => ({ path, value, rule }));
const acme = { issuer: { acme: { email: "ops@shop.test" } } };

describe("the class of gateways", () => {
  const another = cluster({ gatewayClass: "nginx" });

  test("is Istio's with a mesh, and must be named without one", () => {
    expect(one(made(), "Gateway").spec.gatewayClassName).toBe("istio");
    expect(one(made({}, cluster({ gatewayClass: "istio" })), "Gateway").spec.gatewayClassName).toBe("istio");
    expect(found({}, cluster({}))).toEqual([
      {
        path: "kubernetes.gatewayClass",
        value: undefined,
        rule: "the class of the gateways by name, as the stack has no mesh that would serve them",
      },
    ]);
  });

  test("of another maker refuses by name what only Istio has, when somebody wrote it down, and warns of the rest", () => {
    const args = {
      gzip: true,
      replicas: 2,
      memoryMiB: 512,
      cpus: 1,
      routes: {
        api: { to: web, rateLimit: { requestsPerSecond: 1 }, maxBodyMiB: 5, retries: 1, timeoutSeconds: 9, weights: undefined },
        live: { path: "/live", to: next, websocket: true },
      },
    };
    expect(found(args, another).map(({ path, value }) => [path, value])).toEqual([
      ["gzip", true],
      ["replicas", 2],
      ["memoryMiB", 512],
      ["cpus", 1],
      ["routes.api.rateLimit", { requestsPerSecond: 1, burst: 1 }],
      ["routes.api.maxBodyMiB", 5],
      ["routes.api.retries", 1],
    ]);
    const plain = made({ routes: { api: { to: web, timeoutSeconds: 9 }, live: { path: "/live", to: next, websocket: true } } }, another);
    expect(plain.problems).toEqual([]);
    expect(gatewayWarnings(plain.spec, another)).toEqual([expect.stringMatching(/^class nginx is not Istio's: .* NetworkPolicy of yours/)]);
    expect(plain.objects.map(({ kind }) => kind)).not.toContain("EnvoyFilter");
    expect(one(plain, "HTTPRoute", "gw-api").spec.rules[0].timeouts).toEqual({ request: "9s" });
    expect(one(plain, "HTTPRoute", "gw-live").spec.rules[0].timeouts).toEqual({ request: "0s" });
    expect(one(plain, "Gateway").spec.infrastructure).not.toHaveProperty("parametersRef");
  });

  test("of another maker is not served by Istio's own interface", () => {
    expect(found({ api: "istio" }, another).map(({ path }) => path)).toEqual(["api"]);
  });
});

describe("everything that does not fit is told at once", () => {
  test("names that no route or authority takes", () => {
    expect(found({ hosts: ["localhost", "10.0.0.1"], tls: { certificate: acme } }).map(({ path, value }) => [path, value])).toEqual([
      ["hosts[1]", "10.0.0.1"],
      ["hosts[0]", "localhost"],
    ]);
  });

  test("a domain without a certificate in prod, weights that do not add up, and a path that is taken", () => {
    const args = {
      hosts: ["shop.test"],
      routes: { web: { to: { a: web, b: next }, weights: { a: 50, b: 40 } }, other: { path: "/healthz", to: web } },
    };
    expect(found(args, cluster(undefined, "prod")).map(({ path }) => path)).toEqual(["routes.web.weights", "routes.other.path", "tls.certificate"]);
    expect(found({ ...args, routes: { web: { to: web } }, tls: { certificate: acme } }, cluster(undefined, "prod"))).toEqual([]);
  });

  test("an issuer that says nothing, or too much", () => {
    const path = (issuer: object) => found({ tls: { certificate: { issuer } } }).map((each) => each.path);
    expect(path({ acme: {} })).toEqual(["tls.certificate.issuer.acme.email"]);
    expect(path({ acme: { email: "ops@shop.test", server: "http://ca.test" } })).toEqual(["tls.certificate.issuer.acme.server"]);
    expect(path({ name: "corporate", kind: "ClusterRole" })).toEqual(["tls.certificate.issuer.kind"]);
  });

  test("bodies that would fill the memory, or that nothing limits", () => {
    const routes = {
      large: { path: "/large", to: web, maxBodyMiB: 129 },
      live: { path: "/live", to: web, websocket: true, maxBodyMiB: 1 },
      fits: { path: "/fits", to: web, maxBodyMiB: 128 },
    };
    expect(found({ memoryMiB: 512, routes }).map(({ path }) => path)).toEqual(["routes.large.maxBodyMiB", "routes.live.maxBodyMiB"]);
    const silent = made({ routes: { live: { to: web, websocket: true } } });
    expect(silent.problems).toEqual([]);
    expect(gatewayWarnings(silent.spec, cluster())).toEqual(["route live has websockets: its bodies are not limited"]);
    expect(inserted(silent)).not.toContain("envoy.filters.http.buffer");
    expect(patched(silent, "live")).not.toHaveProperty("typed_per_filter_config");
  });

  test("more headers and hosts than an object of Gateway API takes", () => {
    const securityHeaders = Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`X-Own-${index}`, "1"]));
    const hosts = Array.from({ length: 15 }, (_, index) => `h${index}.test`);
    expect(found({ securityHeaders, hosts }).map(({ path }) => path)).toEqual(["securityHeaders", "hosts"]);
    expect(found({ api: "istio", securityHeaders, hosts })).toEqual([]);
  });
});
