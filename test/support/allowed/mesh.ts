import type { Plan } from "../../../src/preview/plan.ts";

type Labels = Readonly<Record<string, string>>;

interface Source {
  readonly principals?: readonly string[];
  readonly [other: string]: unknown;
}
interface Rule {
  readonly from?: readonly { readonly source: Source }[];
  readonly to?: readonly { readonly operation: { readonly ports?: readonly string[]; readonly [other: string]: unknown } }[];
  readonly when?: unknown;
}
interface PolicySpec {
  readonly selector?: { readonly matchLabels?: Labels };
  readonly targetRefs?: readonly { readonly kind: string; readonly name: string }[];
  /** Namespace that it is in, and holds for. */
  readonly namespace: string;
  readonly action?: string;
  readonly rules?: readonly Rule[];
}
interface Pod {
  readonly name: string;
  readonly namespace: string;
  /** Set for the proxies of a Gateway: its name. */
  readonly gateway?: string;
  readonly principal: string;
  readonly labels: Labels;
  readonly ports: readonly number[];
}

interface GatewayObject {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: { readonly listeners: readonly { readonly port: number }[]; readonly infrastructure: { readonly labels: Labels } };
}

function podsOf(plan: Plan, trustDomain: string): Pod[] {
  return plan.resources.flatMap(({ type, name, inputs }) => {
    if (type.endsWith("/v1:Gateway")) {
      const { metadata, spec } = inputs as unknown as GatewayObject;
      const ports = [...new Set(spec.listeners.map(({ port }) => port))];
      const principal = `${trustDomain}/ns/${metadata.namespace}/sa/${metadata.name}`;
      return [{ name, namespace: metadata.namespace, gateway: metadata.name, principal, labels: spec.infrastructure.labels, ports }];
    }
    if (!/:(Deployment|StatefulSet|DaemonSet)$/.test(type)) return [];
    const { metadata, spec } = inputs as { metadata: { namespace: string }; spec: { template: unknown } };
    const template = spec.template as {
      metadata: { labels: Labels };
      spec: { serviceAccountName?: string; containers: readonly { ports?: readonly { containerPort: number }[] }[] };
    };
    const account = template.spec.serviceAccountName ?? "default";
    return [
      {
        name,
        namespace: metadata.namespace,
        principal: `${trustDomain}/ns/${metadata.namespace}/sa/${account}`,
        labels: template.metadata.labels,
        ports: template.spec.containers.flatMap(({ ports = [] }) => ports.map(({ containerPort }) => containerPort)),
      },
    ];
  });
}

const policiesOf = (plan: Plan): PolicySpec[] =>
  plan.resources
    .filter(({ type }) => type.endsWith(":AuthorizationPolicy"))
    .map(({ inputs }) => ({ ...(inputs.spec as object), namespace: (inputs.metadata as { namespace: string }).namespace }));

function isAbout({ selector, targetRefs, namespace }: PolicySpec, pod: Pod): boolean {
  if (namespace !== pod.namespace) return false;
  if (targetRefs) return targetRefs.some(({ kind, name }) => kind === "Gateway" && name === pod.gateway);
  return Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => pod.labels[key] === value);
}

/** As a proxy decides: with no policy for a pod everybody may call, otherwise whom a rule names. */
function lets(policies: readonly PolicySpec[], from: Pod, to: Pod, port: number): boolean {
  const selecting = policies.filter((policy) => isAbout(policy, to));
  for (const { action } of selecting) if (action !== undefined && action !== "ALLOW") throw new Error(`a reader for action ${action} is missing`);
  return selecting.length === 0 || selecting.some(({ rules = [] }) => rules.some((rule) => holds(rule, from, port)));
}

/** Matches of a proxy: whole, or up to a star at one end. */
const means = (pattern: string, text: string) =>
  pattern === text ||
  (pattern.endsWith("*") && text.startsWith(pattern.slice(0, -1))) ||
  (pattern.startsWith("*") && text.endsWith(pattern.slice(1)));

function holds({ from, to, when }: Rule, client: Pod, port: number): boolean {
  if (when !== undefined) throw new Error("a reader for conditions is missing");
  const called = from === undefined || from.some(({ source }) => isSource(source, client));
  return called && (to === undefined || to.some(({ operation }) => isOperation(operation, port)));
}

function isSource({ principals, notPrincipals, ...others }: Source, client: Pod): boolean {
  if (Object.keys(others).length > 0) throw new Error(`a reader for ${Object.keys(others).join(", ")} is missing`);
  if ((notPrincipals as readonly string[] | undefined)?.some((pattern) => means(pattern, client.principal))) return false;
  return principals === undefined || principals.some((pattern) => means(pattern, client.principal));
}

function isOperation({ ports, ...others }: { readonly ports?: readonly string[] }, port: number): boolean {
  if (Object.keys(others).length > 0) throw new Error(`a reader for ${Object.keys(others).join(", ")} is missing`);
  return ports === undefined || ports.includes(String(port));
}

/** Every pair of workloads with the port that the rules of the mesh let one call the other on: `api -> db:5432`. */
export function allowedInMesh(plan: Plan, trustDomain = "cluster.local"): string[] {
  const pods = podsOf(plan, trustDomain);
  const policies = policiesOf(plan);
  return pods.flatMap((from) =>
    pods
      .filter((to) => to !== from)
      .flatMap((to) => to.ports.filter((port) => lets(policies, from, to, port)).map((port) => `${from.name} -> ${to.name}:${port}`)),
  );
}

/** Parts whose network policies and rules of the mesh do not let in the same: who of one side the other does not know. */
export function unlikeInMesh(plan: Plan): string[] {
  const named = (kind: string) =>
    plan.resources
      .filter(({ type, inputs }) => type.endsWith(`:${kind}`) && (inputs.metadata as { name: string }).name.includes("-to-"))
      .map(({ inputs }) => {
        const { metadata, spec } = inputs as { metadata: { name: string }; spec: NetworkSpec & PolicySpec };
        const ports =
          kind === "NetworkPolicy"
            ? (spec.ingress?.[0]?.ports ?? []).map(({ port }) => port)
            : (spec.rules?.[0]?.to?.[0]?.operation.ports ?? []).map(Number);
        return `${metadata.name} ${ports.join(",")}`;
      });
  const [network, rules] = [named("NetworkPolicy"), named("AuthorizationPolicy")];
  return [...network.filter((one) => !rules.includes(one)), ...rules.filter((one) => !network.includes(one))];
}

interface NetworkSpec {
  readonly ingress?: readonly { readonly ports?: readonly { readonly port: number }[] }[];
}
