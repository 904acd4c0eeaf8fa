import { type PolicyCases, resource } from "../cases.ts";

type Inputs = Record<string, unknown>;
const listener = (name: string, inputs: Inputs, module = "lb") => resource(`aws:${module}/listener:Listener`, name, inputs);
const forward = { defaultActions: [{ type: "forward", targetGroupArn: "arn" }] };
const tls = { protocol: "HTTPS", port: 443, sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06", ...forward };
const redirect = (protocol?: string) => ({
  protocol: "HTTP",
  port: 80,
  defaultActions: [{ type: "redirect", redirect: { protocol, port: "443", statusCode: "HTTP_301" } }],
});

const balancer = (inputs: Inputs = {}, module = "lb") =>
  resource(`aws:${module}/loadBalancer:LoadBalancer`, "shop", {
    internal: false,
    loadBalancerType: "application",
    subnets: ["subnet-0a", "subnet-0b"],
    ...inputs,
  });
const hard = {
  dropInvalidHeaderFields: true,
  desyncMitigationMode: "defensive",
  accessLogs: { enabled: true, bucket: "shop-logs" },
  enableDeletionProtection: true,
};

const shop = balancer();
const firewall = (inputs: Inputs = { rules: [{ name: "common", priority: 1 }] }) =>
  resource("aws:wafv2/webAcl:WebAcl", "firewall", { scope: "REGIONAL", ...inputs });
const before = resource("aws:wafv2/webAclAssociation:WebAclAssociation", "before", { resourceArn: "arn" }, { from: { resourceArn: [shop] } });
const logged = resource(
  "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
  "firewall-log",
  { resourceArn: "arn" },
  { from: { resourceArn: [firewall()] } },
);
const ruleBeside = resource("aws:wafv2/webAclRule:WebAclRule", "rate", { webAclArn: "arn" }, { from: { webAclArn: [firewall()] } });
const targets = (inputs: Inputs) => resource("aws:lb/targetGroup:TargetGroup", "web", { port: 8080, protocol: "HTTP", ...inputs });

export const awsGatewayCases: Readonly<Record<string, PolicyCases>> = {
  "alb-https": {
    compliant: [
      { title: "HTTPS, and a redirect to it", resources: [listener("https", tls), listener("http", redirect("HTTPS"))] },
      { title: "TLS passed on by a network balancer", resources: [listener("tls", { protocol: "TCP", port: 443, ...forward })] },
      { title: "a gateway balancer", resources: [listener("packets", forward)] },
    ],
    violating: [
      { title: "plain text", resources: [listener("http", { protocol: "HTTP", port: 80, ...forward })], finds: ["http: defaultActions"] },
      { title: "no protocol, which means HTTP", resources: [listener("http", { port: 8080, ...forward }, "alb")], finds: ["http: defaultActions"] },
      { title: "a redirect that stays plain", resources: [listener("http", redirect())], finds: ["http: defaultActions"] },
      {
        title: "old TLS, named and not",
        resources: [
          listener("named", { ...tls, sslPolicy: "ELBSecurityPolicy-2016-08" }),
          listener("silent", { ...tls, sslPolicy: undefined }),
          listener("almost", { ...tls, protocol: "TLS", sslPolicy: "ELBSecurityPolicy-TLS13-1-1-2021-06" }),
        ],
        finds: ["named: sslPolicy", "silent: sslPolicy", "almost: sslPolicy"],
      },
    ],
    reads: {
      "https: protocol": ["https: defaultActions"],
      "https: sslPolicy": ["https: sslPolicy"],
      "http: defaultActions": ["http: defaultActions"],
      "http: defaultActions[0].type": ["http: defaultActions"],
      "http: defaultActions[0].redirect": ["http: defaultActions"],
    },
  },
  "alb-hardened": {
    compliant: [
      { title: "a hardened balancer", resources: [balancer(hard)] },
      {
        title: "a network balancer, which reads no headers",
        resources: [balancer({ loadBalancerType: "network", accessLogs: hard.accessLogs, enableDeletionProtection: true })],
      },
      { title: "one of staging that may be deleted", stage: "staging", resources: [balancer({ ...hard, enableDeletionProtection: false })] },
    ],
    violating: [
      {
        title: "a balancer as it comes",
        resources: [balancer()],
        finds: ["shop: dropInvalidHeaderFields", "shop: accessLogs.enabled", "shop: enableDeletionProtection"],
      },
      {
        title: "smuggled requests are watched",
        resources: [balancer({ ...hard, desyncMitigationMode: "monitor" }, "alb")],
        finds: ["shop: desyncMitigationMode"],
      },
    ],
    reads: {
      "shop: dropInvalidHeaderFields": ["shop: dropInvalidHeaderFields"],
      "shop: desyncMitigationMode": [],
      "shop: accessLogs": ["shop: accessLogs.enabled"],
      "shop: accessLogs.enabled": ["shop: accessLogs.enabled"],
      "shop: enableDeletionProtection": ["shop: enableDeletionProtection"],
      "shop: loadBalancerType": [],
    },
  },
  "alb-waf": {
    compliant: [
      { title: "behind a firewall", resources: [shop, firewall(), before, logged] },
      { title: "an internal balancer", resources: [balancer({ internal: true })] },
      { title: "a network balancer", resources: [balancer({ loadBalancerType: "network" })] },
      { title: "rules beside the firewall", resources: [firewall({}), ruleBeside, logged] },
    ],
    violating: [
      { title: "no firewall", resources: [shop], finds: ["shop: "] },
      { title: "a firewall without rules and log", resources: [shop, firewall({ rules: [] }), before], finds: ["firewall: rules", "firewall: "] },
    ],
    reads: { "shop: internal": [], "shop: loadBalancerType": [], "firewall: rules": ["firewall: rules"] },
  },
  "alb-spread-health": {
    compliant: [
      {
        title: "two zones, and targets that are asked",
        resources: [balancer(), targets({ healthCheck: { enabled: true, path: "/health" }, deregistrationDelay: 300 })],
      },
      { title: "the health check of the provider", resources: [targets({})] },
      {
        title: "addresses by zone",
        resources: [balancer({ subnets: undefined, subnetMappings: [{ subnetId: "subnet-0a" }, { subnetId: "subnet-0b" }] })],
      },
    ],
    violating: [
      { title: "one zone", resources: [balancer({ subnets: ["subnet-0a"] })], finds: ["shop: subnets"] },
      {
        title: "targets that nobody asks and that stay long",
        resources: [targets({ healthCheck: { enabled: false }, deregistrationDelay: 301 })],
        finds: ["web: healthCheck.enabled", "web: deregistrationDelay"],
      },
    ],
    reads: { "shop: subnets": ["shop: subnets"], "web: healthCheck": [], "web: healthCheck.enabled": [], "web: deregistrationDelay": [] },
  },
};
