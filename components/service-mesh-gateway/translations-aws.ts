import type { Cell } from "../../src/core/capabilities.ts";

const yes = (how: string): Cell => ({ state: "yes", how });
const coarser = (how: string): Cell => ({ state: "coarser", how });
const refused = (how: string): Cell => ({ state: "refused", how });

const header = yes("attribute of the listener");
const cors = refused("a listener has CORS for all routes alike, without a list of origins: the service answers");
const grows = refused("a load balancer grows by itself");

/** By argument, what it is on AWS: an Application Load Balancer behind WAF. */
export const awsTranslations: Readonly<Record<string, Cell>> = {
  api: refused("only a cluster has interfaces"),
  hosts: yes(
    "conditions of the rules, names of the certificate, records that lead to it; another host gets 421; an address, or a name without a point, is refused",
  ),
  "tls.certificate": coarser(
    "ACM: issued for a zone of Route 53 (issuer acm), or given; one for development, and issuers of cert-manager, are refused",
  ),
  "tls.minVersion": yes("sslPolicy: ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09, or TLS13-1-3-PQ"),
  "hsts.maxAgeSeconds": header,
  "hsts.includeSubdomains": header,
  "hsts.preload": header,
  securityHeaders: coarser(
    "attributes of the listener: Content-Security-Policy, X-Content-Type-Options: nosniff, X-Frame-Options; every other one is refused. The usual Referrer-Policy is what browsers do by themselves, and is not sent",
  ),
  gzip: coarser("nothing is compressed; true is refused when it is written down"),
  replicas: grows,
  memoryMiB: grows,
  cpus: grows,
  "routes.path": yes("condition path-pattern; at most nine parts"),
  "routes.host": yes("condition host-header"),
  "routes.to": yes("target group of the addresses of tasks, by the health of the workload's own probe"),
  "routes.weights": yes("weights of the target groups in the rule, which alone changes with them"),
  "routes.stripPrefix": coarser("transform url-rewrite; X-Forwarded-Prefix does not tell"),
  "routes.websocket": coarser("always possible, with and without it; it changes the silence alone"),
  "routes.timeoutSeconds": coarser(
    "idle timeout of the load balancer: the largest of all routes, at most 4000; a smaller one that is written down is refused",
  ),
  "routes.retries": coarser("nothing is tried again; more than 0 is refused when it is written down"),
  "routes.rateLimit.requestsPerSecond": coarser(
    "rate rule of WAF for each client address, counted over 60 seconds, or 120, 300 or 600 when the limit would be below 10",
  ),
  "routes.rateLimit.burst": coarser("added to the limit of that window"),
  "routes.maxBodyMiB": coarser("rule of WAF on Content-Length; a body that does not tell its length may have 8 KiB"),
  "routes.cors.origins": cors,
  "routes.cors.methods": cors,
  "routes.cors.headers": cors,
  "routes.cors.credentials": cors,
  "routes.cors.maxAgeSeconds": cors,
  adminRoutes: yes("rules that ask for a login before they forward; without auth they are not served, with a warning"),
  auth: yes("actions authenticate-oidc or authenticate-cognito"),
  aws: yes("addresses in the rules of the security group; managed rules of WAF that count; a rate rule of WAF for each client address"),
};
