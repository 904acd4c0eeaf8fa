import type * as pulumi from "@pulumi/pulumi";
import { type Check, type Finding, inputOf, integer, mapOf, matching, shape } from "../../src/core/checks.ts";
import type { CheckoutSpec, EgressRule } from "../../src/core/workload.ts";

export interface GitCheckout {
  /** Repository over HTTPS, without credentials, e.g. `https://github.com/acme/docs.git`. Its host counts as declared egress. */
  readonly url: string;
  /** Branch, tag or full commit. Only a commit is the same for every replica and every restart. */
  readonly ref: string;
  /** Absolute path in the container. */
  readonly path: string;
  /** Token that may read a private repository. Secret. @default none */
  readonly token?: pulumi.Input<string>;
  /** User that the token belongs to, as the host wants it. @default "x-access-token", which GitHub takes */
  readonly username?: string;
  /** Most that the copy may take, in MiB; on AWS it sizes the disk of the task, and all copies have 184,320 together. @default 1024 */
  readonly sizeMiB?: number;
}

export type Checkouts = Readonly<Record<string, GitCheckout>>;

const url = /^https:\/\/([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::(\d{1,5}))?\/[\w.~/-]+$/;

/** What stands before the host may be a password, so such a value is not repeated. */
const repositoryUrl: Check = (value, at) =>
  typeof value === "string" && url.test(value)
    ? []
    : [
        {
          path: at,
          value: typeof value === "string" && value.includes("@") ? "[hidden]" : value,
          rule: "the URL of a repository over HTTPS, without user and password",
          fix: "e.g. https://github.com/acme/docs.git; give a token apart",
        },
      ];

export const checkoutsCheck = (name: Check, path: Check): Check =>
  mapOf(
    name,
    shape<GitCheckout>(
      {
        url: repositoryUrl,
        ref: matching(/^(?!-)(?!.*\.\.)[\w./-]{1,200}$/, "a branch, a tag or a full commit", "e.g. main"),
        path,
        token: inputOf(matching(/\S/, "a token", "pass a secret of the configuration")),
        username: matching(/^[\w.@-]+$/, "the name of a user", "e.g. oauth2 for GitLab"),
        sizeMiB: integer(1, 102_400, "MiB"),
      },
      ["url", "ref", "path"],
    ),
  );

export const checkoutSpecs = (checkouts: Checkouts): CheckoutSpec[] =>
  Object.entries(checkouts).map(([name, { url, ref, path, token, username = "x-access-token", sizeMiB = 1024 }]) => ({
    name,
    url,
    ref,
    path,
    sizeMiB,
    ...(token === undefined ? {} : { login: { username, token } }),
  }));

/** The ways out that cloning needs. */
export const checkoutEgress = (checkouts: Checkouts): EgressRule[] =>
  Object.values(checkouts).flatMap((checkout) => {
    const [, host, port = "443"] = url.exec(checkout.url) ?? [];
    return host === undefined ? [] : [{ host, port: Number(port) }];
  });

/** A user without a token opens nothing. */
export const checkoutFindings = (checkouts: Checkouts): Finding[] =>
  Object.entries(checkouts).flatMap(([name, { username, token }]) =>
    username !== undefined && token === undefined
      ? [{ path: `checkouts.${name}.username`, value: username, rule: "only together with token", fix: "give the token as a secret, or remove it" }]
      : [],
  );
