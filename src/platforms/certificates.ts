import type * as pulumi from "@pulumi/pulumi";
import { CertRequest } from "@pulumi/tls/certRequest.js";
import { LocallySignedCert } from "@pulumi/tls/locallySignedCert.js";
import { PrivateKey } from "@pulumi/tls/privateKey.js";
import { SelfSignedCert } from "@pulumi/tls/selfSignedCert.js";
import { quietly } from "../core/quietly.ts";

const hoursPerYear = 8760;
/** The authority is never renewed by itself: members with an old and a new one would not know each other. */
const authorityYears = 20;
/** Renewed by an `up` in the last of these years; the members then restart one after another. */
const memberYears = 5;

export interface AuthorityArgs {
  readonly parent: pulumi.Resource;
  readonly provider: pulumi.ProviderResource;
  /** Name of its resource; its key is `<name>-key`. */
  readonly name: string;
  readonly commonName: string;
  /** What it signs, by the name of the resource. */
  readonly certificates: Readonly<Record<string, { readonly commonName: string; readonly dnsNames: readonly string[] }>>;
}

export interface Certificates {
  readonly ca: pulumi.Output<string>;
  /** By the name of the resource, in PEM. */
  readonly issued: Readonly<Record<string, { readonly certificate: pulumi.Output<string>; readonly key: pulumi.Output<string> }>>;
}

/** An authority of one system's own, and certificates that its members show at both ends of a connection among them. */
export function certificateAuthority({ parent, provider, name, commonName, certificates }: AuthorityArgs): Certificates {
  const options = { parent, provider };
  const key = (of: string) => quietly(() => new PrivateKey(`${of}-key`, { algorithm: "ECDSA", ecdsaCurve: "P256" }, options)).privateKeyPem;
  const authorityKey = key(name);
  const authority = quietly(
    () =>
      new SelfSignedCert(
        name,
        {
          privateKeyPem: authorityKey,
          isCaCertificate: true,
          subject: { commonName },
          allowedUses: ["cert_signing", "crl_signing"],
          validityPeriodHours: authorityYears * hoursPerYear,
        },
        options,
      ),
  );
  const issue = (of: string, member: AuthorityArgs["certificates"][string]) => {
    const memberKey = key(of);
    const asked = { privateKeyPem: memberKey, subject: { commonName: member.commonName }, dnsNames: [...member.dnsNames] };
    const request = quietly(() => new CertRequest(of, asked, options));
    const signed = quietly(
      () =>
        new LocallySignedCert(
          of,
          {
            certRequestPem: request.certRequestPem,
            caPrivateKeyPem: authorityKey,
            caCertPem: authority.certPem,
            allowedUses: ["digital_signature", "server_auth", "client_auth"],
            validityPeriodHours: memberYears * hoursPerYear,
            earlyRenewalHours: hoursPerYear,
          },
          options,
        ),
    );
    return { certificate: signed.certPem, key: memberKey };
  };
  return { ca: authority.certPem, issued: Object.fromEntries(Object.entries(certificates).map(([of, member]) => [of, issue(of, member)])) };
}
