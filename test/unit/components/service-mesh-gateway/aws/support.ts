import { publicHosts } from "../../../../../components/service-mesh-gateway/aws/hosts.ts";
import { httpsListener } from "../../../../../components/service-mesh-gateway/aws/listener.ts";
import { gatewayProblems, silenceOf } from "../../../../../components/service-mesh-gateway/aws/problems.ts";
import { listenerRules, rewriteOf } from "../../../../../components/service-mesh-gateway/aws/rules.ts";
import { gatewayShape } from "../../../../../components/service-mesh-gateway/aws/shape.ts";
import { targetsOf } from "../../../../../components/service-mesh-gateway/aws/targets.ts";
import { wafRules } from "../../../../../components/service-mesh-gateway/aws/waf-rules.ts";
import { gatewayWarnings } from "../../../../../components/service-mesh-gateway/aws/warnings.ts";
import type { GatewayModel, Route } from "../../../../../components/service-mesh-gateway/model.ts";
import type { Problem } from "../../../../../src/core/problems.ts";
import type { SystemSpec } from "../../../../../src/core/system.ts";
import { unsupportedOn } from "../../../../../src/core/unsupported.ts";
import type { AwsContext } from "../../../../../src/platforms/aws/context.ts";
import { settingsOf, specs } from "../../../../support/settings.ts";
import { connectionTo } from "../../../connections.ts";

export const web = connectionTo("web", { scheme: "http" });
export const next = connectionTo("next", { scheme: "http" });

export const zone = { certificate: { issuer: { acm: { hostedZone: "Z0123456789" } } } };
export const cognito = {
  userPoolArn: "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_a",
  clientId: "client",
  domain: "shop-login",
};
export const oidc = {
  issuer: "https://login.example.com",
  authorizationEndpoint: "https://login.example.com/authorize",
  tokenEndpoint: "https://tokens.example.com/token",
  userInfoEndpoint: "https://login.example.com/me",
  clientId: "client",
  clientSecret: "test-only",
};

const aws = { region: "eu-central-1", accountId: "123456789012", zones: ["eu-central-1a", "eu-central-1b", "eu-central-1c"] };

/** As much of a context as pure parts read. */
function contextFor(profile: string): AwsContext {
  const made = new Map<string, unknown>();
  const once = (key: string, make: () => unknown) => {
    if (!made.has(key)) made.set(key, make());
    return made.get(key);
  };
  return { settings: settingsOf({ target: "aws", profile, aws }), once } as unknown as AwsContext;
}

export interface Made {
  readonly spec: SystemSpec;
  readonly model: GatewayModel;
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
  readonly listener: ReturnType<typeof httpsListener> & Readonly<Record<string, unknown>>;
  readonly rules: readonly Loose[];
  readonly firewall: readonly Loose[];
  readonly targets: readonly string[];
  readonly silence: number;
  readonly hosts: readonly string[];
}

/** What becomes of a gateway with these arguments on AWS. */
export function made(args: object = {}, profile = "staging"): Made {
  const context = contextFor(profile);
  const given = { hosts: ["shop.test"], tls: zone, routes: { web: { to: web } }, ...args };
  const spec = gatewayShape(specs.ServiceMeshGateway("gw", given, context.settings), context);
  const model = spec.model as GatewayModel;
  const routes = [...model.routes, ...model.admin];
  return {
    spec,
    model,
    problems: [...spec.problems, ...unsupportedOn("aws", spec), ...gatewayProblems(spec, context)],
    warnings: gatewayWarnings(spec),
    listener: httpsListener(model),
    rules: listenerRules(model).map((rule) => ({ ...rule, transforms: "upstreams" in rule.to ? rewriteOf(rule.to) : [] })),
    firewall: wafRules(model),
    targets: targetsOf(routes).map(({ workload, port }) => `${workload}:${port}`),
    silence: silenceOf(model),
    hosts: publicHosts(model),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: tests reach into objects of many kinds
export type Loose = any;

export const ruleOf = ({ rules }: Made, name: string): Loose => {
  const found = rules.find((rule) => rule.name === `${name}-rule`);
  if (!found) throw new Error(`no rule ${name}, but ${rules.map((rule) => rule.name).join(", ")}`);
  return found;
};
export const firewallRule = ({ firewall }: Made, name: string): Loose => firewall.find((rule) => rule.name === name);

/** The rule of the listener that takes a request: the first by priority whose conditions match. */
export function takes({ rules }: Made, host: string, path: string): string {
  const like = (pattern: string, value: string) => new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", ".*")}$`).test(value);
  const matches = ({ hostHeader, pathPattern }: Loose) =>
    (hostHeader?.values ?? pathPattern.values).some((pattern: string) => like(pattern, hostHeader ? host : path));
  const found = rules.toSorted((a, b) => a.priority - b.priority).find(({ conditions }) => conditions.every(matches));
  return found ? ((found.to as Route).name ?? found.to.statusCode) : "421";
}
