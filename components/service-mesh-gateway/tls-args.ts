import type { Input } from "@pulumi/pulumi";
import { type Check, either, type Finding, flag, inputOf, integer, isRecord, matching, oneOf, type Rules, shape } from "../../src/core/checks.ts";

/** A certificate from outside. */
export interface GivenCertificate {
  /** The certificate, followed by those between it and its authority, in PEM. */
  readonly certificate: Input<string>;
  /** Its private key in PEM, without a passphrase. Secret: pass a secret of the configuration. */
  readonly key: Input<string>;
  /** Authority that clients must trust, in PEM, when it is none that everybody knows. @default none */
  readonly ca?: Input<string>;
}

/** An authority that issues by ACME and asks for a file on port 80 of each host (HTTP-01). */
export interface AcmeIssuer {
  /** Where the authority writes to, e.g. when a certificate was not renewed. */
  readonly email: string;
  /** Its directory. @default https://acme-v02.api.letsencrypt.org/directory, Let's Encrypt */
  readonly server?: string;
}

/** An issuer of cert-manager that the cluster has already. */
export interface NamedIssuer {
  /** Name of an issuer that cert-manager has. */
  readonly name: string;
  /** `Issuer`: one in the namespace of the stack. @default "ClusterIssuer" */
  readonly kind?: "ClusterIssuer" | "Issuer";
}

/** Certificate Manager of AWS, which proves the hosts by records of a zone of Route 53. */
export interface AcmIssuer {
  /**
   * Id of the public zone that the hosts belong to, e.g. `Z0123456789ABCDEFGHIJ`. The gateway's addresses are written into it,
   * too.
   * @change safe; with another certificate
   */
  readonly hostedZone: string;
}

/** A certificate that somebody gets and renews: cert-manager on Kubernetes (`acme`, or an issuer by name), ACM on AWS (`acm`). */
export interface IssuedCertificate {
  /** Who issues and renews it: `acme` and names of cert-manager on Kubernetes, `acm` on AWS. */
  readonly issuer:
    | {
        /** An authority of the internet that speaks ACME; Kubernetes. */
        readonly acme: AcmeIssuer;
      }
    | {
        /** ACM, which AWS has. */
        readonly acm: AcmIssuer;
      }
    | NamedIssuer;
}

/** Certificate and versions of TLS. */
export interface TlsArgs {
  /**
   * `development`: on Docker issued by an authority of the project's own, in `.groundplan/development-ca`, and renewed by
   * `up`; on Kubernetes by one that cert-manager makes in the namespace; AWS has no such authority. Profile prod wants one
   * that is given or issued, or this one written down.
   * @default "development"; none on AWS, where it must be said
   * @change restart; on Kubernetes and AWS safe
   */
  readonly certificate?: "development" | GivenCertificate | IssuedCertificate;
  /**
   * Oldest version of TLS that is spoken.
   * @default "1.2"
   * @change restart; on AWS safe, another policy of the listener
   */
  readonly minVersion?: "1.2" | "1.3";
}

/** What browsers are told about HTTPS (Strict-Transport-Security). */
export interface HstsArgs {
  /** Seconds that browsers remember it. */
  readonly maxAgeSeconds: number;
  /** For all names below the hosts, too. @default false */
  readonly includeSubdomains?: boolean;
  /** Allows browsers to ship with it; a year and subdomains are the condition. @default false */
  readonly preload?: boolean;
}

/** The value is never told: it may be a key, in whatever form. */
const pem =
  (what: string, label: RegExp): Check =>
  (value, at) =>
    typeof value === "string" && label.test(value)
      ? []
      : [{ path: at, value: "[hidden]", rule: `${what} in PEM`, fix: "give the text that begins with -----BEGIN" }];

const certificates = pem("a certificate", /^-----BEGIN CERTIFICATE-----\n[\s\S]+-----END CERTIFICATE-----\s*$/);
const given: Rules<GivenCertificate> = {
  certificate: inputOf(certificates),
  key: inputOf(
    pem("a private key without a passphrase", /^-----BEGIN (?:RSA |EC )?PRIVATE KEY-----\n[\s\S]+-----END (?:RSA |EC )?PRIVATE KEY-----\s*$/),
  ),
  ca: inputOf(certificates),
};

const issuer = either(
  shape<{ readonly acme: AcmeIssuer }>(
    {
      acme: shape<AcmeIssuer>(
        {
          email: matching(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, "an address of mail", "e.g. ops@example.com"),
          server: matching(/^https:\/\/\S+$/, "the directory of an authority, by HTTPS", "e.g. https://acme-v02.api.letsencrypt.org/directory"),
        },
        ["email"],
      ),
    },
    ["acme"],
  ),
  shape<{ readonly acm: AcmIssuer }>(
    {
      acm: shape<AcmIssuer>(
        { hostedZone: matching(/^Z[A-Z0-9]{1,31}$/, "the id of a zone of Route 53", "aws route53 list-hosted-zones shows it after /hostedzone/") },
        ["hostedZone"],
      ),
    },
    ["acm"],
  ),
  shape<NamedIssuer>(
    {
      name: matching(/^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/, "the name of an issuer of cert-manager", "kubectl get clusterissuer lists them"),
      kind: oneOf(["ClusterIssuer", "Issuer"]),
    },
    ["name"],
  ),
);

export const isIssued = (certificate: NonNullable<TlsArgs["certificate"]>): certificate is IssuedCertificate =>
  typeof certificate === "object" && "issuer" in certificate;

const certificate: Check = (value, at) => {
  if (value === "development") return [];
  if (isRecord(value) && "issuer" in value) return shape<IssuedCertificate>({ issuer }, ["issuer"])(value, at);
  if (isRecord(value)) return shape(given, ["certificate", "key"])(value, at);
  const rule = '"development", a certificate with its key, or an issuer';
  return [
    { path: at, value: typeof value === "string" && value.length > 20 ? "[hidden]" : value, rule, fix: "give { certificate, key }, both in PEM" },
  ];
};

export const tlsRules: Rules<TlsArgs> = { certificate, minVersion: oneOf(["1.2", "1.3"]) };
export const tlsCheck: Check = shape(tlsRules);

const year = 31_536_000;

export const hstsRules: Rules<HstsArgs> = { maxAgeSeconds: integer(0, 10 * year, "seconds"), includeSubdomains: flag, preload: flag };
const hstsShape = shape(hstsRules, ["maxAgeSeconds"]);

export const hstsCheck: Check = (value, at) => {
  if (value === false) return [];
  const wrong = hstsShape(value, at);
  return wrong.length > 0 ? wrong : preloadFindings(value as HstsArgs, at);
};

/** What the lists that browsers ship with ask for. */
function preloadFindings({ maxAgeSeconds, includeSubdomains = false, preload = false }: HstsArgs, at: string): Finding[] {
  if (!preload || (includeSubdomains && maxAgeSeconds >= year)) return [];
  const rule = `only with includeSubdomains and at least ${year} seconds`;
  return [{ path: `${at}.preload`, value: preload, rule, fix: "remove it, or set both" }];
}

/** A year where a certificate is given; nothing with one for development, unless it is asked for. */
export function hstsOf(hsts: HstsArgs | false | undefined, development: boolean): HstsArgs | undefined {
  if (hsts === false) return undefined;
  return hsts ?? (development ? undefined : { maxAgeSeconds: year });
}
