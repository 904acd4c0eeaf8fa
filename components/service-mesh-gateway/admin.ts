import type { Input } from "@pulumi/pulumi";
import { type Check, either, type Finding, inputOf, integer, mapOf, matching, type Rules, shape } from "../../src/core/checks.ts";
import type { Connection } from "../../src/core/connection.ts";
import { type Route, settledRoutes } from "./model.ts";
import { healthPath } from "./relations.ts";
import { hostName, pathCheck, type RouteArgs, routeName, upstreamCheck } from "./routes.ts";

/** A page that only those see who have logged in. */
export interface AdminRouteArgs {
  /** The page: an HTTP port of another component, e.g. `temporal.ui`. @change safe; the service is deployed anew */
  readonly to: Connection;
  /**
   * Host name of its own, in the certificate beside `hosts`; one of `hosts` with a path that no route has is taken, too. A
   * name of the public name system.
   * @default its name before the first of hosts, e.g. `temporal.shop.example.com`
   * @change safe; with another certificate of ACM; the client of the login must know it
   */
  readonly host?: string;
  /** The path, and everything below it. @default "/" @change safe */
  readonly path?: string;
}

interface Session {
  /** What the login is asked for. @default "openid" @change safe; for whoever logs in from then on */
  readonly scope?: string;
  /** Hours until somebody must log in again, 1 to 168. @default 8 @change safe; for whoever logs in from then on */
  readonly sessionHours?: number;
}

/**
 * A provider of OpenID Connect; its document `.well-known/openid-configuration` names the addresses. The load balancer itself
 * asks tokenEndpoint and userInfoEndpoint, so the egress of the environment must allow those. Changing any of it: safe; with
 * another issuer or client everybody logs in again.
 */
export interface OidcArgs extends Session {
  /** Its name, as its tokens say it, e.g. `https://login.example.com`. @change safe; everybody logs in again */
  readonly issuer: string;
  /** Where browsers log in. @change safe */
  readonly authorizationEndpoint: string;
  /** Where codes become tokens; egress. @change safe */
  readonly tokenEndpoint: string;
  /** Where the claims about somebody are; egress. @change safe */
  readonly userInfoEndpoint: string;
  /** The client that the provider knows the gateway as. @change safe; everybody logs in again */
  readonly clientId: string;
  /**
   * What that client proves itself with. Secret: pass a secret of the configuration.
   * @change safe; nobody is logged out
   */
  readonly clientSecret: Input<string>;
}

/** A user pool of Cognito, in any region. The load balancer asks its domain, so the egress of the environment must allow that. */
export interface CognitoArgs extends Session {
  /**
   * The pool, e.g. `arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Ab12Cd34E`.
   * @change safe; everybody logs in again
   */
  readonly userPoolArn: string;
  /** A client of the pool, with a secret: the load balancer reads that itself. @change safe; everybody logs in again */
  readonly clientId: string;
  /**
   * Domain of the pool: the word before `.auth.<region>.amazoncognito.com`, or a whole name of one's own; egress.
   * @change safe
   */
  readonly domain: string;
}

/** Who says who somebody is. Both want `https://<host>/oauth2/idpresponse` among the addresses that they send browsers back to. */
export type AuthArgs =
  | {
      /** A provider of OpenID Connect; either this or `cognito`. */
      readonly oidc: OidcArgs;
    }
  | {
      /** A user pool of Cognito; either this or `oidc`. */
      readonly cognito: CognitoArgs;
    };

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

/** Rules between routes of administration, and between them and all others: what one of them takes, no other loses. */
export function adminFindings(admin: readonly Route[], routes: Readonly<Record<string, RouteArgs>>, hosts: readonly string[]): Finding[] {
  const takers = Object.entries(routes).map(([name, { path = "/", host }]) => ({ name: `route ${name}`, path, hosts: host ? [host] : hosts }));
  return admin.flatMap(({ name, host = "", path }, index) => {
    const at = `adminRoutes.${name}`;
    const earlier = admin.slice(0, index).map((route) => ({ name: `admin route ${route.name}`, path: route.path, hosts: [route.host ?? ""] }));
    const other = [...takers, ...earlier].find((taker) => taker.path === path && taker.hosts.includes(host))?.name;
    return [
      ...(name in routes ? [{ path: at, value: name, rule: "a name that no route has", fix: "rename one of the two" }] : []),
      ...(other ? [{ path: `${at}.host`, value: host, rule: `a host and a path of its own; ${other} has them`, fix: "change one of the two" }] : []),
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
