import type { PlanResource } from "../../../../src/preview/plan.ts";
import { inTier, is, names, type Rows, type Rule } from "./rule.ts";

const arn = ({ outputs }: PlanResource) => outputs.arn;
const bucket = ({ inputs }: PlanResource) => inputs.bucket;
const balancer = "aws:lb/loadBalancer:LoadBalancer";
const byTls = ({ inputs }: PlanResource) => inputs.protocol === "HTTPS";

/** Something of listeners that answer by TLS. */
const secured = (rule: Rule): Rule => ({ ...rule, of: byTls });

interface FirewallRule {
  readonly statement: { readonly managedRuleGroupStatement?: { readonly name: string } };
  readonly overrideAction?: object;
  readonly visibilityConfig: { readonly cloudwatchMetricsEnabled: boolean };
}

/** A list of rules of AWS that blocks. */
const managed = (list: string): Rule => ({
  says: `blocks by ${list}`,
  holds: ({ inputs }) =>
    (inputs.rules as FirewallRule[]).some(
      ({ statement, overrideAction }) => statement.managedRuleGroupStatement?.name === list && JSON.stringify(overrideAction) === '{"none":{}}',
    ),
  faults: [
    { inputs: { rules: (was: FirewallRule[]) => was.filter(({ statement }) => statement.managedRuleGroupStatement?.name !== list) } },
    {
      inputs: {
        rules: (was: FirewallRule[]) =>
          was.map((rule) => (rule.statement.managedRuleGroupStatement?.name === list ? { ...rule, overrideAction: { count: {} } } : rule)),
      },
    },
  ],
});

