import type * as pulumi from "@pulumi/pulumi";
import type { WorkloadSpec } from "../../../core/workload.ts";
import type { KubernetesContext } from "../context.ts";
import { customObject } from "../custom-object.ts";
import { nodesName, type Part } from "../manifests/names.ts";
import { admissionName, type Outward, type Server } from "../manifests/network-policy.ts";
import { allow, allowPlain } from "./manifests/authorization-policy.ts";
import { destinationRule, nodesRule } from "./manifests/destination-rule.ts";
import { tracing } from "./manifests/namespace-wide.ts";
import { permissive } from "./manifests/peer-authentication.ts";
import { entryName, serviceEntry } from "./manifests/service-entry.ts";
import { virtualService } from "./manifests/virtual-service.ts";
import type { Mesh } from "./mesh.ts";

/** Opens in the mesh what the network policies of a part open: its servers let it in by its identity, and its hosts outside are known. */
export function openInMesh(
  context: KubernetesContext,
  parent: pulumi.Resource,
  part: Part,
  { servers, egress, siblings }: Outward,
): pulumi.Resource[] {
  const { place, mesh, collector } = context;
  if (!mesh) return [];
  const options = context.child(parent, [context.beforePods]);
  const among: Server[] = siblings.length > 0 ? [{ system: part.system, name: part.name, ports: siblings }] : [];
  const rules = [...servers, ...among].map((server) =>
    customObject(`${admissionName(part, server)}-rule`, allow(place, part, server, mesh.trustDomain), options),
  );
  const entries = egress.map((rule) =>
    context.once(entryName(rule), () =>
      customObject(entryName(rule), serviceEntry(place, rule), context.child(context.platform, [context.beforePods])),
    ),
  );
  const bound = servers.some(({ name, ports }) => name === collector?.workload && ports.includes(collector.port));
  const traced =
    bound && mesh.tracingProvider !== undefined
      ? [customObject(`${part.name}-tracing`, tracing(place, part, mesh, mesh.tracingProvider), options)]
      : [];
  return [...rules, ...entries, ...traced];
}

/** How a workload is reached in the mesh: by its own name, and replica by replica where that is offered. */
export function serveInMesh(context: KubernetesContext, parent: pulumi.Resource, part: Part, spec: WorkloadSpec, single: boolean): pulumi.Resource[] {
  const { place, mesh } = context;
  if (!mesh) return [];
  const options = context.child(parent, [context.beforePods]);
  const routes = virtualService(place, part, spec, mesh);
  return [
    customObject(`${part.name}-rule`, destinationRule(place, part, spec, mesh), options),
    ...(single ? [customObject(`${nodesName(part.name)}-rule`, nodesRule(place, part, mesh), options)] : []),
    ...(routes ? [customObject(`${part.name}-routes`, routes, options)] : []),
    ...exceptions(context, options, part, spec, mesh),
  ];
}

/** What the settings except from mutual TLS, with its reason. */
function exceptions(
  { place }: KubernetesContext,
  options: pulumi.CustomResourceOptions,
  part: Part,
  { ports }: WorkloadSpec,
  mesh: Mesh,
): pulumi.Resource[] {
  const own = mesh.permissive.filter(({ workload }) => workload === part.name);
  const numbers = own.flatMap(({ port }) => ports[port]?.port ?? []);
  if (numbers.length === 0) return [];
  const reason = own.map(({ port, reason: why }) => `${port}: ${why}`).join("; ");
  return [
    customObject(`${part.name}-plain`, permissive(place, part, numbers, reason), options),
    customObject(`plain-to-${part.name}`, allowPlain(place, part, numbers, reason), options),
  ];
}
