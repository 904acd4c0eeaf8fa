import { describe, expect, test } from "vitest";
import { withAuthority } from "../../../../../components/service-mesh-gateway/kubernetes/check.ts";
import { entryAuthorization, entryPolicy, solverPolicies } from "../../../../../components/service-mesh-gateway/kubernetes/network.ts";
import { jobPod } from "../../../../../src/platforms/kubernetes/manifests/pod.ts";
import { restrictedViolations } from "../../../../support/kubernetes/restricted.ts";
import { schemaErrors } from "../../../../support/kubernetes/schema.ts";
import { cluster, inserted, type Loose, made, next, one, part, patched, place, selected, web } from "./support.ts";

const from = { namespaces: { from: "Same" } };
const routes = {
  web: { to: { stable: web, canary: next }, weights: { stable: 90, canary: 10 } },
  api: { path: "/api", to: web, stripPrefix: true, rateLimit: { requestsPerSecond: 5 }, cors: { origins: ["https://a.test"], credentials: true } },
  live: { path: "/live", to: next, websocket: true },
  admin: { host: "admin.shop.test", to: next },
};
const full = { hosts: ["shop.test", "admin.shop.test"], routes, replicas: 2, hsts: { maxAgeSeconds: 60 } };

describe("the schemas of their kinds know every field", () => {
  for (const [title, args] of Object.entries({
    "Gateway API": full,
    Istio: { ...full, api: "istio" },
    ACME: { ...full, tls: { certificate: { issuer: { acme: { email: "ops@shop.test" } } } } },
  })) {
    test(title, async () => {
      const { objects } = made(args);
      expect(objects.length).toBeGreaterThan(8);
      expect((await Promise.all(objects.map(schemaErrors))).flat()).toEqual([]);
    });
  }
});

describe("Gateway API", () => {
  test("listens on two ports, for routes of its own namespace, as pods with labels and account of the component", () => {
    const { metadata, spec } = one(made(full), "Gateway");
    expect(metadata.annotations).toEqual({ "gateway.istio.io/name-override": "gw", "gateway.istio.io/service-account": "gw" });
    expect(spec).toEqual({
      gatewayClassName: "istio",
      infrastructure: {
        labels: {
          "app.kubernetes.io/name": "gw",
          "app.kubernetes.io/instance": "shop-staging",
          "app.kubernetes.io/part-of": "shop",
          "app.kubernetes.io/managed-by": "groundplan",
          ...selected,
          "io.groundplan.role": "server",
        },
        parametersRef: { group: "", kind: "ConfigMap", name: "gw-parameters" },
      },
      listeners: [
        { name: "http", port: 80, protocol: "HTTP", allowedRoutes: from },
        {
          name: "https",
          port: 443,
          protocol: "HTTPS",
          tls: { mode: "Terminate", certificateRefs: [{ group: "", kind: "Secret", name: "gw-tls" }] },
          allowedRoutes: from,
        },
      ],
    });
  });

  test("is laid over by what a namespace with restricted pods asks for, and keeps the address of clients", () => {
    const data: Record<string, string> = one(made(full), "ConfigMap").data;
    const read = Object.fromEntries(Object.entries(data).map(([key, text]) => [key, JSON.parse(text)]));
    expect(read).toMatchObject({
      deployment: {
        spec: {
          replicas: 2,
          template: {
            spec: {
              securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
              containers: [{ name: "istio-proxy", resources: { requests: { cpu: "500m", memory: "512Mi" }, limits: { cpu: "1", memory: "512Mi" } } }],
            },
          },
        },
      },
      service: { spec: { externalTrafficPolicy: "Local" } },
      serviceAccount: { automountServiceAccountToken: false },
      podDisruptionBudget: { spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" } },
    });
    // Names that Istio does not know make it refuse the whole Gateway.
    const known = ["deployment", "service", "serviceAccount", "horizontalPodAutoscaler", "podDisruptionBudget"];
    expect(Object.keys(data).filter((key) => !known.includes(key))).toEqual([]);
  });

  test("plain HTTP leads to HTTPS and nowhere else", () => {
    const { spec } = one(made(full), "HTTPRoute", "gw");
    expect(spec.parentRefs).toEqual([{ group: "gateway.networking.k8s.io", kind: "Gateway", name: "gw", sectionName: "http" }]);
    expect(spec.rules).toEqual([
      {
        matches: [{ path: { type: "PathPrefix", value: "/" } }],
        filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 308 } }],
      },
    ]);
    const others = made(full).objects.filter(({ kind, metadata }) => kind === "HTTPRoute" && metadata.name !== "gw") as Loose[];
    expect(others.map((route) => route.spec.parentRefs.map(({ sectionName }: Loose) => sectionName))).toEqual(Array(4).fill(["https"]));
  });

  test("a route for one host takes that host from the one for all, and a route without any host is none", () => {
    const hosts = (name: string) => one(made(full), "HTTPRoute", `gw-${name}`).spec.hostnames;
    expect(hosts("admin")).toEqual(["admin.shop.test"]);
    expect(hosts("web")).toEqual(["shop.test", "gw", "localhost"]);
    expect(hosts("api")).toEqual(["shop.test", "admin.shop.test", "gw", "localhost"]);
    const all = Object.fromEntries(["a.test", "gw", "localhost"].map((host, index) => [`r${index}`, { host, to: web }]));
    const taken = made({ hosts: ["a.test", "gw", "localhost"], routes: { ...all, rest: { to: next } } });
    expect(taken.objects.map(({ metadata }) => metadata.name)).not.toContain("gw-rest");
    expect(patched(taken, "rest")).toBeUndefined();
  });

  test("what an upstream says of itself goes no further, but a policy for content stands beside its own", () => {
    expect(one(made(full), "HTTPRoute", "gw-web").spec.rules[0].filters.at(-1)).toEqual({
      type: "ResponseHeaderModifier",
      responseHeaderModifier: {
        set: [
          { name: "X-Content-Type-Options", value: "nosniff" },
          { name: "Referrer-Policy", value: "strict-origin-when-cross-origin" },
          { name: "Strict-Transport-Security", value: "max-age=60" },
        ],
        add: [{ name: "Content-Security-Policy", value: "frame-ancestors 'self'" }],
        remove: ["X-Powered-By"],
      },
    });
  });
});

