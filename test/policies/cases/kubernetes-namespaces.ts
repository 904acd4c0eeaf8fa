import { type PolicyCases, resource } from "../cases.ts";
import { cronJob, deployment, inShop, namespace, pod, service } from "../kubernetes-objects.ts";

const web = deployment("web", { containers: [{ name: "web" }] });
const netpol = (name: string, spec: Record<string, unknown>) => inShop("networking.k8s.io/v1:NetworkPolicy", name, spec);
const denyAll = (policyTypes?: string[]) => netpol("deny", { podSelector: {}, ...(policyTypes ? { policyTypes } : {}) });
const bothWays = denyAll(["Ingress", "Egress"]);
const toWeb = netpol("web-in", { podSelector: { matchLabels: { app: "web" } }, ingress: [{ from: [{ podSelector: {} }] }] });
const other = netpol("old", { podSelector: { matchExpressions: [{ key: "app", operator: "In", values: ["backend-v1"] }] } });

/** Pods that a controller makes: those of a Gateway, with the labels that it hands on, and those that answer an authority. */
const gateway = inShop("gateway.networking.k8s.io/v1:Gateway", "front", { infrastructure: { labels: { app: "front" } } });
const issuer = (solver: object) => inShop("cert-manager.io/v1:Issuer", "ca", { acme: { solvers: [solver] } });
const for_ = (name: string, matchLabels: Record<string, string>) => netpol(name, { podSelector: { matchLabels }, ingress: [{}] });
const ofGateway = for_("front", { app: "front", "gateway.networking.k8s.io/gateway-name": "front" });
const ofSolvers = for_("solvers", { "acme.cert-manager.io/http01-solver": "true" });

const label = "pod-security.kubernetes.io/enforce";
const restricted = namespace({ [label]: "restricted" });
const loose = (place: string | undefined) => resource("kubernetes:batch/v1:Job", "report", { metadata: { name: "report", namespace: place } });
const provider = resource("pulumi:providers:kubernetes", "cluster", { namespace: "shop" });
const generated = resource("kubernetes:core/v1:Namespace", "shop", { metadata: { labels: { [label]: "baseline" } } });
const referring = (type: string, spec: unknown) =>
  resource(type, "inner", { metadata: { name: "inner" }, spec }, { from: { metadata: [generated] } });

export const kubernetesNamespaceCases: Readonly<Record<string, PolicyCases>> = {
  "k8s-network-policy": {
    compliant: [
      { title: "nothing unless it is allowed", resources: [namespace(), web, bothWays, toWeb] },
      {
        title: "a namespace by reference",
        resources: [
          generated,
          referring("kubernetes:core/v1:Pod", {}),
          { ...referring("kubernetes:networking.k8s.io/v1:NetworkPolicy", { podSelector: {}, policyTypes: ["Ingress", "Egress"] }), urn: "deny" },
        ],
      },
      { title: "policies of Cilium, which are not read", resources: [namespace(), web, inShop("cilium.io/v2:CiliumNetworkPolicy", "deny", {})] },
      { title: "a namespace without pods", resources: [namespace()] },
      { title: "pods that controllers make", resources: [web, bothWays, gateway, issuer({ http01: {} }), ofGateway, ofSolvers] },
    ],
    violating: [
      {
        title: "pods of a Gateway that is called otherwise, and of an issuer that asks no pod",
        resources: [web, bothWays, for_("rear", { "gateway.networking.k8s.io/gateway-name": "rear" }), gateway, issuer({ dns01: {} }), ofSolvers],
        finds: ["rear: spec.podSelector", "solvers: spec.podSelector"],
      },
      { title: "no policy", resources: [namespace(), web], finds: ["shop: ", "web: "] },
      { title: "the way out is open", resources: [namespace(), web, denyAll()], finds: ["shop: "] },
      { title: "allowed before it is denied", resources: [namespace(), web, netpol("all", { podSelector: {}, ingress: [{}] })], finds: ["shop: "] },
      { title: "a job that was forgotten", resources: [web, cronJob("report", {}), toWeb], finds: ["report: "] },
      { title: "a policy of pods that are gone", resources: [web, bothWays, other], finds: ["old: spec.podSelector"] },
    ],
    reads: {
      "deny: spec.policyTypes": ["shop: "],
      "deny: spec.podSelector": [],
      "web: spec.template.metadata.labels.app": ["web-in: spec.podSelector"],
      "web-in: spec.podSelector.matchLabels": [],
      "deny: metadata.namespace": ["shop: "],
    },
  },
  "k8s-namespace": {
    compliant: [
      { title: "a namespace that enforces", resources: [restricted, web, service("web-in")] },
      { title: "the less strict level", resources: [namespace({ [label]: "baseline" })] },
      { title: "a namespace by reference", resources: [generated, referring("kubernetes:core/v1:Pod", {})] },
      { title: "a namespace that the provider sets", resources: [provider, loose(undefined)] },
    ],
    violating: [
      { title: "no label", resources: [namespace({ team: "shop" }), web], finds: [`shop: metadata.labels["${label}"]`] },
      { title: "a label that allows everything", resources: [namespace({ [label]: "privileged" })], finds: [`shop: metadata.labels["${label}"]`] },
      { title: "default", resources: [loose("default")], finds: ["report: metadata.namespace"] },
      { title: "no namespace, so default", resources: [loose(undefined)], finds: ["report: metadata.namespace"] },
      { title: "beside the system", resources: [pod("agent", {}, { namespace: "kube-system" })], finds: ["agent: metadata.namespace"] },
    ],
    reads: { "shop: metadata.labels": [`shop: metadata.labels["${label}"]`], "web: metadata.namespace": ["web: metadata.namespace"] },
  },
  "k8s-namespace-limits": {
    compliant: [
      { title: "a quota", resources: [namespace(), inShop("core/v1:ResourceQuota", "quota", { hard: { "limits.memory": "16Gi" } })] },
      {
        title: "a range",
        resources: [namespace(), inShop("core/v1:LimitRange", "range", { limits: [{ type: "Container", default: { memory: "256Mi" } }] })],
      },
    ],
    violating: [
      { title: "neither", resources: [namespace()], finds: ["shop: "] },
      { title: "that of another namespace", resources: [namespace(), resource("kubernetes:core/v1:LimitRange", "range", {})], finds: ["shop: "] },
    ],
    reads: { "quota: metadata.namespace": ["shop: "] },
  },
};
