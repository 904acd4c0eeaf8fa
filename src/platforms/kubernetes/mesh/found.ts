import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { ResourceQuota } from "@pulumi/kubernetes/core/v1/resourceQuota.js";
import { Release } from "@pulumi/kubernetes/helm/v3/release.js";
import { Chart } from "@pulumi/kubernetes/helm/v4/chart.js";
import * as pulumi from "@pulumi/pulumi";
import type { AheadSpec } from "../../../core/platform.ts";
import { quietly } from "../../../core/quietly.ts";
import type { KubernetesContext } from "../context.ts";
import { customObject } from "../custom-object.ts";
import { systemNamespace } from "../manifests/namespace.ts";
import { podQuota } from "../manifests/resource-quota.ts";
import { gatewayApi, meshNamespaces, meshReleases, tracingProviders } from "./install.ts";
import { denyAll } from "./manifests/authorization-policy.ts";
import { sidecar, telemetry } from "./manifests/namespace-wide.ts";
import { strict } from "./manifests/peer-authentication.ts";
import type { Mesh } from "./mesh.ts";

/** Minutes that images of a control plane and their webhooks may take. */
const releaseSeconds = 600;

/** Installs the mesh where that is asked for, and closes the namespace before anything starts in it. */
export function foundMesh(context: KubernetesContext, mesh: Mesh, collector: Promise<AheadSpec | undefined>): void {
  const { place, platform } = context;
  const installed = mesh.install ? installMesh(context, mesh, collector) : [];
  const options = context.child(platform, [[...installed]]);
  const rules = [
    customObject("mesh-strict", strict(place), options),
    customObject("mesh-default-deny", denyAll(place), options),
    customObject("mesh-sidecar", sidecar(place, mesh), options),
    customObject("mesh-telemetry", telemetry(place, mesh), options),
  ];
  context.holdPodsFor([...installed, ...rules]);
}

/** Each after the one before it, and all that is in it ready: a webhook that does not answer yet lets pods in without a proxy. */
function installMesh(context: KubernetesContext, mesh: Mesh, collector: Promise<AheadSpec | undefined>): readonly pulumi.Resource[] {
  const { place, platform } = context;
  return quietly(() => {
    const after = (...resources: readonly pulumi.Resource[]) => ({ ...context.child(platform), dependsOn: [...resources] });
    const namespaces = meshNamespaces(mesh).flatMap(({ name, pods, privilegedBecause }) => {
      const made = new Namespace(`mesh-${name}`, systemNamespace(place, name, { privilegedBecause }), after());
      return [made, new ResourceQuota(`mesh-${name}-pods`, podQuota(place, name, pods), after(made))];
    });
    const definitions = new Chart(
      "mesh-gateway-api",
      gatewayApi(mesh),
      // With the definitions every gateway and route of the cluster would go: whatever takes the stack down leaves them.
      { ...after(...namespaces), retainOnDelete: true },
    );
    // Who collects is known when the topology is told; nothing of the mesh needs to know it before.
    const providers = pulumi.output(collector).apply((part) => tracingProviders(mesh, place, part));
    const made: pulumi.Resource[] = [...namespaces, definitions];
    for (const { name, ...chart } of meshReleases(mesh, providers)) {
      made.push(new Release(`mesh-${name}`, { name, ...chart, atomic: true, timeout: releaseSeconds, createNamespace: false }, after(...made)));
    }
    return made;
  });
}
