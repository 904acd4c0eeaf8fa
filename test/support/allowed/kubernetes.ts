import type { Plan } from "../../../src/preview/plan.ts";

type Labels = Readonly<Record<string, string>>;
interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] }[];
}
interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}
interface Port {
  readonly port?: number | string;
  readonly endPort?: number;
  readonly protocol?: string;
}
interface PolicySpec {
  readonly podSelector: Selector;
  readonly policyTypes: readonly string[];
  readonly ingress?: readonly { readonly from?: readonly Peer[]; readonly ports?: readonly Port[] }[];
  readonly egress?: readonly { readonly to?: readonly Peer[]; readonly ports?: readonly Port[] }[];
}
interface Container {
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
}

/** A pod as a policy sees it. */
interface Pod {
  readonly name: string;
  readonly kind: string;
  readonly labels: Labels;
  readonly ports: readonly { readonly name?: string; readonly containerPort: number }[];
}

/** Pods of everything in the plan that makes pods. */
function podsOf(plan: Plan): Pod[] {
  return plan.resources.flatMap(({ type, name, inputs }) => {
    const kind = type.split(":").at(-1) ?? "";
    if (type.endsWith("gateway.networking.k8s.io/v1:Gateway")) {
      // Its controller makes the pods: with the labels that it hands on, on its ports, and with figures of the proxy.
      const { infrastructure, listeners } = inputs.spec as {
        infrastructure: { labels: Labels };
        listeners: readonly { name: string; port: number }[];
      };
      const ports = [...listeners.map(({ name: key, port }) => ({ name: key, containerPort: port })), { name: "figures", containerPort: 15_020 }];
      return [{ name, kind: "Deployment", labels: infrastructure.labels, ports }];
    }
    if (!["Deployment", "StatefulSet", "Job", "CronJob"].includes(kind)) return [];
    const spec = inputs.spec as { template?: unknown; jobTemplate?: { spec: { template: unknown } } };
    const template = (spec.jobTemplate?.spec.template ?? spec.template) as {
      metadata: { labels: Labels };
      spec: { containers: readonly Container[] };
    };
    const { labels } = template.metadata;
    return [
      {
        name,
        kind,
        labels,
        ports: template.spec.containers.flatMap((container) => container.ports ?? []),
      },
    ];
  });
}

const policiesOf = (plan: Plan): PolicySpec[] =>
  plan.resources.filter(({ type }) => type.endsWith(":NetworkPolicy")).map(({ inputs }) => inputs.spec as PolicySpec);

/** Whether the policies of the plan let one pod open a connection to a port of another: both sides must agree. */
function connects(plan: Plan, from: Pod, to: Pod, port: number): boolean {
  const policies = policiesOf(plan);
  return side(policies, "Egress", from, to, to, port) && side(policies, "Ingress", to, from, to, port);
}

/** A pod that no policy selects for a direction is open in that direction. */
function side(policies: readonly PolicySpec[], direction: "Egress" | "Ingress", subject: Pod, peer: Pod, listener: Pod, port: number): boolean {
  const selecting = policies.filter((policy) => policy.policyTypes.includes(direction) && matches(policy.podSelector, subject.labels));
  if (selecting.length === 0) return true;
  return selecting.some((policy) => {
    const rules =
      direction === "Egress"
        ? (policy.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }))
        : (policy.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports }));
    return rules.some(
      ({ peers, ports }) =>
        (peers === undefined || peers.length === 0 || peers.some((one) => isPeer(one, peer))) &&
        (ports === undefined || ports.length === 0 || ports.some((one) => isPort(one, listener, port))),
    );
  });
}

/** Pods have addresses of the cluster, which are private: a block that leaves the private ranges out does not mean them. */
const privateRanges = { v4: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"], v6: ["fc00::/7"] };

function isPeer({ podSelector, namespaceSelector, ipBlock }: Peer, pod: Pod): boolean {
  if (ipBlock) return !privateRanges[ipBlock.cidr.includes(":") ? "v6" : "v4"].every((range) => ipBlock.except?.includes(range));
  if (namespaceSelector)
    return namespaceSelector.matchLabels?.["kubernetes.io/metadata.name"] !== "kube-system" && matches(podSelector ?? {}, pod.labels);
  return podSelector !== undefined && matches(podSelector, pod.labels);
}

function isPort({ port, endPort, protocol = "TCP" }: Port, listener: Pod, wanted: number): boolean {
  if (protocol !== "TCP") return false;
  if (port === undefined) return true;
  if (typeof port === "string") return listener.ports.some(({ name, containerPort }) => name === port && containerPort === wanted);
  return endPort === undefined ? port === wanted : port <= wanted && wanted <= endPort;
}

function matches({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      if (operator === "In") return values.includes(labels[key] ?? "");
      if (operator === "NotIn") return !values.includes(labels[key] ?? "");
      if (operator === "Exists") return key in labels;
      if (operator === "DoesNotExist") return !(key in labels);
      throw new Error(`unknown operator ${operator}`);
    })
  );
}

/** Every pair of workloads with the port that is open between them: `api -> db:5432`. */
export function allowedOnKubernetes(plan: Plan): string[] {
  const servers = podsOf(plan).filter(({ kind }) => kind === "Deployment" || kind === "StatefulSet");
  return servers.flatMap((from) =>
    servers
      .filter((to) => to !== from)
      .flatMap((to) =>
        to.ports
          .filter(({ containerPort }) => connects(plan, from, to, containerPort))
          .map(({ containerPort }) => `${from.name} -> ${to.name}:${containerPort}`),
      ),
  );
}
