import type { PolicyCases } from "../cases.ts";
import { inShop, service } from "../kubernetes-objects.ts";

const web = service("web");
const backend = (name = "web", port: Record<string, unknown> = { number: 80 }) => ({ service: { name, port } });
const rule = (host: string | undefined, to = backend()) => ({ host, http: { paths: [{ path: "/", pathType: "Prefix", backend: to }] } });
const ingress = (spec: Record<string, unknown>, annotations: Record<string, unknown> = {}) =>
  inShop("networking.k8s.io/v1:Ingress", "public", { rules: [rule("www.shop.example")], ...spec }, { annotations });
const tls = [{ hosts: ["www.shop.example"], secretName: "web-tls" }];

const gateway = inShop("gateway.networking.k8s.io/v1:Gateway", "edge", {
  listeners: [
    { name: "http", protocol: "HTTP", port: 80 },
    { name: "https", protocol: "HTTPS", port: 443, tls: { certificateRefs: [{ name: "web-tls" }] } },
  ],
});
const route = (spec: Record<string, unknown>) =>
  inShop("gateway.networking.k8s.io/v1:HTTPRoute", "route", {
    hostnames: ["www.shop.example"],
    parentRefs: [{ name: "edge", sectionName: "https" }],
    rules: [{ backendRefs: [{ name: "web", port: 80 }] }],
    ...spec,
  });
const redirect = {
  parentRefs: [{ name: "edge", sectionName: "http" }],
  rules: [{ filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https" } }] }],
};

export const kubernetesIngressCases: Readonly<Record<string, PolicyCases>> = {
  "k8s-ingress-tls": {
    compliant: [
      { title: "one host with its certificate", resources: [web, ingress({ tls })] },
      { title: "a certificate for all hosts of a domain", resources: [ingress({ tls: [{ hosts: ["*.shop.example"] }] })] },
      {
        title: "a certificate of the cloud",
        resources: [ingress({}, { "alb.ingress.kubernetes.io/certificate-arn": "arn:aws:acm:eu-central-1:123456789012:certificate/1" })],
      },
      { title: "a route of a listener with TLS", resources: [web, gateway, route({})] },
      { title: "a route that leads to TLS", resources: [gateway, route(redirect)] },
    ],
    violating: [
      { title: "no TLS", resources: [web, ingress({})], finds: ["public: spec.tls"] },
      { title: "every host of a domain", resources: [ingress({ tls, rules: [rule("*.shop.example")] })], finds: ["public: spec.rules[0].host"] },
      { title: "every host", resources: [ingress({ tls, rules: [rule(undefined)] })], finds: ["public: spec.rules[0].host"] },
      {
        title: "a host without a certificate",
        resources: [ingress({ tls, rules: [rule("api.shop.example")] })],
        finds: ["public: spec.rules[0].host"],
      },
      {
        title: "settings of its own",
        resources: [ingress({ tls }, { "nginx.ingress.kubernetes.io/configuration-snippet": "more_set_headers 'Server: shop';" })],
        finds: ['public: metadata.annotations["nginx.ingress.kubernetes.io/configuration-snippet"]'],
      },
      {
        title: "a Service and a port that are not there",
        resources: [web, ingress({ tls, defaultBackend: backend("api"), rules: [rule("www.shop.example", backend("web", { name: "admin" }))] })],
        finds: ["public: spec.defaultBackend.service", "public: spec.rules[0].http.paths[0].backend.service"],
      },
      { title: "a route without TLS", resources: [web, gateway, route({ parentRefs: [{ name: "edge" }] })], finds: ["route: spec.parentRefs[0]"] },
      { title: "a route of every host", resources: [web, gateway, route({ hostnames: undefined })], finds: ["route: spec.hostnames"] },
      { title: "a route of a domain", resources: [web, gateway, route({ hostnames: ["*.shop.example"] })], finds: ["route: spec.hostnames[0]"] },
      {
        title: "a route to nothing",
        resources: [web, gateway, route({ rules: [{ backendRefs: [{ name: "api", port: 80 }] }] })],
        finds: ["route: spec.rules[0].backendRefs[0]"],
      },
      {
        title: "a listener without a certificate",
        resources: [inShop("gateway.networking.k8s.io/v1:Gateway", "edge", { listeners: [{ name: "https", protocol: "HTTPS", port: 443 }] })],
        finds: ["edge: spec.listeners[0].tls.certificateRefs"],
      },
    ],
    reads: {
      "public: spec.tls": ["public: spec.tls"],
      "public: spec.rules[0].host": ["public: spec.rules[0].host"],
      "public: metadata.annotations": [],
      "public: spec.rules[0].http.paths[0].backend.service.name": [],
      "web: metadata.name": [],
    },
  },
};
