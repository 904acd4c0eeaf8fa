import type { apps, core, networking } from "@pulumi/kubernetes/types/input.js";
import { filesFolder as folder, tableContainer } from "../../../src/core/parts.ts";
import type { StackSettings } from "../../../src/core/settings.ts";
import { container } from "../../../src/platforms/kubernetes/manifests/container.ts";
import { metadata, type Part, type Place, selector } from "../../../src/platforms/kubernetes/manifests/names.ts";
import { systemNamespace } from "../../../src/platforms/kubernetes/manifests/namespace.ts";
import { partPolicy, type Server } from "../../../src/platforms/kubernetes/manifests/network-policy.ts";
import { meshOf } from "../../../src/platforms/kubernetes/mesh/mesh.ts";
import { portNumbers } from "../part.ts";
import { podLogs, positions } from "./agent-config.ts";

/** Memory of an agent; it keeps no queue. */
const memoryMiB = 192;

/** It admits what the namespace of the stack does not, a folder of the node; nothing but agents runs here. */
export const agentNamespace = (place: Place, settings: StackSettings): core.v1.Namespace =>
  systemNamespace(place, place.namespace, {
    privilegedBecause: `agents read ${podLogs} of their node, which no restricted pod may`,
    mesh: meshOf(settings) !== undefined,
  });

export const agentFiles = (place: Place, part: Part, name: string, config: string): core.v1.ConfigMap => ({
  metadata: metadata(place, part, name),
  immutable: true,
  data: { "agent.yaml": config },
});

/** An agent on each node on which pods of the stack may run: those have no tolerations, and neither has it. */
export function agentSet(place: Place, part: Part, image: string, files: string, pullSecrets: readonly string[] = []): apps.v1.DaemonSet {
  const spec = {
    ...tableContainer("otel-collector", { memoryMiB, cpus: 0.1 }),
    command: ["--config", `${folder}/agent.yaml`],
    env: { GOMEMLIMIT: `${Math.floor(memoryMiB * 0.85)}MiB` },
    files: [{ path: `${folder}/agent.yaml`, content: "" }],
    volumes: [],
  };
  const confined = container(part.name, spec, image, {});
  const probe = (failureThreshold: number) => ({
    httpGet: { path: "/", port: "http-health" },
    periodSeconds: 10,
    timeoutSeconds: 3,
    failureThreshold,
  });
  return {
    metadata: metadata(place, part),
    spec: {
      selector: { matchLabels: selector(place, part) },
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "10%" } },
      revisionHistoryLimit: 3,
      template: {
        metadata: { labels: metadata(place, part).labels },
        spec: {
          serviceAccountName: part.name,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          // The files of containers belong to root, and nobody else may read them. Of root's powers none is left.
          securityContext: { runAsUser: 0, runAsGroup: 0, seccompProfile: { type: "RuntimeDefault" } },
          ...(pullSecrets.length > 0 ? { imagePullSecrets: pullSecrets.map((name) => ({ name })) } : {}),
          containers: [
            {
              ...confined,
              ports: [{ name: "http-health", containerPort: portNumbers.health, protocol: "TCP" }],
              startupProbe: probe(30),
              readinessProbe: probe(3),
              livenessProbe: probe(6),
              volumeMounts: [
                ...((confined.volumeMounts as core.v1.VolumeMount[] | undefined) ?? []),
                { name: "pod-logs", mountPath: podLogs, readOnly: true },
                { name: "positions", mountPath: positions },
              ],
            },
          ],
          terminationGracePeriodSeconds: 15,
          volumes: [
            { name: "groundplan-files", configMap: { name: files, defaultMode: 0o444 } },
            { name: "groundplan-scratch-0", emptyDir: { medium: "Memory", sizeLimit: "16Mi" } },
            { name: "pod-logs", hostPath: { path: podLogs, type: "Directory" } },
            // Gone with its pod: the next one reads again what the node still has, and the store keeps a line once.
            { name: "positions", emptyDir: { sizeLimit: "64Mi" } },
          ],
        },
      },
    },
  };
}

const named = (name: string) => ({ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } });

/** An agent reaches the collector, name resolution, and in a mesh its control; nothing reaches an agent. */
export function agentPolicy(place: Place, part: Part, home: Place, collector: Server, settings: StackSettings): networking.v1.NetworkPolicy {
  const { nameServers } = settings.kubernetes ?? {};
  const controlPlane = meshOf(settings)?.controlPlane;
  const { metadata: meta, spec } = partPolicy(place, part, { servers: [], egress: [], siblings: [], nameServers, controlPlane });
  const { egress = [], ...rest } = spec as networking.v1.NetworkPolicySpec & { egress?: networking.v1.NetworkPolicyEgressRule[] };
  return {
    metadata: meta as NonNullable<networking.v1.NetworkPolicy["metadata"]>,
    spec: {
      ...rest,
      egress: [
        ...egress,
        {
          to: [{ ...named(home.namespace), podSelector: { matchLabels: selector(home, collector) } }],
          ports: collector.ports.map((port) => ({ protocol: "TCP", port })),
        },
      ],
    },
  };
}

/** The collector's side: agents of that namespace. */
export const agentAdmission = (home: Place, place: Place, part: Part, collector: Server): networking.v1.NetworkPolicy => ({
  metadata: metadata(home, part, `${part.name}-to-${collector.name}`),
  spec: {
    podSelector: { matchLabels: selector(home, collector) },
    policyTypes: ["Ingress"],
    ingress: [
      {
        from: [{ ...named(place.namespace), podSelector: { matchLabels: selector(place, part) } }],
        ports: collector.ports.map((port) => ({ protocol: "TCP", port })),
      },
    ],
  },
});
