import type { lb } from "@pulumi/aws/types/input.js";
import type { Secrets } from "../../../src/core/text.ts";
import type { EgressRule } from "../../../src/core/workload.ts";
import type { Auth } from "../admin.ts";

/** Asks who somebody is before anything else happens. */
export function loginAction(auth: Auth, { clientSecret }: Secrets): lb.ListenerRuleAction {
  const { scope = "openid", sessionHours = 8 } = "oidc" in auth ? auth.oidc : auth.cognito;
  const session = { scope, sessionTimeout: sessionHours * 3600, onUnauthenticatedRequest: "authenticate" };
  if ("cognito" in auth) {
    const { userPoolArn, clientId, domain } = auth.cognito;
    return {
      type: "authenticate-cognito",
      authenticateCognito: { userPoolArn, userPoolClientId: clientId, userPoolDomain: domain, ...session },
    };
  }
  if (!clientSecret) throw new Error("a login by OpenID Connect without the secret of its client");
  const { issuer, authorizationEndpoint, tokenEndpoint, userInfoEndpoint, clientId } = auth.oidc;
  return {
    type: "authenticate-oidc",
    authenticateOidc: { issuer, authorizationEndpoint, tokenEndpoint, userInfoEndpoint, clientId, clientSecret, ...session },
  };
}

/** Where the load balancer itself asks about somebody; browsers find the page of the login alone. */
export function loginEgress(auth: Auth | undefined): EgressRule[] {
  if (!auth) return [];
  if ("oidc" in auth) {
    const urls = [auth.oidc.tokenEndpoint, auth.oidc.userInfoEndpoint].map((url) => new URL(url));
    const rules = urls.map(({ hostname, port }) => ({ host: hostname, port: Number(port || 443) }));
    return [...new Map(rules.map((rule) => [`${rule.host}:${rule.port}`, rule])).values()];
  }
  const { domain, userPoolArn } = auth.cognito;
  const [, , , region] = userPoolArn.split(":");
  return [{ host: domain.includes(".") ? domain : `${domain}.auth.${region}.amazoncognito.com`, port: 443 }];
}
