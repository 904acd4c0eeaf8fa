import type { Manifest } from "../../../src/preview/kubernetes.ts";
import { containersOfPod, type Labels, type PodTemplate, podTemplates } from "./pods.ts";

interface ServiceSpec {
  readonly selector: Labels;
  readonly ports: readonly { readonly name: string; readonly targetPort: number | string }[];
}
interface Peer {
  readonly podSelector?: { readonly matchLabels?: Labels };
  readonly namespaceSelector?: unknown;
}
interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly { readonly port: number | string }[];
}

/**
 * Everything in a set of objects that points at something which is not there: selectors without pods, ports without a
 * listener, keys without a ConfigMap or Secret, accounts, targets of autoscalers, governing Services, mounts.
 */
export function danglingReferences(manifests: readonly Manifest[]): string[] {
  const templates = podTemplates(manifests).map((template) => withProxy(template, manifests));
  const selectable = [...templates, ...pledgedPods(manifests)];
  return [
    ...twice(manifests),
    ...manifests.flatMap((manifest) => ofObject(manifest, manifests, selectable)),
    ...podTemplates(manifests).flatMap((template) => ofPod(template, manifests)),
  ];
}

/** Port of the figures of a proxy that a mesh puts beside the containers of a pod. */
const proxyPort = 15_090;

/** A pod of a namespace that a mesh injects into listens on the ports of its proxy, too. */
function withProxy(template: PodTemplate, manifests: readonly Manifest[]): PodTemplate {
  const injected = manifests.some(
    ({ kind, metadata }) => kind === "Namespace" && metadata.name === template.namespace && metadata.labels?.["istio-injection"] === "enabled",
  );
  if (!injected) return template;
  const proxy = { name: "istio-proxy", image: "auto", ports: [{ name: "http-envoy-prom", containerPort: proxyPort }] };
  return { ...template, pod: { ...template.pod, containers: [...template.pod.containers, proxy] } };
}

/** Pods that controllers make: proxies of a Gateway, which listen on its ports and have figures, and answers to an authority of ACME. */
function pledgedPods(manifests: readonly Manifest[]): PodTemplate[] {
  return manifests.flatMap(({ apiVersion, kind, metadata, spec }): PodTemplate[] => {
    const pod = (labels: Labels, ports: readonly number[]) => [
      {
        what: `${kind} ${metadata.name}`,
        namespace: metadata.namespace ?? "",
        labels,
        claims: [],
        pod: { containers: [{ name: "", image: "", ports: ports.map((containerPort) => ({ name: "", containerPort })) }] },
      },
    ];
    const { infrastructure, listeners = [], acme } = (spec ?? {}) as Pledge;
    if (apiVersion === "gateway.networking.k8s.io/v1" && kind === "Gateway")
      return pod(infrastructure?.labels ?? {}, [...listeners.map(({ port }) => port), 15_020]);
    return kind === "Issuer" && acme ? pod({ "acme.cert-manager.io/http01-solver": "true" }, [8089]) : [];
  });
}

interface Pledge {
  readonly infrastructure?: { readonly labels?: Labels };
  readonly listeners?: readonly { readonly port: number }[];
  readonly acme?: unknown;
}

