import type { Ask } from "../../src/core/system.ts";
import type { ServiceMeshGatewayArgs } from "./service-mesh-gateway.ts";
import { isIssued } from "./tls-args.ts";

/** What not every target has. */
export const targetAsks = ({ api, tls, auth, aws }: Partial<ServiceMeshGatewayArgs>): Ask[] => [
  ...(api === undefined ? [] : [{ capability: "gatewayInterface" as const, path: "api", value: api }]),
  ...(tls?.certificate !== undefined && isIssued(tls.certificate)
    ? [
        {
          capability: "acm" in tls.certificate.issuer ? ("acmIssuer" as const) : ("issuers" as const),
          path: "tls.certificate.issuer",
          value: tls.certificate.issuer,
        },
      ]
    : []),
  // Not the value: it may hold a secret.
  ...(auth === undefined ? [] : [{ capability: "login" as const, path: "auth", value: Object.keys(auth) }]),
  ...(aws === undefined ? [] : [{ capability: "gatewayAws" as const, path: "aws", value: aws }]),
];
