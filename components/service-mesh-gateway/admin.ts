import type { Input } from "@pulumi/pulumi";
import { type Check, either, type Finding, inputOf, integer, mapOf, matching, type Rules, shape } from "../../src/core/checks.ts";
import type { Connection } from "../../src/core/connection.ts";
import { type Route, settledRoutes } from "./model.ts";
import { healthPath } from "./relations.ts";
import { hostName, pathCheck, type RouteArgs, routeName, upstreamCheck } from "./routes.ts";

/** A page that only those see who have logged in. */
export interface AdminRouteArgs {
  /** The page: an HTTP port of another component, e.g. `temporal.ui`. */
  readonly to: Connection;
  /** Host name of its own, in the certificate beside `hosts`. @default its name before the first of hosts, e.g. `temporal.shop.example.com` */
  readonly host?: string;
  /** The path, and everything below it. @default "/" */
  readonly path?: string;
}

interface Session {
  /** What the login is asked for. @default "openid" */
  readonly scope?: string;
  /** Hours until somebody must log in again. @default 8 */
  readonly sessionHours?: number;
}

/** A provider of OpenID Connect; its document `.well-known/openid-configuration` names the addresses. */
export interface OidcArgs extends Session {
  /** Its name, as its tokens say it, e.g. `https://login.example.com`. */
  readonly issuer: string;
  /** Where browsers log in. */
  readonly authorizationEndpoint: string;
  /** Where codes become tokens. */
  readonly tokenEndpoint: string;
  /** Where the claims about somebody are. */
  readonly userInfoEndpoint: string;
  readonly clientId: string;
  /** Secret: pass a secret of the configuration. */
  readonly clientSecret: Input<string>;
}

/** A user pool of Cognito. */
export interface CognitoArgs extends Session {
  readonly userPoolArn: string;
  readonly clientId: string;
  /** Domain of the pool: the word before `.auth.<region>.amazoncognito.com`, or a whole name of one's own. */
  readonly domain: string;
}

/** Who says who somebody is. Both want `https://<host>/oauth2/idpresponse` among the addresses that they send browsers back to. */
export type AuthArgs = { readonly oidc: OidcArgs } | { readonly cognito: CognitoArgs };

/** How somebody logs in, without the secret. */
export type Auth = { readonly oidc: Omit<OidcArgs, "clientSecret"> } | { readonly cognito: CognitoArgs };

const address = matching(/^https:\/\/[^\s/?#]+(?:\/[^\s?#]*)?$/, "an address by HTTPS", "see .well-known/openid-configuration of the provider");
const word = matching(/^\S+$/, "a word", "see the client of the provider");
const session: Rules<Session> = {
  scope: matching(/^openid(?: \S+)*$/, "openid, and further words after it", 'e.g. "openid email"'),
  sessionHours: integer(1, 168, "hours"),
};
const secret: Check = (value, at) =>
  typeof value === "string" && value !== "" ? [] : [{ path: at, value: "[hidden]", rule: "text", fix: "give the secret of the client" }];

export const authCheck: Check = either(
  shape<{ readonly oidc: OidcArgs }>(
    {
      oidc: shape<OidcArgs>(
        {
          issuer: address,
          authorizationEndpoint: address,
          tokenEndpoint: address,
          userInfoEndpoint: address,
          clientId: word,
          clientSecret: inputOf(secret),
          ...session,
        },
        ["issuer", "authorizationEndpoint", "tokenEndpoint", "userInfoEndpoint", "clientId", "clientSecret"],
      ),
    },
    ["oidc"],
  ),
  shape<{ readonly cognito: CognitoArgs }>(
    {
      cognito: shape<CognitoArgs>(
        {
          userPoolArn: matching(
            /^arn:aws[\w-]*:cognito-idp:[a-z0-9-]+:\d{12}:userpool\/[\w-]+$/,
            "the ARN of a user pool",
            "arn:aws:cognito-idp:...",
          ),
          clientId: word,
          domain: matching(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/, "the domain of the pool", "e.g. shop-login"),
          ...session,
        },
        ["userPoolArn", "clientId", "domain"],
      ),
    },
    ["cognito"],
  ),
);

export const adminRoutesCheck: Check = mapOf(routeName, shape<AdminRouteArgs>({ to: upstreamCheck, host: hostName, path: pathCheck }, ["to"]));

/** Routes of administration with everything settled: each on a host of its own unless it has one. */
export const settledAdminRoutes = (routes: Readonly<Record<string, AdminRouteArgs>>, [first = ""]: readonly string[]): Route[] =>
  settledRoutes(Object.fromEntries(Object.entries(routes).map(([name, route]) => [name, { ...route, host: route.host ?? `${name}.${first}` }])));

/** Rules between routes of administration and all others. */
export function adminFindings(admin: readonly Route[], routes: Readonly<Record<string, RouteArgs>>): Finding[] {
  return admin.flatMap(({ name, host, path }) => {
    const at = `adminRoutes.${name}`;
    const other = Object.entries(routes).find(([, route]) => (route.path ?? "/") === path && route.host === host)?.[0];
    return [
      ...(name in routes ? [{ path: at, value: name, rule: "a name that no route has", fix: "rename one of the two" }] : []),
      ...(other
        ? [{ path: `${at}.host`, value: host, rule: `a host and a path of its own; route ${other} has them`, fix: "change one of the two" }]
        : []),
      ...(path === healthPath
        ? [
            {
              path: `${at}.path`,
              value: path,
              rule: `another path than ${healthPath}, where the gateway tells its own health`,
              fix: "choose another path",
            },
          ]
        : []),
    ];
  });
}

/** What a connection cannot be that is told nobody's name: the login without its secret. */
export function authOf(auth: AuthArgs): Auth {
  if ("cognito" in auth) return auth;
  const { clientSecret: _, ...oidc } = auth.oidc;
  return { oidc };
}

export const notServed = (names: readonly string[]): string =>
  `admin routes ${names.join(", ")} are not served: nobody would be asked who they are; set auth under components of an environment on AWS`;
