import { type PolicyCases, resource } from "../cases.ts";
import { deployment, inShop, namespace, pod } from "../kubernetes-objects.ts";

const member = namespace({ "istio-injection": "enabled" });
const ambient = namespace({ "istio.io/dataplane-mode": "ambient" });
const security = (kind: string, name: string, spec: Record<string, unknown>, where = "shop") =>
  inShop(`security.istio.io/v1:${kind}`, name, spec, { namespace: where });

const peers = (spec: Record<string, unknown>, where?: string) => security("PeerAuthentication", "peers", spec, where);
const strict = peers({ mtls: { mode: "STRICT" } });
const destination = (tls: Record<string, unknown>) =>
  inShop("networking.istio.io/v1:DestinationRule", "outside", { host: "api.bank.example", trafficPolicy: { tls } });

const denyAll = security("AuthorizationPolicy", "deny-all", {});
const rules = (action: string, ...list: Record<string, unknown>[]) =>
  security("AuthorizationPolicy", "rules", { selector: { matchLabels: { app: "web" } }, action, rules: list });
const from = (source: Record<string, unknown>) => ({ from: [{ source }], to: [{ operation: { methods: ["GET"] } }] });
const gate = "cluster.local/ns/istio-system/sa/gateway";

const web = (labels: Record<string, unknown> = {}) => deployment("web", {}, {}, labels);
const plain = namespace({ team: "shop" });

