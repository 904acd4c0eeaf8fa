import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Ready } from "../../../src/core/connection.ts";
import { quietly } from "../../../src/core/quietly.ts";
import { allReady } from "../../../src/core/realise.ts";
import type { KubernetesContext } from "../../../src/platforms/kubernetes/context.ts";
import { type CustomManifest, customObject } from "../../../src/platforms/kubernetes/custom-object.ts";
import { disruptionBudget } from "../../../src/platforms/kubernetes/manifests/disruption-budget.ts";
import type { Part } from "../../../src/platforms/kubernetes/manifests/names.ts";
import { serviceAccount } from "../../../src/platforms/kubernetes/manifests/service-account.ts";
import type { GatewayModel } from "../model.ts";
import { certificateObjects } from "./certificates.ts";
import { envoyFilter } from "./envoy-filter.ts";
import { gateway, parameters } from "./gateway.ts";
import { httpRoutes, redirectRoute } from "./http-route.ts";
import { entryService, proxyDeployment } from "./istio-pods.ts";
import { istioGateway, virtualServices } from "./istio-routes.ts";
import { gatewayClassOf, servedBy } from "./served-by.ts";

export const nameOf = ({ metadata }: { readonly metadata?: unknown }) => String((metadata as { readonly name?: unknown } | undefined)?.name);

/** Makes objects of other groups under their own names, once the mesh that reads them is there. */
export const objectsIn =
  (context: KubernetesContext, component: pulumi.Resource) =>
  (manifest: CustomManifest, after: readonly Ready[] = []): Ready => [
    customObject(nameOf(manifest), manifest, context.child(component, [context.beforePods, ...after])),
  ];

/** Gateway and routes of Gateway API. */
export function gatewayApi(context: KubernetesContext, component: pulumi.Resource, part: Part, model: GatewayModel, before: readonly Ready[]): Ready {
  const { place, settings } = context;
  const make = objectsIn(context, component);
  const istio = servedBy(settings) === "istio";
  const overlay = parameters(place, part, model);
  const laid = istio ? [ready(() => new ConfigMap(nameOf(overlay), overlay, context.child(component)))] : [];
  const entry = make(gateway(place, part, gatewayClassOf(settings) ?? ""), [...before, ...laid]);
  // After the gateway: an authority of ACME asks through it.
  const certificates = inTurn(certificateObjects(place, part, model), make, entry);
  const routes = [redirectRoute(place, part, model), ...httpRoutes(place, part, model, istio)].map((route) => make(route, [entry, ...before]));
  const filters = istio ? [make(envoyFilter(place, part, model), [entry])] : [];
  return allReady([entry, certificates, ...routes, ...filters]);
}

/** Gateway and routes of Istio, on pods of the stack's own, which read their certificate as files: it must be there before. */
export function istioApi(context: KubernetesContext, component: pulumi.Resource, part: Part, model: GatewayModel, before: readonly Ready[]): Ready {
  const { place, cluster } = context;
  const { name } = part;
  const make = objectsIn(context, component);
  const certificates = inTurn(certificateObjects(place, part, model), make, allReady([...before]));
  const rules = [
    make(istioGateway(place, part, model), before),
    ...virtualServices(place, part, model, cluster.clusterDomain).map((routes) => make(routes, before)),
    make(envoyFilter(place, part, model), before),
  ];
  const beside = [
    ready(() => new ServiceAccount(name, serviceAccount(place, part), context.child(component))),
    ready(() => new Service(name, entryService(place, part), context.child(component))),
    ...(model.replicas > 1
      ? [ready(() => new PodDisruptionBudget(name, disruptionBudget(place, part, { identity: "any" }), context.child(component)))]
      : []),
  ];
  const pods = ready(
    () =>
      new Deployment(name, proxyDeployment(place, part, model), context.child(component, [context.beforePods, certificates, ...rules, ...beside])),
  );
  return allReady([pods, ...rules, ...beside]);
}

const inTurn = (objects: readonly CustomManifest[], make: ReturnType<typeof objectsIn>, first: Ready): Ready =>
  objects.reduce((after, object) => make(object, [after]), first);

export const ready = (make: () => pulumi.Resource): Ready => [quietly(make)];
