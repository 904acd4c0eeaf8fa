import { Certificate } from "@pulumi/aws/acm/certificate.js";
import { CertificateValidation } from "@pulumi/aws/acm/certificateValidation.js";
import { Record as DnsRecord } from "@pulumi/aws/route53/record.js";
import * as pulumi from "@pulumi/pulumi";
import type { Secrets } from "../../../src/core/text.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import type { GatewayModel } from "../model.ts";
import { publicHosts } from "./hosts.ts";

/** ARN of the certificate, once it may be shown. */
export function certificateArn(context: AwsContext, parent: pulumi.Resource, component: string, model: GatewayModel, secrets: Secrets) {
  const zone = zoneOf(model);
  return zone === undefined ? imported(context, parent, component, secrets) : issued(context, parent, component, publicHosts(model), zone);
}

/** Zone of Route 53 in which hosts are proved, and get their addresses; undefined for a certificate that is given. */
export const zoneOf = ({ certificate }: Pick<GatewayModel, "certificate">): string | undefined =>
  typeof certificate === "object" && "acm" in certificate.issuer ? certificate.issuer.acm.hostedZone : undefined;

/** The certificate of the file, then those between it and its authority: ACM takes them apart. */
export function parted(pem: string): { readonly own: string; readonly chain: string | undefined } {
  const [own = "", ...chain] = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----\n?/g) ?? [pem];
  return { own, chain: chain.length > 0 ? chain.join("") : undefined };
}

function imported(context: AwsContext, parent: pulumi.Resource, component: string, { certificate, key }: Secrets): pulumi.Output<string> {
  if (!certificate || !key) throw new Error(`${component}: a certificate without its key`);
  // The certificate is shown to everybody who comes.
  const parts = pulumi.unsecret(certificate).apply(parted);
  const made = new Certificate(
    `${component}-certificate`,
    {
      certificateBody: parts.own,
      certificateChain: parts.chain as pulumi.Output<string>,
      privateKey: pulumi.secret(key),
      tags: context.tags(component, "access", `${component}-certificate`),
    },
    context.place(parent),
  );
  return made.arn;
}

/** One record proves each host. Which hosts there are is plain, so are the records; what stands in them ACM says. */
function issued(context: AwsContext, parent: pulumi.Resource, component: string, hosts: readonly string[], zoneId: string): pulumi.Output<string> {
  const [domainName = "", ...others] = hosts;
  const made = new Certificate(
    `${component}-certificate`,
    {
      domainName,
      subjectAlternativeNames: others,
      validationMethod: "DNS",
      keyAlgorithm: "EC_prime256v1",
      tags: context.tags(component, "access", `${component}-certificate`),
    },
    context.place(parent),
  );
  const records = hosts.map((host) => {
    const proof = made.domainValidationOptions.apply((options) => options.find(({ domainName: name }) => name === host) ?? noProof(host));
    return new DnsRecord(
      `${component}-${host}-proof`,
      {
        zoneId,
        name: proof.resourceRecordName,
        type: proof.resourceRecordType,
        records: [proof.resourceRecordValue],
        ttl: 300,
        // The same for every certificate that this account has for the host: another stack may have written it.
        allowOverwrite: true,
      },
      context.place(parent),
    );
  });
  const validation = new CertificateValidation(
    `${component}-certificate-proved`,
    { certificateArn: made.arn, validationRecordFqdns: records.map(({ fqdn }) => fqdn) },
    context.place(parent, { customTimeouts: { create: "60m" } }),
  );
  return validation.certificateArn;
}

function noProof(host: string): never {
  throw new Error(`ACM says no record that proves ${host}`);
}

/** Each host leads to the load balancer. */
export const addressRecords = (
  context: AwsContext,
  parent: pulumi.Resource,
  component: string,
  model: GatewayModel,
  balancer: { readonly dnsName: pulumi.Output<string>; readonly zoneId: pulumi.Output<string> },
): pulumi.Resource[] => {
  const zoneId = zoneOf(model);
  if (zoneId === undefined) return [];
  return publicHosts(model).map(
    (name) =>
      new DnsRecord(
        `${component}-${name}-address`,
        { zoneId, name, type: "A", aliases: [{ name: balancer.dnsName, zoneId: balancer.zoneId, evaluateTargetHealth: true }] },
        context.place(parent, { deleteBeforeReplace: true }),
      ),
  );
};
