import * as pulumi from "@pulumi/pulumi";
import type { Connection, External } from "../../src/core/connection.ts";
import type { Observed } from "../../src/core/observed.ts";
import type { Overrides } from "../../src/core/overrides.ts";
import type { Platform } from "../../src/core/platform.ts";
import type { AdminRouteArgs, AuthArgs } from "./admin.ts";
import type { GatewayAwsArgs } from "./aws-args.ts";
import type { GatewayModel } from "./model.ts";
import type { RouteArgs } from "./routes.ts";
import { gatewayRules, gatewaySpec } from "./spec.ts";
import type { HstsArgs, TlsArgs } from "./tls-args.ts";

/** What a ServiceMeshGateway takes. */
export interface ServiceMeshGatewayArgs {
  /** The ground it is made on: the one that the topology gets. */
  readonly platform: Platform;
  /**
   * Interface of a cluster that it is written in; Kubernetes only. `gateway-api`: Gateway and HTTPRoute, which every class of
   * gateways reads. `istio`: Gateway and VirtualService of Istio, with pods of the stack's own. docs/gateway.md has what each
   * of them makes of every argument.
   * @default "gateway-api"
   * @change replace; the gateway gets another address
   */
  readonly api?: "gateway-api" | "istio";
  /**
   * Host names that it answers to; all others get 421. With a development certificate also `localhost`, `127.0.0.1` and the
   * component's own name. AWS wants names of the public name system, so the default is refused there.
   * @default ["localhost"]
   * @change restart; with another development certificate; on AWS safe, with another certificate of ACM
   */
  readonly hosts?: readonly string[];
  /**
   * Where requests go, by name. The longest path wins; a route for one host wins over one for all.
   * @change restart; on AWS safe, and a service that comes behind the gateway, or leaves it, is deployed anew
   */
  readonly routes: Readonly<Record<string, RouteArgs>>;
  /**
   * Certificate and versions of TLS.
   * @default TLS 1.2 and 1.3 with a development certificate, which AWS does not have: there a certificate must be given or
   * issued
   * @change restart; on AWS safe
   */
  readonly tls?: TlsArgs;
  /**
   * Tells browsers to come by HTTPS only (Strict-Transport-Security), for all ports of the host name; `false` tells nothing.
   * Browsers remember it: taking it back takes as long as it was said to last.
   * @default a year with a certificate that is given; none with a development certificate, as it would cover everything else
   * on localhost
   * @change restart; on AWS safe
   */
  readonly hsts?: HstsArgs | false;
  /**
   * Headers that every answer gets, by name; `false` takes one of the usual ones away. A load balancer of AWS sets HSTS,
   * Content-Security-Policy, X-Content-Type-Options and X-Frame-Options; another one is refused there, and the usual
   * Referrer-Policy is not sent.
   * @default X-Content-Type-Options: nosniff, Referrer-Policy: strict-origin-when-cross-origin, Content-Security-Policy:
   * frame-ancestors 'self'
   * @change restart; on AWS safe
   */
  readonly securityHeaders?: Readonly<Record<string, string | false>>;
  /**
   * Compresses text for clients that take it. A load balancer of AWS compresses nothing, with a warning; true is refused there
   * when it is written down.
   * @default true
   * @change restart
   */
  readonly gzip?: boolean;
  /**
   * Gateways that share the work. Docker has one: a port of the machine cannot be shared. On AWS it is refused: a load
   * balancer grows by itself.
   * @default 1
   * @unit gateways
   * @change safe; where there may be several
   */
  readonly replicas?: number;
  /**
   * Memory in MiB; bodies of requests that wait for their upstream are in it. On AWS it is refused: a load balancer has none
   * to size.
   * @default by profile: 256 (dev), 512 (staging), 1024 (prod)
   * @change restart
   */
  readonly memoryMiB?: number;
  /**
   * CPUs, with one worker for each one begun. On AWS it is refused: a load balancer has none to size.
   * @default by profile: 0.5 (dev, staging), 1 (prod)
   * @unit CPUs
   * @change restart
   */
  readonly cpus?: number;
  /**
   * Pages for those who run the system, by name, e.g. `{ temporal: { to: temporal.ui } }`: served only to who has logged in
   * (`auth`). Without a login they are not served, and a warning says so; only AWS has one. None takes a host and a path that
   * a route has.
   * @default none
   * @change safe; a service that comes behind the gateway is deployed anew
   */
  readonly adminRoutes?: Readonly<Record<string, AdminRouteArgs>>;
  /**
   * Who says who somebody is; AWS only.
   * @default nobody: adminRoutes are not served
   * @change safe; everybody logs in again
   */
  readonly auth?: AuthArgs;
  /**
   * What only the load balancer of AWS, and the firewall before it, have.
   * @default as each of them says
   * @change safe
   */
  readonly aws?: GatewayAwsArgs;
  /**
   * Inputs of single resources of it, target by target, laid over everything else: docs/overrides.md.
   * @default none
   * @change each
   */
  readonly overrides?: Overrides;
}

/** Where the gateway is reached from the developer's machine, by the first of its hosts. */
export interface ExternalUrl extends External {
  /** Address in a browser, e.g. `https://localhost:8443`. */
  readonly url: string;
}

/** The way in from outside: TLS, routes by host and path, weighted versions, limits, and the headers that browsers need. */
export class ServiceMeshGateway extends pulumi.ComponentResource {
  /** How other components reach it, by HTTPS. */
  readonly connection: Connection;
  /** Its first host from outside, e.g. `https://localhost:8443`; undefined where the target publishes nothing on this machine. */
  readonly external: ExternalUrl | undefined;
  /** Authority that clients must trust, in PEM; undefined when a certificate is given without one. */
  readonly ca: pulumi.Output<string> | undefined;
  /** What whoever watches it may ask. */
  readonly observed: Observed;

  constructor(name: string, args: ServiceMeshGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    const settled = args.platform.settle(name, args, gatewayRules, ["routes"]);
    const declared = gatewaySpec(name, settled);
    const spec = args.platform.shape(declared);
    super("groundplan:index:ServiceMeshGateway", name, spec.digest, args.platform.overriding(name, settled, opts));
    const { connections } = args.platform.realise(this, spec);
    this.connection = connections.default as Connection;
    this.external = externalUrl(declared.model.hosts[0] ?? "localhost", this.connection.external);
    this.ca = this.connection.ca;
    const { replicas } = spec.digest;
    const from = connections.status as Connection;
    this.observed = {
      kind: spec.kind,
      name,
      replicas,
      ...figuresOf(spec.model as GatewayModel, from),
      facts: { routes: declared.model.routes.map((route) => route.name) },
    };
    const summary = { ...this.connection.summary, ...(this.external ? { external: this.external.address } : {}) };
    this.registerOutputs({ ...spec.digest, connections: { default: summary } });
  }
}

/** Who is asked for figures: nginx has none of its own that Prometheus reads, Envoy has. */
function figuresOf({ server }: GatewayModel, from: Connection): Pick<Observed, "metrics" | "exporter" | "grows"> {
  if (server === "unknown") return {};
  if (server === "nginx") return { exporter: { kind: "nginx", from } };
  // Looked up one by one, also when there is one: the Service that clients use has the ports of the listeners alone.
  return { metrics: { from, path: from.summary.path ?? "/" }, grows: true };
}

function externalUrl(host: string, external: External | undefined): ExternalUrl | undefined {
  if (!external) return undefined;
  const address = `${host}:${external.port}`;
  // As in any URL, the port that the scheme implies is not written.
  return { host, port: external.port, address, url: `https://${external.port === 443 ? host : address}` };
}
