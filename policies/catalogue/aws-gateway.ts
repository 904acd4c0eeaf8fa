import type { Policy, Resource, Stack } from "../model.ts";
import { isTrue, list, number, record, records, shown, text } from "../read.ts";

/** The same resource under its old names too. */
const named = (kind: string): string[] => {
  const token = `${kind.charAt(0).toLowerCase()}${kind.slice(1)}:${kind}`;
  return ["lb", "alb", "applicationloadbalancing", "elasticloadbalancingv2"].map((module) => `aws:${module}/${token}`);
};
const balancers = named("LoadBalancer");

/** TLS 1.2 at least: `ELBSecurityPolicy-TLS13-1-2-2021-06`, `ELBSecurityPolicy-FS-1-2-Res-2020-10` ... */
const modern = /^ELBSecurityPolicy-(TLS13-1-[23]|TLS-1-2|FS-1-2)-/;

const https: Policy = {
  id: "alb-https",
  title: "Balancers speak HTTPS, with TLS 1.2 or newer",
  severity: "high",
  why: "What travels in plain text, or by TLS 1.0, is read and changed on its way: passwords, cookies, orders.",
  fix: "On a raw listener: protocol HTTPS with sslPolicy ELBSecurityPolicy-TLS13-1-2-2021-06; a listener on port 80 only redirects (type redirect, protocol HTTPS, statusCode HTTP_301).",
  types: named("Listener"),
  scope: "resource",
  references: ["FSBP ELB.1", "FSBP ELB.17", "FSBP ELB.18", "CKV_AWS_2", "CKV_AWS_103", "CKV2_AWS_20", "CKV2_AWS_74", "AWS-0047", "AWS-0054"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  *check({ inputs }) {
    const { protocol, port, sslPolicy, defaultActions } = inputs;
    // A gateway balancer has neither; an application balancer takes HTTP when none is named.
    if (protocol === undefined && port === undefined) return;
    const spoken = text(protocol) ?? "HTTP";
    if (spoken === "HTTPS" || spoken === "TLS") {
      const policy = text(sslPolicy);
      if (policy === undefined) yield { path: "sslPolicy", is: "is not set: the provider takes ELBSecurityPolicy-2016-08, which speaks TLS 1.0" };
      else if (!modern.test(policy)) yield { path: "sslPolicy", is: `${shown(policy)}, which is not known to refuse TLS before 1.2` };
    } else if (spoken === "HTTP") {
      const redirects = records(defaultActions).some(([, { type, redirect }]) => type === "redirect" && record(redirect).protocol === "HTTPS");
      if (!redirects) yield { path: "defaultActions", is: "answers in plain text instead of a redirect to HTTPS" };
    }
  },
};

const kindOf = ({ inputs }: Resource) => text(inputs.loadBalancerType) ?? "application";

const hardened: Policy = {
  id: "alb-hardened",
  title: "Balancers drop odd requests, keep a log, and are not deleted by a slip",
  severity: "medium",
  why: "Invalid headers and requests that two servers read differently are how one user's request is smuggled into another's; without a log nobody can tell who called; a deleted balancer takes its name and address along.",
  fix: "On a raw balancer: dropInvalidHeaderFields true, desyncMitigationMode defensive or strictest, accessLogs with enabled and a bucket, enableDeletionProtection true.",
  types: balancers,
  scope: "resource",
  references: ["FSBP ELB.4", "FSBP ELB.5", "FSBP ELB.6", "FSBP ELB.12", "CKV_AWS_91", "CKV_AWS_131", "CKV_AWS_150", "CKV_AWS_328", "AWS-0052"],
  levels: { dev: "disabled", staging: "advisory", prod: "mandatory" },
  *check(resource, { stage }) {
    const { dropInvalidHeaderFields, desyncMitigationMode, accessLogs, enableDeletionProtection } = resource.inputs;
    const kind = kindOf(resource);
    if (kind === "application") {
      if (!isTrue(dropInvalidHeaderFields))
        yield { path: "dropInvalidHeaderFields", is: `${shown(dropInvalidHeaderFields)}: invalid headers are passed on` };
      if (text(desyncMitigationMode) === "monitor")
        yield { path: "desyncMitigationMode", is: 'is "monitor": smuggled requests are counted and passed on' };
    }
    if (kind !== "gateway" && !isTrue(record(accessLogs).enabled))
      yield { path: "accessLogs.enabled", is: `${shown(record(accessLogs).enabled)}: nobody can tell who called` };
    if (stage === "prod" && !isTrue(enableDeletionProtection))
      yield { path: "enableDeletionProtection", is: `${shown(enableDeletionProtection)}: one slip takes away the address that users know` };
  },
};

const acl = "aws:wafv2/webAcl:WebAcl";
const associations = ["aws:wafv2/webAclAssociation:WebAclAssociation", "aws:wafregional/webAclAssociation:WebAclAssociation"];

const waf: Policy = {
  id: "alb-waf",
  title: "Public balancers stand behind a firewall that has rules and a log",
  severity: "high",
  why: "Whatever is public is tried with known attacks all day; a firewall without rules only costs, and one without a log cannot be tuned or believed.",
  fix: "Beside a balancer that is not internal make a wafv2 WebAcl with rules (at least AWSManagedRulesCommonRuleSet), a WebAclAssociation and a WebAclLoggingConfiguration.",
  types: [...balancers, acl],
  scope: "stack",
  references: ["FSBP ELB.16", "FSBP WAF.10", "FSBP WAF.11", "CKV_AWS_175", "CKV_AWS_192", "CKV2_AWS_28", "CKV2_AWS_31"],
  levels: { dev: "disabled", staging: "advisory", prod: "mandatory" },
  *check(stack) {
    for (const resource of stack.ofType(...balancers))
      if (
        !isTrue(resource.inputs.internal) &&
        kindOf(resource) === "application" &&
        stack.referring(resource, associations, "resourceArn").length === 0
      )
        yield { resource, path: "", is: "is public, and no firewall is associated with it" };
    for (const resource of stack.ofType(acl)) yield* firewall(stack, resource);
  },
};

function* firewall({ referring }: Stack, resource: Resource) {
  const { rules, ruleJson } = resource.inputs;
  const beside = ["aws:wafv2/webAclRule:WebAclRule", "aws:wafv2/webAclRuleGroupAssociation:WebAclRuleGroupAssociation"];
  if (list(rules).length === 0 && !text(ruleJson) && referring(resource, beside).length === 0)
    yield { resource, path: "rules", is: `${shown(rules)}: the firewall lets everything pass` };
  if (referring(resource, ["aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"]).length === 0)
    yield { resource, path: "", is: "has no logging configuration: nobody can tell what it stopped" };
}

const spreadHealth: Policy = {
  id: "alb-spread-health",
  title: "Balancers stand in two zones and ask whether their targets work",
  severity: "medium",
  why: "A balancer in one zone goes with it; without a health check it sends requests to targets that cannot answer; a target that leaves too slowly makes every release wait.",
  fix: "On a raw balancer name subnets of two zones; on a target group leave healthCheck.enabled true and deregistrationDelay at 300 or below.",
  types: [...balancers, ...named("TargetGroup")],
  scope: "resource",
  references: ["FSBP ELB.13", "FSBP ELB.22", "CKV_AWS_261"],
  parameters: {
    zones: { meaning: "Fewest subnets, one a zone, of a balancer", default: { dev: 2, staging: 2, prod: 2 }, minimum: 1, maximum: 6 },
    deregistrationSeconds: {
      meaning: "Longest time in seconds that a target which leaves may take to end its requests",
      default: { dev: 300, staging: 300, prod: 300 },
      minimum: 0,
      maximum: 3600,
    },
  },
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  *check({ type, inputs }, { parameter }) {
    if (balancers.includes(type)) {
      const path = inputs.subnetMappings === undefined ? "subnets" : "subnetMappings";
      const zones = list(inputs[path]).length;
      if (zones < parameter("zones")) yield { path, is: `has ${zones} in place of ${parameter("zones")}: the balancer goes with its zone` };
      return;
    }
    const { enabled } = record(inputs.healthCheck);
    if (enabled === false || enabled === "false") yield { path: "healthCheck.enabled", is: "is false: requests go to targets that cannot answer" };
    const seconds = number(inputs.deregistrationDelay);
    if (seconds !== undefined && seconds > parameter("deregistrationSeconds"))
      yield { path: "deregistrationDelay", is: `is ${seconds}; a target may take ${parameter("deregistrationSeconds")} seconds to leave` };
  },
};

export const awsGatewayPolicies: readonly Policy[] = [https, hardened, waf, spreadHealth];