describe("Istio's interface", () => {
  const all = made({ ...full, api: "istio" });

  test("has named hosts of its own namespace, TLS from files, and a redirect", () => {
    const hosts = ["./shop.test", "./admin.shop.test", "./gw", "./localhost"];
    expect(one(all, "Gateway").spec).toEqual({
      selector: selected,
      servers: [
        { port: { number: 80, name: "http", protocol: "HTTP" }, hosts, tls: { httpsRedirect: true } },
        {
          port: { number: 443, name: "https", protocol: "HTTPS" },
          hosts,
          tls: {
            mode: "SIMPLE",
            serverCertificate: "/etc/groundplan-certificate/tls.crt",
            privateKey: "/etc/groundplan-certificate/tls.key",
            minProtocolVersion: "TLSV1_2",
          },
        },
      ],
    });
  });

  test("its pods are restricted, without a token, and read the certificate as files", () => {
    const { metadata, spec } = one(all, "Deployment").spec.template;
    expect(metadata.annotations).toEqual({ "inject.istio.io/templates": "gateway" });
    expect(metadata.labels).toMatchObject({ ...selected, "sidecar.istio.io/inject": "true" });
    expect(spec).toMatchObject({
      serviceAccountName: "gw",
      volumes: [{ name: "certificate", secret: { secretName: "gw-tls", defaultMode: 0o440 } }],
    });
    expect(restrictedViolations(spec)).toEqual([]);
    expect(spec.containers[0].securityContext).toMatchObject({ readOnlyRootFilesystem: true });
    expect(one(all, "Service", "gw").spec).toMatchObject({ type: "LoadBalancer", externalTrafficPolicy: "Local", selector: selected });
  });

  test("the longest path comes first, and one path is not another that begins like it", () => {
    const { http } = one(all, "VirtualService", "gw.shop.test").spec;
    expect(http.map(({ name, match }: Loose) => [name, match])).toEqual([
      ["gw-live", [{ uri: { exact: "/live" } }, { uri: { prefix: "/live/" } }]],
      ["gw-api", [{ uri: { exact: "/api" } }, { uri: { prefix: "/api/" } }]],
      ["gw-web", [{ uri: { prefix: "/" } }]],
    ]);
    // The usual of Istio repeats requests that must not be.
    expect(http.map(({ retries }: Loose) => retries)).toEqual(Array(3).fill({ attempts: 0 }));
  });
});

