import type * as pulumi from "@pulumi/pulumi";
import { CertRequest } from "@pulumi/tls/certRequest.js";
import { LocallySignedCert } from "@pulumi/tls/locallySignedCert.js";
import { PrivateKey } from "@pulumi/tls/privateKey.js";
import { Provider } from "@pulumi/tls/provider.js";
import { SelfSignedCert } from "@pulumi/tls/selfSignedCert.js";
import { quietly } from "../../../src/core/quietly.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";

const hoursPerYear = 8760;
/** The authority is never renewed by itself: nodes with an old and a new one would not know each other. */
const authorityYears = 20;
/** Renewed by an `up` in the last of these years; the nodes then restart one after another. */
const nodeYears = 5;

export interface RouteCertificates {
  readonly ca: pulumi.Output<string>;
  readonly nodes: Readonly<Record<string, { readonly certificate: pulumi.Output<string>; readonly key: pulumi.Output<string> }>>;
}

/** An authority of the cluster's own, and a certificate for each node that shows it at both ends of a route. */
export function routeCertificates(
  context: AwsContext,
  parent: pulumi.Resource,
  name: string,
  nodes: readonly string[],
  domain: string,
): RouteCertificates {
  const provider = context.once("tls-provider", () => new Provider("tls", {}, { parent: context.platform }));
  const options = { parent, provider };
  const key = (of: string) => quietly(() => new PrivateKey(`${of}-key`, { algorithm: "ECDSA", ecdsaCurve: "P256" }, options)).privateKeyPem;
  const authorityKey = key(`${name}-route-ca`);
  const authority = quietly(
    () =>
      new SelfSignedCert(
        `${name}-route-ca`,
        {
          privateKeyPem: authorityKey,
          isCaCertificate: true,
          subject: { commonName: `${context.prefix} ${name} routes` },
          allowedUses: ["cert_signing", "crl_signing"],
          validityPeriodHours: authorityYears * hoursPerYear,
        },
        options,
      ),
  );
  const certificate = (node: string) => {
    const nodeKey = key(`${node}-route`);
    const dnsNames = [`${node}.${domain}`];
    const request = quietly(() => new CertRequest(`${node}-route`, { privateKeyPem: nodeKey, subject: { commonName: node }, dnsNames }, options));
    const signed = quietly(
      () =>
        new LocallySignedCert(
          `${node}-route`,
          {
            certRequestPem: request.certRequestPem,
            caPrivateKeyPem: authorityKey,
            caCertPem: authority.certPem,
            allowedUses: ["digital_signature", "server_auth", "client_auth"],
            validityPeriodHours: nodeYears * hoursPerYear,
            earlyRenewalHours: hoursPerYear,
          },
          options,
        ),
    );
    return { certificate: signed.certPem, key: nodeKey };
  };
  return { ca: authority.certPem, nodes: Object.fromEntries(nodes.map((node) => [node, certificate(node)])) };
}
