import type { Input } from "@pulumi/pulumi";
import { anything, type Finding, integer, matching, shape } from "../../src/core/checks.ts";
import { secretRef, text } from "../../src/core/text.ts";
import type { EgressRule, FileSpec } from "../../src/core/workload.ts";

/** A bundle that is built and pushed elsewhere, e.g. by `opa build` and `oras push`. */
export interface RegistryBundle {
  /** Host of the registry, asked by HTTPS on port 443, e.g. `ghcr.io`. It becomes the server's one way out. */
  readonly registry: string;
  /** Artifact in it with a tag or a digest, e.g. `acme/policies:1.4.2`. A tag that moves is followed. */
  readonly resource: string;
  /** Token that the registry wants; a secret. @default none: anybody may pull */
  readonly token?: Input<string>;
  /** Seconds between two looks for another version, at least 10. @default 60 */
  readonly pollSeconds?: number;
}

export const bundleCheck = shape<RegistryBundle>(
  {
    registry: matching(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, "the name of a host, without a scheme and without a port", "e.g. ghcr.io"),
    resource: matching(
      /^[a-z0-9]+([._/-]+[a-z0-9]+)*(:[\w][\w.-]{0,127}|@sha256:[0-9a-f]{64})$/,
      "a repository with a tag or a digest",
      "e.g. acme/policies:1.4.2",
    ),
    token: anything,
    pollSeconds: integer(10, 86_400, "seconds"),
  },
  ["registry", "resource"],
);

/** Folder in memory where the server keeps what it has pulled. */
export const pulled = "/var/opa";
export const tokenSecret = "registry";

/** The folder or the registry, and masks only where they can be laid beside the policies. */
export function sourceFindings(policies: unknown, bundle: RegistryBundle | undefined, masks: readonly string[]): Finding[] {
  if (bundle === undefined && policies === undefined) {
    const rule = "a folder of policies, or a bundle from a registry";
    return [{ path: "policies", value: undefined, rule, fix: "give policies, e.g. stacks/gitguard/policies, or bundle" }];
  }
  if (bundle === undefined) return [];
  return [
    ...(policies === undefined
      ? []
      : [{ path: "bundle", value: bundle.resource, rule: "policies from one place: a folder is given as well", fix: "remove one of the two" }]),
    ...(masks.length === 0
      ? []
      : [
          {
            path: "maskInputs",
            value: masks,
            rule: "masks in the bundle itself when it comes from a registry: it owns all paths",
            fix: "declare them in its package system.log",
          },
        ]),
  ];
}

/** What the server is told of the registry. It persists the bundle, so that a restart of the process needs no registry. */
export const registryConfig = ({ registry, resource, token, pollSeconds = 60 }: RegistryBundle, folder: string) => ({
  services: {
    registry: {
      url: `https://${registry}`,
      type: "oci",
      ...(token === undefined ? {} : { credentials: { bearer: { token_path: `${folder}/registry-token` } } }),
    },
  },
  bundles: {
    policies: {
      service: "registry",
      resource: `${registry}/${resource}`,
      persist: true,
      polling: { min_delay_seconds: pollSeconds, max_delay_seconds: pollSeconds * 2 },
    },
  },
  persistence_directory: pulled,
});

export const registryFiles = ({ token }: RegistryBundle, folder: string): FileSpec[] =>
  token === undefined ? [] : [{ path: `${folder}/registry-token`, content: text`${secretRef(tokenSecret)}` }];

export const registryEgress = ({ registry }: RegistryBundle): EgressRule[] => [{ host: registry, port: 443 }];