const twice = (manifests: readonly Manifest[]): string[] => {
  const names = manifests.map(({ apiVersion, kind, metadata }) => `${apiVersion} ${kind} ${metadata.namespace ?? ""}/${metadata.name}`);
  return names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${name} is there twice`);
};

function ofObject({ kind, metadata, spec }: Manifest, manifests: readonly Manifest[], templates: readonly PodTemplate[]): string[] {
  const what = `${kind} ${metadata.name}`;
  const namespace = metadata.namespace ?? "";
  const matching = (labels: Labels | undefined) =>
    templates.filter((t) => t.namespace === namespace && Object.entries(labels ?? {}).every(([k, v]) => t.labels[k] === v));
  const exists = (of: string, name: string) => manifests.some((m) => m.kind === of && m.metadata.name === name && m.metadata.namespace === namespace);
  const selecting = (labels: Labels | undefined, how: string) => (matching(labels).length > 0 ? [] : [`${what}: ${how} matches no pod`]);
  const missingNamespace =
    namespace && !manifests.some((m) => m.kind === "Namespace" && m.metadata.name === namespace) ? [`${what}: no namespace`] : [];
  switch (kind) {
    case "Deployment":
    case "StatefulSet": {
      const { selector, serviceName, template } = spec as {
        selector: { matchLabels: Labels };
        serviceName?: string;
        template: { metadata: { labels: Labels } };
      };
      const own = Object.entries(selector.matchLabels).every(([k, v]) => template.metadata.labels[k] === v);
      return [
        ...missingNamespace,
        ...(own ? [] : [`${what}: its selector does not match its own pods`]),
        ...(matching(selector.matchLabels).length > 1 ? [`${what}: its selector matches pods of others`] : []),
        ...(serviceName && !exists("Service", serviceName) ? [`${what}: no Service ${serviceName}`] : []),
      ];
    }
    case "Service": {
      const { selector, ports } = spec as ServiceSpec;
      const behind = matching(selector);
      const unheard = ports.filter(({ targetPort }) => behind.some((template) => !listens(template, targetPort)));
      return [
        ...missingNamespace,
        ...selecting(selector, "selector"),
        // Proxies of all workloads of a component are one set of figures.
        ...(behind.length > 1 && ports.some(({ targetPort }) => targetPort !== proxyPort && targetPort !== "http-envoy-prom")
          ? [`${what}: selector matches ${behind.map((t) => t.what).join(", ")}`]
          : []),
        ...unheard.map(({ name }) => `${what}: nothing listens on ${name}`),
      ];
    }
    case "PodDisruptionBudget":
      return [...missingNamespace, ...selecting((spec as { selector: { matchLabels: Labels } }).selector.matchLabels, "selector")];
    case "HorizontalPodAutoscaler": {
      const target = (spec as { scaleTargetRef: { kind: string; name: string } }).scaleTargetRef;
      return [...missingNamespace, ...(exists(target.kind, target.name) ? [] : [`${what}: no ${target.kind} ${target.name}`])];
    }
    case "NetworkPolicy": {
      const {
        podSelector,
        ingress = [],
        egress = [],
      } = spec as { podSelector: { matchLabels?: Labels }; ingress?: readonly Rule[]; egress?: readonly Rule[] };
      const own = matching(podSelector.matchLabels);
      const peers = [...ingress, ...egress]
        .flatMap(({ from = [], to = [] }) => [...from, ...to])
        .filter((p) => p.podSelector && !p.namespaceSelector);
      const unheard = [
        ...ingress.flatMap(({ ports = [] }) => ports.filter(({ port }) => own.some((template) => !listens(template, port)))),
        ...egress.flatMap(({ to = [], ports = [] }) =>
          to
            .filter((peer) => peer.podSelector && !peer.namespaceSelector)
            .flatMap((peer) => ports.filter(({ port }) => matching(peer.podSelector?.matchLabels).some((template) => !listens(template, port)))),
        ),
      ];
      return [
        ...missingNamespace,
        ...selecting(podSelector.matchLabels, "podSelector"),
        ...peers.flatMap((peer) => selecting(peer.podSelector?.matchLabels, "a peer")),
        ...unheard.map(({ port }) => `${what}: nothing listens on ${port}`),
      ];
    }
    default:
      return missingNamespace;
  }
}

const listens = ({ pod }: PodTemplate, port: number | string) =>
  containersOfPod(pod).some(({ ports = [] }) => ports.some(({ name, containerPort }) => name === port || containerPort === port));

function ofPod({ what, namespace, pod, labels, claims }: PodTemplate, manifests: readonly Manifest[]): string[] {
  const find = (kind: string, name: string) =>
    manifests.find((m) => m.kind === kind && m.metadata.name === name && m.metadata.namespace === namespace);
  const keyOf = (kind: "ConfigMap" | "Secret", name: string, key: string) => {
    const found = find(kind, name);
    if (!found) return [`${what}: no ${kind} ${name}`];
    const keys = Object.keys({ ...(found.data as object), ...(found.stringData as object) });
    return keys.includes(key) ? [] : [`${what}: ${kind} ${name} has no key ${key}`];
  };
  const volumes = [...(pod.volumes ?? []).map(({ name }) => name), ...claims];
  const spread = (pod.topologySpreadConstraints ?? []).filter(({ labelSelector }) =>
    Object.entries(labelSelector.matchLabels).some(([key, value]) => labels[key] !== value),
  );
  return [
    ...(find("ServiceAccount", pod.serviceAccountName ?? "") ? [] : [`${what}: no ServiceAccount ${pod.serviceAccountName}`]),
    ...containersOfPod(pod).flatMap(({ name, env = [], volumeMounts = [], ports = [], ...container }) => [
      ...env.flatMap(({ valueFrom }) => [
        ...(valueFrom?.secretKeyRef ? keyOf("Secret", valueFrom.secretKeyRef.name, valueFrom.secretKeyRef.key) : []),
        ...(valueFrom?.configMapKeyRef ? keyOf("ConfigMap", valueFrom.configMapKeyRef.name, valueFrom.configMapKeyRef.key) : []),
      ]),
      ...volumeMounts.filter((mount) => !volumes.includes(mount.name)).map((mount) => `${what}: ${name} mounts the unknown volume ${mount.name}`),
      ...["startupProbe", "readinessProbe", "livenessProbe"].flatMap((probe) => {
        const asked = probePort(container[probe]);
        return asked === undefined || ports.some((port) => port.name === asked || port.containerPort === asked)
          ? []
          : [`${what}: ${probe} asks the unknown port ${asked}`];
      }),
    ]),
    ...(pod.volumes ?? []).flatMap(({ projected }) =>
      (projected?.sources ?? []).flatMap(({ configMap, secret }) => [
        ...(configMap?.items ?? []).flatMap(({ key }) => keyOf("ConfigMap", configMap?.name ?? "", key)),
        ...(secret?.items ?? []).flatMap(({ key }) => keyOf("Secret", secret?.name ?? "", key)),
      ]),
    ),
    ...spread.map(() => `${what}: it is spread by labels that it does not have`),
  ];
}

function probePort(probe: unknown): number | string | undefined {
  const { httpGet, tcpSocket } = (probe ?? {}) as Record<"httpGet" | "tcpSocket", { port: number | string } | undefined>;
  return (httpGet ?? tcpSocket)?.port;
}
