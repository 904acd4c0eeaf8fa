import type { CredentialSpec } from "../../src/core/credentials.ts";
import type { Problem } from "../../src/core/problems.ts";
import type { Profile } from "../../src/core/profile.ts";
import { isIssued, type TlsArgs } from "./tls-args.ts";

/** Secrets of the system that hold certificate, key and authority; none for a certificate that is issued elsewhere. */
export function certificateSecrets(
  name: string,
  certificate: NonNullable<TlsArgs["certificate"]>,
  names: readonly string[],
): Record<string, CredentialSpec> {
  const use = (part: string) => `${part} of ${name}`;
  if (certificate === "development") {
    const parts = ["certificate", "key", "ca"] as const;
    return Object.fromEntries(parts.map((part) => [part, { use: use(part), certificate: { names, part } }]));
  }
  if (isIssued(certificate)) return {};
  return Object.fromEntries(Object.entries(certificate).flatMap(([part, given]) => (given === undefined ? [] : [[part, { use: use(part), given }]])));
}

export function developmentProblems(component: string, profile: Profile, tls: TlsArgs): Problem[] {
  // Somebody who writes it down means it; nobody gets it in prod by leaving it out.
  if (profile.allowDevelopmentCertificate || tls.certificate === "development") return [];
  return [
    {
      component,
      path: "tls.certificate",
      value: tls.certificate,
      rule: `a certificate that is given or issued: profile ${profile.name} takes none of a development authority`,
      fix:
        'give tls.certificate: { issuer: { acm: { hostedZone: "Z..." } } } on AWS, an issuer of cert-manager on Kubernetes, or { certificate, ' +
        'key }, the key as a secret of the configuration; where it is not AWS, "development" is taken, too, when it is written down',
    },
  ];
}

/** On the ground that issues it itself. */
export const developmentWarning =
  "its certificate is issued by this project's development authority; clients must trust .groundplan/development-ca/ca.crt";
