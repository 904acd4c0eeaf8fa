import { connectionTo } from "../connections.ts";
import type { MalformedCase } from "./malformed-cases.ts";

const web = connectionTo("web", { scheme: "http" });
const next = connectionTo("next", { scheme: "http" });
const gateway = (args: object): NonNullable<MalformedCase["components"]> => [["ServiceMeshGateway", "edge-gw", args]];
const route = (args: object): NonNullable<MalformedCase["components"]> => gateway({ routes: { api: { to: web, ...args } } });
const certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const key = "-----BEGIN PRIVATE KEY-----\nMIGH\n-----END PRIVATE KEY-----\n";

export const malformedGateways: readonly MalformedCase[] = [
  {
    name: "a gateway without routes",
    components: gateway({ routes: {} }),
    expected: [{ path: "routes", rule: /at least one route/, fix: /add one/ }],
  },
  { name: "a gateway that is given none", components: gateway({}), expected: [{ path: "routes", rule: /required/, fix: /give routes/ }] },
  {
    name: "two routes for one path, a route for a host that is none of the gateway's, and one in the way of its health",
    components: gateway({
      routes: { a: { to: web }, b: { to: next }, c: { path: "/c", host: "shop.test", to: web }, d: { path: "/healthz", to: web } },
    }),
    expected: [
      { path: "routes.b.path", rule: /of its own; route a has \/ on every host/, fix: /change one/ },
      { path: "routes.c.host", rule: /one of hosts: localhost/, fix: /add it to hosts/ },
      { path: "routes.d.path", rule: /another path than \/healthz/, fix: /another path/ },
    ],
  },
  {
    name: "weights of unknown versions, of none, and with another sum",
    components: gateway({
      routes: {
        a: { path: "/a", to: { stable: web, canary: next }, weights: { stable: 90, canari: 10 } },
        b: { path: "/b", to: { stable: web, canary: next }, weights: { stable: 90, canary: 20 } },
        c: { path: "/c", to: { stable: web, canary: next } },
        d: { path: "/d", to: web, weights: { stable: 50, canary: 40 } },
      },
    }),
    expected: [
      { path: "routes.a.weights.canari", rule: /a version of to \(stable, canary\)/, fix: /add the version/ },
      { path: "routes.a.weights.canary", rule: /a share for each version/, fix: /0 sends nothing/ },
      { path: "routes.b.weights", rule: /sum 100; theirs is 110/, fix: /correct/ },
      { path: "routes.c.weights", rule: /a share for each version: stable, canary/, fix: /stable: 90/ },
      { path: "routes.d.weights", rule: /left out: to is one connection/, fix: /remove it/ },
    ],
  },
  {
    name: "forms of path, host, limits and versions of TLS",
    components: gateway({
      hosts: ["https://localhost", "Shop.test"],
      tls: { minVersion: 1.3 },
      routes: { api: { path: "/api/", to: web, retries: 11, maxBodyMiB: 0, timeoutSeconds: 0, rateLimit: { requestsPerSecond: 0, burst: 1.5 } } },
    }),
    expected: [
      { path: "hosts[0]", rule: /without a port/, fix: /app.example.com/ },
      { path: "hosts[1]", rule: /small letters/, fix: /app.example.com/ },
      { path: "routes.api.maxBodyMiB", rule: /1 to 10240 MiB/, fix: /maxBodyMiB/ },
      { path: "routes.api.path", rule: /does not end with it/, fix: /\/api/ },
      { path: "routes.api.rateLimit.burst", rule: /whole number/, fix: /burst/ },
      { path: "routes.api.rateLimit.requestsPerSecond", rule: /0.1 to 100000/, fix: /requestsPerSecond/ },
      { path: "routes.api.retries", rule: /0 to 10/, fix: /retries/ },
      { path: "routes.api.timeoutSeconds", rule: /1 to 86400/, fix: /timeoutSeconds/ },
      { path: "tls.minVersion", rule: /1.2, 1.3/, fix: /in quotes: "1.3"/ },
    ],
  },
  {
    name: "an origin with a path",
    components: route({ cors: { origins: ["https://app.test/", "app.test"] } }),
    expected: [
      { path: "routes.api.cors.origins[0]", rule: /scheme, host and port only/, fix: /https/ },
      { path: "routes.api.cors.origins[1]", rule: /scheme, host and port only/, fix: /https/ },
    ],
  },
  {
    name: "every origin with credentials",
    components: route({ cors: { origins: ["*"], credentials: true } }),
    expected: [{ path: "routes.api.cors.credentials", rule: /no browser takes \*/, fix: /list the origins/ }],
  },
  {
    name: "every origin beside one",
    components: route({ cors: { origins: ["*", "https://app.test"] } }),
    expected: [{ path: "routes.api.cors.origins", rule: /either \* or/, fix: /remove/ }],
  },
  {
    name: "nothing to take off a path",
    components: route({ stripPrefix: true }),
    expected: [{ path: "routes.api.stripPrefix", rule: /a path to take off/, fix: /give the route a path/ }],
  },
  {
    name: "a route to a database, and one to a component instead of its connection",
    components: gateway({ routes: { a: { path: "/a", to: connectionTo("db") }, b: { path: "/b", to: { urn: "x", connection: web } } } }),
    expected: [
      { path: "routes.a.to", rule: /speaks HTTP/, fix: /begins with http/ },
      { path: "routes.b.to", rule: /a connection of another component/, fix: /not the component/ },
    ],
  },
  {
    name: "a route of a gateway to itself",
    components: gateway({ routes: { a: { to: connectionTo("edge-gw", { scheme: "http" }) } } }),
    expected: [{ path: "routes.a.to", rule: /another component/, fix: /a service/ }],
  },
  {
    name: "a certificate without its key",
    components: gateway({ routes: { a: { to: web } }, tls: { certificate: { certificate } } }),
    expected: [{ path: "tls.certificate.key", rule: /required/, fix: /give key/ }],
  },
  {
    name: "a key that has a passphrase, and a certificate that is none",
    components: gateway({
      routes: { a: { to: web } },
      tls: { certificate: { certificate: key, key: key.replaceAll("PRIVATE", "ENCRYPTED PRIVATE") } },
    }),
    expected: [
      { path: "tls.certificate.certificate", rule: /a certificate in PEM/, fix: /-----BEGIN/ },
      { path: "tls.certificate.key", rule: /without a passphrase/, fix: /-----BEGIN/ },
    ],
  },
  {
    name: "a development certificate in production",
    stack: { profile: "prod" },
    components: gateway({ routes: { a: { to: web } } }),
    expected: [{ path: "tls.certificate", rule: /profile prod takes none of a development authority/, fix: /as a secret/ }],
  },
  {
    name: "HSTS that no browser ships with, and a header that would end its line",
    components: gateway({
      routes: { a: { to: web } },
      hsts: { maxAgeSeconds: 300, preload: true },
      securityHeaders: { "X-Frame-Options": 'DENY"; return 200' },
    }),
    expected: [
      { path: "hsts.preload", rule: /at least 31536000 seconds/, fix: /set both/ },
      { path: "securityHeaders.X-Frame-Options", rule: /without "/, fix: /false/ },
    ],
  },
];
