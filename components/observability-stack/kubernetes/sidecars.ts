import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type * as pulumi from "@pulumi/pulumi";
import { quietly } from "../../../src/core/quietly.ts";
import type { KubernetesContext } from "../../../src/platforms/kubernetes/context.ts";
import type { Part } from "../../../src/platforms/kubernetes/manifests/names.ts";
import { partsOf, type StackModel } from "../part.ts";
import { sidecarsEgress, sidecarsIngress, sidecarsName, sidecarsService } from "./mesh-figures.ts";

/** Components whose pods are those of this library; a gateway of the mesh is a sidecar without a server, elsewhere. */
export const withSidecars = ({ observes }: Pick<StackModel, "observes">): string[] =>
  observes.filter(({ kind }) => kind !== "ServiceMeshGateway").map(({ name }) => name);

/** The way of Prometheus to the figures of the sidecars. */
export function sidecarFigures(context: KubernetesContext, parent: pulumi.Resource, model: StackModel): void {
  const { place } = context;
  const components = withSidecars(model);
  if (components.length === 0) return;
  const prometheus: Part = { system: model.name, name: partsOf(model.name).prometheus, role: "server" };
  quietly(() => {
    new NetworkPolicy(`${prometheus.name}-to-sidecars`, sidecarsEgress(place, prometheus, components), context.child(parent));
    for (const component of components) {
      new Service(sidecarsName(model.name, component), sidecarsService(place, model.name, component), context.child(parent));
      new NetworkPolicy(`${prometheus.name}-to-sidecars-${component}`, sidecarsIngress(place, prometheus, component), context.child(parent));
    }
  });
}