describe("the filter of Envoy", () => {
  test("is for this gateway alone", () => {
    expect(one(made(full), "EnvoyFilter").spec.targetRefs).toEqual([{ group: "gateway.networking.k8s.io", kind: "Gateway", name: "gw" }]);
    expect(one(made({ ...full, api: "istio" }), "EnvoyFilter").spec.workloadSelector).toEqual({ labels: selected });
  });

  test("refuses before it reads, reads before it compresses, and has a place only for what some route uses", () => {
    expect(inserted(made(full))).toEqual(["envoy.filters.http.local_ratelimit", "envoy.filters.http.buffer", "envoy.filters.http.compressor"]);
    expect(inserted(made({ gzip: false }))).toEqual(["envoy.filters.http.buffer"]);
  });

  test("only what may be repeated is tried again, and only after what leaves no answer", () => {
    expect(patched(made(full), "web").route).toEqual({
      idle_timeout: "60s",
      retry_policy: {
        retry_on: "connect-failure,refused-stream,reset,retriable-status-codes",
        retriable_status_codes: [502, 503],
        num_retries: 2,
        retriable_request_headers: [{ name: ":method", string_match: { safe_regex: { regex: "GET|HEAD|PUT|DELETE|OPTIONS" } } }],
      },
      upgrade_configs: [{ upgrade_type: "websocket", enabled: false }],
    });
  });

  test("a limit is for each client, is enforced, and says when to come again", () => {
    expect(patched(made(full), "api").typed_per_filter_config["envoy.filters.http.local_ratelimit"]).toEqual({
      "@type": "type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit",
      stat_prefix: "rate_limit_api",
      token_bucket: { max_tokens: 6, tokens_per_fill: 5, fill_interval: "1s" },
      always_consume_default_token_bucket: false,
      filter_enabled: { default_value: { numerator: 100, denominator: "HUNDRED" } },
      filter_enforced: { default_value: { numerator: 100, denominator: "HUNDRED" } },
      rate_limits: [{ actions: [{ remote_address: {} }] }],
      descriptors: [{ entries: [{ key: "remote_address" }], token_bucket: { max_tokens: 6, tokens_per_fill: 5, fill_interval: "1s" } }],
      max_dynamic_descriptors: 10_000,
      response_headers_to_add: [{ append_action: "OVERWRITE_IF_EXISTS_OR_ADD", header: { key: "Retry-After", value: "1" } }],
    });
  });
});

describe("certificates", () => {
  const privateKey = { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" };
  const certified = (certificate: unknown) => made({ hosts: ["shop.test"], tls: { certificate } });

  test("of development come from an authority of the namespace, made before what it signs", () => {
    const all = certified("development");
    const own = all.objects.filter(({ apiVersion }) => apiVersion === "cert-manager.io/v1").map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(own).toEqual(["Issuer gw-root", "Certificate gw-ca", "Issuer gw", "Certificate gw-tls"]);
    expect(one(all, "Certificate", "gw-ca").spec).toMatchObject({ isCA: true, privateKey, issuerRef: { name: "gw-root", kind: "Issuer" } });
    expect(one(all, "Issuer", "gw").spec).toEqual({ ca: { secretName: "gw-ca" } });
    expect(one(all, "Certificate", "gw-tls").spec).toEqual({
      secretName: "gw-tls",
      dnsNames: ["shop.test", "gw", "localhost"],
      duration: "2160h0m0s",
      renewBefore: "720h0m0s",
      usages: ["digital signature", "server auth"],
      privateKey,
      issuerRef: { group: "cert-manager.io", kind: "Issuer", name: "gw" },
    });
    // This program never sees that authority: a connection cannot hand it on.
    expect(all.spec.connections.default).not.toHaveProperty("ca");
    expect(all.spec.secrets).toEqual({});
  });

  test("by ACME are for public names alone, asked for through the gateway, by pods out of the mesh", () => {
    const all = certified({ issuer: { acme: { email: "ops@shop.test" } } });
    expect(one(all, "Issuer").spec.acme).toEqual({
      email: "ops@shop.test",
      server: "https://acme-v02.api.letsencrypt.org/directory",
      privateKeySecretRef: { name: "gw-acme-account" },
      solvers: [
        {
          http01: {
            gatewayHTTPRoute: {
              serviceType: "ClusterIP",
              parentRefs: [{ group: "gateway.networking.k8s.io", kind: "Gateway", name: "gw", sectionName: "http" }],
              podTemplate: {
                metadata: { labels: { "sidecar.istio.io/inject": "false" } },
                spec: {
                  securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
                  resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "64Mi" } },
                },
              },
            },
          },
        },
      ],
    });
    const certificate = one(all, "Certificate");
    expect(certificate.spec.dnsNames).toEqual(["shop.test"]);
    // Its names may lead here only when the gateway has an address: nothing waits for it.
    expect(certificate.metadata.annotations).toEqual({ "pulumi.com/skipAwait": "true" });
  });

  test("the check trusts what the certificate comes from, and whom everybody trusts otherwise", () => {
    const asked = (certificate: unknown) => {
      const [check] = certified(certificate).spec.jobs;
      return {
        ...JSON.parse(String(check?.files.find(({ path }) => path.endsWith("check.json"))?.content)),
        files: check?.files.map(({ path }) => path.split("/").at(-1)),
      };
    };
    expect(asked("development")).toMatchObject({
      gateway: "gw",
      ports: { http: 80, https: 443 },
      redirect: { status: 308, to: "https://shop.test/" },
      authority: "/etc/groundplan-authority/ca.crt",
      host: "shop.test",
      files: ["check.mjs", "check.json"],
    });
    expect(asked({ certificate: Promise.resolve(""), key: Promise.resolve("") })).toMatchObject({
      authority: "/etc/groundplan/ca.pem",
      files: ["check.mjs", "check.json", "ca.pem"],
    });
    expect(asked({ issuer: { name: "corporate" } })).not.toHaveProperty("authority");
  });

  test("the check gets the authority without its key", () => {
    const [check] = certified("development").spec.jobs;
    if (!check) throw new Error("no check");
    const pod: Loose = withAuthority(jobPod(place, part, check, { image: "registry.example/node:24" }), "gw-tls");
    expect(pod.spec.volumes.at(-1)).toEqual({
      name: "authority",
      secret: { secretName: "gw-tls", defaultMode: 0o444, items: [{ key: "ca.crt", path: "ca.crt" }] },
    });
    expect(pod.spec.containers[0].volumeMounts.at(-1)).toEqual({ name: "authority", mountPath: "/etc/groundplan-authority", readOnly: true });
  });
});