export const istioCases: Readonly<Record<string, PolicyCases>> = {
  "istio-strict-mtls": {
    compliant: [
      { title: "a namespace that takes nothing else", resources: [member, strict] },
      { title: "a mesh that takes nothing else", resources: [ambient, peers({ mtls: { mode: "STRICT" } }, "istio-system")] },
      {
        title: "TLS to a name outside",
        resources: [destination({ mode: "SIMPLE", sni: "api.bank.example", subjectAltNames: ["api.bank.example"] })],
      },
      { title: "a stack without a mesh", resources: [plain, web()] },
      {
        title: "a namespace that leaves it to the mesh",
        resources: [
          member,
          peers({ mtls: { mode: "UNSET" } }),
          security("PeerAuthentication", "mesh", { mtls: { mode: "STRICT" }, portLevelMtls: { 8080: { mode: "UNSET" } } }, "istio-system"),
        ],
      },
    ],
    violating: [
      { title: "nothing asked for", resources: [member], finds: ["shop: "] },
      {
        title: "one workload only",
        resources: [member, peers({ selector: { matchLabels: { app: "web" } }, mtls: { mode: "STRICT" } })],
        finds: ["shop: "],
      },
      { title: "plain connections beside", resources: [member, peers({ mtls: { mode: "PERMISSIVE" } })], finds: ["peers: spec.mtls.mode"] },
      {
        title: "a mode that is left to the mesh, which has none",
        resources: [member, peers({ mtls: { mode: "UNSET" } })],
        finds: ["peers: spec.mtls.mode"],
      },
      {
        title: "what is no mode",
        resources: [member, peers({ mtls: { mode: "strict" }, portLevelMtls: { 8080: { mode: "Strict" } } })],
        finds: ["peers: spec.mtls.mode", "peers: spec.portLevelMtls.8080.mode"],
      },
      {
        title: "a port that is left out",
        resources: [member, peers({ mtls: { mode: "STRICT" }, portLevelMtls: { 8080: { mode: "DISABLE" } } })],
        finds: ["peers: spec.portLevelMtls.8080.mode"],
      },
      { title: "no TLS to a host", resources: [destination({ mode: "DISABLE" })], finds: ["outside: spec.trafficPolicy.tls.mode"] },
      {
        title: "any certificate",
        resources: [destination({ mode: "SIMPLE", insecureSkipVerify: true })],
        finds: ["outside: spec.trafficPolicy.tls.insecureSkipVerify"],
      },
      {
        title: "any name in the certificate",
        resources: [destination({ mode: "MUTUAL", sni: "api.bank.example" })],
        finds: ["outside: spec.trafficPolicy.tls.subjectAltNames"],
      },
      {
        title: "no TLS to one port of a subset",
        resources: [
          inShop("networking.istio.io/v1alpha3:DestinationRule", "ports", {
            subsets: [{ name: "v1", trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, tls: { mode: "DISABLE" } }] } }],
          }),
        ],
        finds: ["ports: spec.subsets[0].trafficPolicy.portLevelSettings[0].tls.mode"],
      },
    ],
    reads: { "peers: spec.mtls.mode": ["shop: "], "peers: metadata.namespace": ["shop: "], "peers: spec.portLevelMtls": [] },
  },
  "istio-authz": {
    compliant: [
      { title: "denied unless a caller is named", resources: [member, denyAll, rules("ALLOW", from({ principals: [gate] }))] },
      { title: "denied in the whole mesh", resources: [ambient, security("AuthorizationPolicy", "deny-all", {}, "istio-system")] },
      { title: "callers by a condition", resources: [rules("ALLOW", { when: [{ key: "request.auth.claims[groups]", values: ["shop"] }] })] },
      {
        title: "callers and a condition",
        resources: [rules("ALLOW", { ...from({ principals: ["*"] }), when: [{ key: "source.namespace", values: ["shop", "checkout"] }] })],
      },
      {
        title: "everybody at a gateway, by its name, by what it hands on, and by what injects its pods",
        resources: [
          security("AuthorizationPolicy", "by-name", { targetRefs: [{ kind: "Gateway", name: "front" }], rules: [{}] }),
          inShop("gateway.networking.k8s.io/v1:Gateway", "front", { infrastructure: { labels: { app: "front" } } }),
          security("AuthorizationPolicy", "by-label", { selector: { matchLabels: { app: "front" } }, rules: [{}] }),
          inShop("apps/v1:Deployment", "rear", {
            template: { metadata: { labels: { app: "rear" }, annotations: { "inject.istio.io/templates": "gateway" } }, spec: {} },
          }),
          security("AuthorizationPolicy", "by-pods", { selector: { matchLabels: { app: "rear" } }, rules: [{}] }),
        ],
      },
      { title: "denied but for what stays", resources: [rules("DENY", { to: [{ operation: { notPaths: ["/public*"] } }] })] },
    ],
    violating: [
      { title: "nothing is denied", resources: [member], finds: ["shop: "] },
      { title: "rules for one workload only", resources: [member, rules("ALLOW", from({ principals: [gate] }))], finds: ["shop: "] },
      { title: "everybody", resources: [rules("ALLOW", {})], finds: ["rules: spec.rules[0].from"] },
      {
        title: "everybody at a gateway, and at a service with the same label",
        resources: [
          inShop("gateway.networking.k8s.io/v1:Gateway", "front", { infrastructure: { labels: { app: "web" } } }),
          web(),
          rules("ALLOW", {}),
        ],
        finds: ["rules: spec.rules[0].from"],
      },
      {
        title: "an action, whoever asks",
        resources: [rules("ALLOW", { to: [{ operation: { methods: ["GET"] } }] })],
        finds: ["rules: spec.rules[0].from"],
      },
      {
        title: "an address instead of a caller, and any caller",
        resources: [rules("ALLOW", from({ ipBlocks: ["10.0.0.0/8"] }), from({ principals: ["*"] }))],
        finds: ["rules: spec.rules[0].from", "rules: spec.rules[1].from"],
      },
      {
        title: "any caller beside one that is named",
        resources: [rules("ALLOW", from({ principals: [gate, "*"] }), from({ principals: ["*"], namespaces: ["shop"] }))],
        finds: ["rules: spec.rules[0].from"],
      },
      {
        title: "a condition that every caller meets",
        resources: [
          rules("ALLOW", { when: [{ key: "source.principal", values: ["*"] }] }, { when: [{ key: "source.principal", values: [gate, "*"] }] }),
        ],
        finds: ["rules: spec.rules[0].from", "rules: spec.rules[1].from"],
      },
      {
        title: "a list of what is denied",
        resources: [rules("DENY", { to: [{ operation: { paths: ["/admin"] } }] })],
        finds: ["rules: spec.rules[0]"],
      },
    ],
    reads: {
      "deny-all: metadata.namespace": ["shop: "],
      "rules: spec.selector": [],
      "rules: spec.rules[0].from": ["rules: spec.rules[0].from"],
      "rules: spec.rules[0].from[0].source.principals": ["rules: spec.rules[0].from"],
      "rules: spec.action": [],
    },
  },
  "istio-injected": {
    compliant: [
      { title: "a namespace of the mesh", resources: [member, web()] },
      { title: "a namespace of a revision", resources: [namespace({ "istio.io/rev": "stable" }), web()] },
      { title: "an ambient mesh", resources: [ambient, web()] },
      { title: "a workload that joins by itself", resources: [plain, strict, web({ "sidecar.istio.io/inject": "true" })] },
      { title: "a stack without a mesh", resources: [plain, web()] },
    ],
    violating: [
      { title: "a namespace beside the mesh", resources: [plain, strict, web()], finds: ["shop: metadata.labels"] },
      { title: "injection switched off", resources: [namespace({ "istio-injection": "disabled" }), strict, web()], finds: ["shop: metadata.labels"] },
      {
        title: "a pod that opts out",
        resources: [member, pod("builder", {}, { annotations: { "sidecar.istio.io/inject": "false" } })],
        finds: ['builder: metadata.annotations["sidecar.istio.io/inject"]'],
      },
      {
        title: "pods that opt out of an ambient mesh",
        resources: [ambient, web({ "istio.io/dataplane-mode": "none" })],
        finds: ['web: spec.template.metadata.labels["istio.io/dataplane-mode"]'],
      },
      {
        title: "one namespace of two",
        resources: [
          resource("kubernetes:core/v1:Namespace", "mesh", { metadata: { name: "mesh", labels: { "istio-injection": "enabled" } } }),
          plain,
          web(),
        ],
        finds: ["shop: metadata.labels"],
      },
    ],
    reads: { "shop: metadata.labels": [], "web: spec.template.metadata.labels": [], "web: metadata.namespace": [] },
  },
};