export const gateway: Rows = {
  [balancer]: [
    inTier("subnets", "public"),
    is("enableDeletionProtection", true, false),
    is("dropInvalidHeaderFields", true, false),
    is("desyncMitigationMode", "defensive", "monitor"),
    is("enableWafFailOpen", false, true),
    is("accessLogs.enabled", true, false),
    names("accessLogs.bucket", "aws:s3/bucket:Bucket", bucket),
    is("connectionLogs.enabled", true, false),
    names("connectionLogs.bucket", "aws:s3/bucket:Bucket", bucket),
    {
      says: "has a firewall",
      holds: (it, look) => look.of("aws:wafv2/webAclAssociation:WebAclAssociation").some(({ inputs }) => inputs.resourceArn === it.outputs.arn),
      faults: [{ at: ({ type }) => type === "aws:wafv2/webAclAssociation:WebAclAssociation", gone: true }],
    },
  ],
  "aws:lb/listener:Listener": [
    {
      says: "answers by HTTPS on 443, and sends on to it from 80",
      holds: ({ inputs }) =>
        inputs.protocol === "HTTPS"
          ? inputs.port === 443
          : inputs.protocol === "HTTP" &&
            inputs.port === 80 &&
            (inputs.defaultActions as { type: string; redirect?: { port: string; protocol: string } }[]).every(
              ({ type, redirect }) => type === "redirect" && redirect?.protocol === "HTTPS" && redirect.port === "443",
            ),
      faults: [
        { at: ({ name }) => name === "gateway-https", inputs: { port: 8443 } },
        { at: ({ name }) => name === "gateway-http", inputs: { defaultActions: [{ type: "forward", targetGroupArn: "x" }] } },
      ],
    },
    secured({
      says: "takes TLS 1.3, and of 1.2 what has forward secrecy",
      holds: ({ inputs }) => /^ELBSecurityPolicy-TLS13-1-[23](-Res)?(-PQ)?-20\d\d-\d\d$/.test(String(inputs.sslPolicy)),
      faults: [
        { inputs: { sslPolicy: undefined } },
        { inputs: { sslPolicy: "ELBSecurityPolicy-2016-08" } },
        { inputs: { sslPolicy: "ELBSecurityPolicy-TLS13-1-0-2021-06" } },
      ],
    }),
    secured(names("certificateArn", "aws:acm/certificate:Certificate", arn)),
    secured({
      says: "tells browsers to stay with HTTPS",
      holds: ({ inputs }) => /^max-age=\d{7,}/.test(String(inputs.routingHttpResponseStrictTransportSecurityHeaderValue)),
      faults: [{ inputs: { routingHttpResponseStrictTransportSecurityHeaderValue: undefined } }],
    }),
    is("routingHttpResponseServerEnabled", false, true),
  ],
  "aws:lb/listenerRule:ListenerRule": [
    {
      says: "has a login before what only administrators may see",
      holds: ({ inputs }, look) => {
        const actions = inputs.actions as { type: string; order: number; forward?: { targetGroups: { arn: string }[] } }[];
        const to = actions.flatMap(({ forward }) => forward?.targetGroups.map((group) => group.arn) ?? []);
        const admin = look
          .of("aws:lb/targetGroup:TargetGroup")
          .some((group) => group.name.includes("temporal-ui") && to.includes(String(group.outputs.arn)));
        return !admin || /^authenticate-(cognito|oidc)$/.test(actions.toSorted((a, b) => a.order - b.order)[0]?.type ?? "");
      },
      faults: [{ at: ({ name }) => name === "gateway-temporal-rule", inputs: { actions: (was: object[]) => was.slice(1) } }],
    },
    {
      says: "is of the listener that answers by HTTPS",
      holds: ({ inputs }, look) =>
        look.of("aws:lb/listener:Listener").some((of) => of.outputs.arn === inputs.listenerArn && of.inputs.protocol === "HTTPS"),
      faults: [{ inputs: { listenerArn: "of-another" } }],
    },
  ],
  "aws:lb/targetGroup:TargetGroup": [
    is("healthCheck.enabled", true, false),
    is("targetType", "ip", "instance"),
    names("vpcId", "aws:ec2/vpc:Vpc", ({ id }) => id),
  ],
  "aws:acm/certificate:Certificate": [
    is("validationMethod", "DNS", "EMAIL"),
    is("keyAlgorithm", "EC_prime256v1", "RSA_1024"),
    {
      says: "is proved before it is used",
      holds: (it, look) =>
        look.of("aws:acm/certificateValidation:CertificateValidation").some(({ inputs }) => inputs.certificateArn === it.outputs.arn),
      faults: [{ at: ({ type }) => type === "aws:acm/certificateValidation:CertificateValidation", gone: true }],
    },
  ],
  "aws:acm/certificateValidation:CertificateValidation": "a wait; that there is one is asked of the certificate",
  "aws:wafv2/webAcl:WebAcl": [
    managed("AWSManagedRulesCommonRuleSet"),
    managed("AWSManagedRulesKnownBadInputsRuleSet"),
    managed("AWSManagedRulesAmazonIpReputationList"),
    managed("AWSManagedRulesSQLiRuleSet"),
    {
      says: "has a figure for each of its rules",
      holds: ({ inputs }) => (inputs.rules as FirewallRule[]).every(({ visibilityConfig }) => visibilityConfig.cloudwatchMetricsEnabled),
      faults: [{ inputs: { "rules.0.visibilityConfig.cloudwatchMetricsEnabled": false } }],
    },
    {
      says: "has a log",
      holds: (it, look) =>
        look.of("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration").some(({ inputs }) => inputs.resourceArn === it.outputs.arn),
      faults: [{ at: ({ type }) => type === "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", gone: true }],
    },
  ],
  "aws:wafv2/webAclAssociation:WebAclAssociation": [names("webAclArn", "aws:wafv2/webAcl:WebAcl", arn)],
  "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": [
    names("logDestinationConfigs.0", "aws:cloudwatch/logGroup:LogGroup", arn),
    {
      says: "leaves out what logs in, and what is asked for",
      holds: ({ inputs }) => {
        const left = JSON.stringify(inputs.redactedFields);
        return ['"authorization"', '"cookie"', '"queryString"'].every((field) => left?.includes(field));
      },
      faults: [{ inputs: { redactedFields: undefined } }, { inputs: { redactedFields: (was: object[]) => was.slice(1) } }],
    },
  ],
};