describe("the ways in", () => {
  const own = { matchLabels: selected };

  test("are open to everybody on two ports; the control plane is reached where no mesh opens it", () => {
    const ingress = [
      {
        ports: [
          { protocol: "TCP", port: 80 },
          { protocol: "TCP", port: 443 },
        ],
      },
    ];
    expect(entryPolicy(place, part, false).spec).toEqual({ podSelector: own, policyTypes: ["Ingress"], ingress });
    expect(entryPolicy(place, part, true).spec).toEqual({
      podSelector: own,
      policyTypes: ["Ingress", "Egress"],
      ingress,
      egress: [
        {
          to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "istio-system" } } }],
          ports: [{ protocol: "TCP", port: 15_012 }],
        },
      ],
    });
  });

  test("are allowed in the mesh by port, for this gateway alone", () => {
    const rules = [{ from: [{ source: { notPrincipals: ["*"] } }], to: [{ operation: { ports: ["80", "443"] } }] }];
    const targetRefs = [{ group: "gateway.networking.k8s.io", kind: "Gateway", name: "gw" }];
    expect(entryAuthorization(place, part, { api: "gateway-api" }).spec).toEqual({ targetRefs, action: "ALLOW", rules });
    expect(entryAuthorization(place, part, { api: "istio" }).spec).toEqual({ selector: own, action: "ALLOW", rules });
  });

  test("of an authority's question lead from the gateway to the pod that answers it", () => {
    const solver = { matchLabels: { "acme.cert-manager.io/http01-solver": "true" } };
    const ports = [{ protocol: "TCP", port: 8089 }];
    expect(solverPolicies(place, part).map(({ spec }) => spec)).toEqual([
      { podSelector: solver, policyTypes: ["Ingress"], ingress: [{ from: [{ podSelector: own }], ports }] },
      { podSelector: own, policyTypes: ["Egress"], egress: [{ to: [{ podSelector: solver }], ports }] },
    ]);
  });
});

test("summaries tell of the proxies, not of nginx", () => {
  const { spec } = made(full, cluster());
  expect(spec.digest).toMatchObject({ replicas: 2, published: ["http", "https"], reaches: { gw: ["next:5432", "web:5432"] } });
  expect(spec.connections.status?.path).toBe("/stats/prometheus");
  expect(spec.model).toMatchObject({ server: "envoy" });
});
