import { DaemonSet } from "@pulumi/kubernetes/apps/v1/daemonSet.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { LimitRange } from "@pulumi/kubernetes/core/v1/limitRange.js";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import * as pulumi from "@pulumi/pulumi";
import { imageReference } from "../../../src/core/images.ts";
import { shortHash } from "../../../src/core/naming.ts";
import { quietly } from "../../../src/core/quietly.ts";
import type { KubernetesContext } from "../../../src/platforms/kubernetes/context.ts";
import { customObject } from "../../../src/platforms/kubernetes/custom-object.ts";
import { defaultLimits } from "../../../src/platforms/kubernetes/manifests/limit-range.ts";
import { versionOf } from "../../../src/platforms/kubernetes/manifests/names.ts";
import { defaultDeny } from "../../../src/platforms/kubernetes/manifests/network-policy.ts";
import { serviceAccount } from "../../../src/platforms/kubernetes/manifests/service-account.ts";
import { denyAll } from "../../../src/platforms/kubernetes/mesh/manifests/authorization-policy.ts";
import { strict } from "../../../src/platforms/kubernetes/mesh/manifests/peer-authentication.ts";
import { meshOf } from "../../../src/platforms/kubernetes/mesh/mesh.ts";
import { partsOf, portNumbers, type StackModel } from "../part.ts";
import { agentConfig } from "./agent-config.ts";
import { agentAdmission, agentFiles, agentNamespace, agentPolicy, agentSet } from "./agent-manifests.ts";
import { agentAuthorization, agentWayOut } from "./agent-mesh.ts";
import { agentPart, agentPlace, agentPrincipal } from "./agent-place.ts";

/** An agent on each node, in a namespace of its own, with the path to the collector and no other. */
export function logAgents(context: KubernetesContext, parent: pulumi.Resource, model: StackModel): void {
  const { settings, place: home, cluster } = context;
  const place = agentPlace(settings);
  const image = imageReference({ table: "otel-collector" }, settings.images);
  const part = agentPart(model.name, versionOf(image));
  const collector = { system: model.name, name: partsOf(model.name).collector, ports: [portNumbers.otlp] };
  const config = agentConfig(model, { namespace: home.namespace, clusterDomain: cluster.clusterDomain ?? "cluster.local" });
  const files = `${part.name}-files-${shortHash(config)}`;
  const mesh = meshOf(settings);
  quietly(() => {
    const ground = new Namespace(`${part.name}-namespace`, agentNamespace(place, settings), context.child(parent));
    const inside = context.child(parent, [[ground]]);
    // What only a mesh knows comes after its definitions, and no pod before what injects its proxy.
    const inMesh = context.child(parent, [[ground], context.beforePods]);
    const before: pulumi.Resource[] = [
      new NetworkPolicy(`${part.name}-default-deny`, defaultDeny(place), inside),
      new LimitRange(`${part.name}-default-limits`, defaultLimits(place), inside),
      new ServiceAccount(part.name, serviceAccount(place, part), inside),
      new ConfigMap(`${part.name}-files`, agentFiles(place, part, files, config), inside),
      new NetworkPolicy(part.name, agentPolicy(place, part, home, collector, settings), inside),
      new NetworkPolicy(`${part.name}-to-${collector.name}`, agentAdmission(home, place, part, collector), context.child(parent)),
    ];
    if (mesh) {
      const authorization = agentAuthorization(home, part, collector, agentPrincipal(settings, model.name));
      before.push(
        customObject(`${part.name}-strict`, strict(place), inMesh),
        customObject(`${part.name}-closed`, denyAll(place), inMesh),
        customObject(`${part.name}-way-out`, agentWayOut(place, home, collector, mesh), inMesh),
        customObject(`${part.name}-to-${collector.name}-principal`, authorization, inMesh),
      );
    }
    new DaemonSet(
      part.name,
      agentSet(place, part, image, files, cluster.pullSecrets),
      context.child(parent, [pulumi.output(before), context.beforePods]),
    );
  });
}
