import { certificateObjects } from "../../../../../components/service-mesh-gateway/kubernetes/certificates.ts";
import { envoyFilter } from "../../../../../components/service-mesh-gateway/kubernetes/envoy-filter.ts";
import { gateway, nodesService, parameters } from "../../../../../components/service-mesh-gateway/kubernetes/gateway.ts";
import { httpRoutes, redirectRoute } from "../../../../../components/service-mesh-gateway/kubernetes/http-route.ts";
import { entryService, proxyDeployment } from "../../../../../components/service-mesh-gateway/kubernetes/istio-pods.ts";
import { istioGateway, virtualServices } from "../../../../../components/service-mesh-gateway/kubernetes/istio-routes.ts";
import { gatewayProblems } from "../../../../../components/service-mesh-gateway/kubernetes/problems.ts";
import { gatewayClassOf, servedBy } from "../../../../../components/service-mesh-gateway/kubernetes/served-by.ts";
import { gatewayShape } from "../../../../../components/service-mesh-gateway/kubernetes/shape.ts";
import type { GatewayModel } from "../../../../../components/service-mesh-gateway/model.ts";
import type { Problem } from "../../../../../src/core/problems.ts";
import type { StackSettings } from "../../../../../src/core/settings.ts";
import type { SystemSpec } from "../../../../../src/core/system.ts";
import type { Part, Place } from "../../../../../src/platforms/kubernetes/manifests/names.ts";
import type { Manifest } from "../../../../../src/preview/kubernetes.ts";
import { settingsOf, specs } from "../../../../support/settings.ts";
import { connectionTo } from "../../../connections.ts";

export const place: Place = { id: { project: "shop", env: "staging", isolation: "" }, namespace: "shop-staging" };
export const part: Part = { system: "gw", name: "gw", role: "server" };
export const selected = { "io.groundplan.stack": "shop-staging", "io.groundplan.component": "gw", "io.groundplan.part": "gw" };

export const web = connectionTo("web", { scheme: "http" });
export const next = connectionTo("next", { scheme: "http" });

/** Settings of a stack in a cluster. */
export const cluster = (kubernetes: object = { mesh: { mode: "sidecar" } }, profile = "staging"): StackSettings =>
  settingsOf({ target: "kubernetes", profile, kubernetes: { context: "lab", storageClass: "standard", ...kubernetes } });

export interface Made {
  readonly spec: SystemSpec;
  readonly problems: readonly Problem[];
  readonly objects: readonly Manifest[];
}

/** What becomes of a gateway with these arguments, as the ground goes the way. */
export function made(args: object = {}, settings = cluster()): Made {
  const declared = specs.ServiceMeshGateway("gw", { routes: { web: { to: web } }, ...args }, settings);
  if (declared.problems.length > 0) return { spec: declared, problems: declared.problems, objects: [] };
  const spec = gatewayShape(declared, settings);
  const model = spec.model as GatewayModel;
  const problems = gatewayProblems(spec, settings);
  const core = (kind: string, apiVersion: string, manifest: object) => ({ apiVersion, kind, ...manifest });
  const istio = servedBy(settings) === "istio";
  const objects =
    model.api === "istio"
      ? [
          istioGateway(place, part, model),
          ...virtualServices(place, part, model),
          envoyFilter(place, part, model),
          core("Deployment", "apps/v1", proxyDeployment(place, part, model)),
          core("Service", "v1", entryService(place, part)),
        ]
      : [
          gateway(place, part, gatewayClassOf(settings) ?? ""),
          redirectRoute(place, part, model),
          ...httpRoutes(place, part, model, istio),
          ...(istio ? [envoyFilter(place, part, model), core("ConfigMap", "v1", parameters(place, part, model))] : []),
        ];
  const all = [...objects, ...certificateObjects(place, part, model), core("Service", "v1", nodesService(place, part))];
  return { spec, problems, objects: all as unknown as Manifest[] };
}

// biome-ignore lint/suspicious/noExplicitAny: tests reach into objects of many kinds
export type Loose = any;

/** The one object of a kind, or the one with that name among several. */
export function one({ objects }: Made, kind: string, name?: string): Loose {
  const found = objects.filter((object) => object.kind === kind && (name === undefined || object.metadata.name === name));
  if (found.length !== 1) throw new Error(`${found.length} objects of kind ${kind}${name ? ` named ${name}` : ""}`);
  return found[0];
}

/** What the filter of Envoy puts into a route. */
export const patched = (all: Made, route: string): Loose =>
  one(all, "EnvoyFilter").spec.configPatches.find((patch: Loose) => patch.match.routeConfiguration?.vhost.route.name === `gw-${route}`)?.patch.value;

/** Names of the filters that it puts in front of the router. */
export const inserted = (all: Made): string[] =>
  one(all, "EnvoyFilter")
    .spec.configPatches.filter(({ applyTo }: Loose) => applyTo === "HTTP_FILTER")
    .map(({ patch }: Loose) => patch.value.name);
