import type * as pulumi from "@pulumi/pulumi";
import { filesFolder } from "../../../src/core/parts.ts";
import { resolveText, type Secrets } from "../../../src/core/text.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import type { AwsImage } from "../../../src/platforms/aws/images.ts";
import { internalDomain } from "../../../src/platforms/aws/network-parts.ts";
import { serverConfig } from "../config.ts";
import type { NatsModel } from "../model.ts";
import { routeCertificates } from "./certificates.ts";

/** Everything that a node gets at each start: its configuration, what runs it, and the certificates of its routes. */
export function nodeValues(
  context: AwsContext,
  component: pulumi.Resource,
  name: string,
  model: NatsModel,
  nodes: readonly string[],
  secrets: Secrets,
  image: AwsImage,
): Record<string, pulumi.Input<string>> {
  const domain = internalDomain(context);
  const values: Record<string, pulumi.Input<string>> = {
    "nats.conf": resolveText(serverConfig({ ...model, name, apart: { domain, folder: filesFolder } }), secrets),
    image: image.reference,
    memoryMiB: String(model.memoryMiB),
  };
  if (model.replicas === 1) return values;
  const certificates = routeCertificates(context, component, name, nodes, domain);
  return {
    ...values,
    "route-ca.pem": certificates.ca,
    ...Object.fromEntries(
      Object.entries(certificates.nodes).flatMap(([node, { certificate, key }]) => [
        [`${node}.pem`, certificate],
        [`${node}-key.pem`, key],
      ]),
    ),
  };
}
