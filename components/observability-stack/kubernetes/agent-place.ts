import type { StackSettings } from "../../../src/core/settings.ts";
import { namespaceOf } from "../../../src/platforms/kubernetes/context.ts";
import type { Part, Place } from "../../../src/platforms/kubernetes/manifests/names.ts";
import { meshOf } from "../../../src/platforms/kubernetes/mesh/mesh.ts";

/** The namespace of the agents: a volume of the node is nothing that the stack's own admits. */
export const agentPlace = (settings: StackSettings): Place => ({ id: settings, namespace: `${namespaceOf(settings)}-logs` });

export const agentPart = (stack: string, version?: string): Part => ({
  system: stack,
  name: `${stack}-agent`,
  role: "server",
  ...(version ? { version } : {}),
});

/** Who an agent is to the mesh. */
export const agentPrincipal = (settings: StackSettings, stack: string) =>
  `${meshOf(settings)?.trustDomain ?? "cluster.local"}/ns/${agentPlace(settings).namespace}/sa/${agentPart(stack).name}`;
