import type { SystemSpec } from "../../../src/core/system.ts";
import type { GatewayModel, Route } from "../model.ts";
import { zoneOf } from "./certificate.ts";
import { publicHosts } from "./hosts.ts";
import { headerRule, isSent } from "./listener.ts";
import { silenceOf } from "./problems.ts";
import { seenBytes } from "./waf-rules.ts";

/** What is honoured in another way than elsewhere, where this gateway asks for it, or is left to whoever operates it. */
export function gatewayWarnings({ name, model }: SystemSpec): string[] {
  const gateway = model as GatewayModel;
  const silence = silenceOf(gateway);
  /** One line for the routes that it is about; none when there are none. Pages of administration are on AWS alone: nothing differs. */
  const about = (concerned: (route: Route) => boolean, what: string) => {
    const names = gateway.routes.filter(concerned).map((route) => route.name);
    return names.length > 0 ? [`route${names.length > 1 ? "s" : ""} ${names.join(", ")}: ${what}`] : [];
  };
  return [
    "nothing checks it in verify: it is reached from outside alone",
    ...(zoneOf(gateway) || gateway.certificate === "development"
      ? []
      : [`a certificate is given: the names ${publicHosts(gateway).join(", ")} must lead to the load balancer of ${name}`]),
    `a body that does not tell its length (chunked) may have ${seenBytes / 1024} KiB, whatever maxBodyMiB says; a larger one gets 413`,
    ...(gateway.gzip ? ["gzip: nothing is compressed; the services do it, and gzip: false says so"] : []),
    ...Object.entries(gateway.headers).flatMap(([header, value]) =>
      headerRule(header, value) === undefined && !isSent(header)
        ? [`securityHeaders: ${header} is not sent; browsers do by themselves what it says`]
        : [],
    ),
    ...about(({ retries }) => retries > 0, "nothing is tried again; retries: 0 says so"),
    ...about(({ timeoutSeconds }) => timeoutSeconds < silence, `a silence may last ${silence} seconds, the longest of all routes`),
    ...about(({ stripPrefix }) => stripPrefix, "no X-Forwarded-Prefix tells which path was taken off"),
    ...about(({ websocket }) => !websocket, "connections may become websockets, as on every route of a load balancer"),
    ...about(({ rateLimit }) => rateLimit !== undefined, "the limit of rate is counted over a minute or more, not from second to second"),
  ];
}
