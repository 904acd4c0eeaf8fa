import { type PolicyCases, resource } from "../cases.ts";
import { deployment, inShop, service } from "../kubernetes-objects.ts";

const role = (rules: Record<string, unknown>[], kind = "Role") =>
  resource(`kubernetes:rbac.authorization.k8s.io/v1:${kind}`, "support", { metadata: { name: "support", namespace: "shop" }, rules });
const rule = (resources: string[], verbs: string[], more: Record<string, unknown> = {}) => ({ apiGroups: [""], resources, verbs, ...more });
const binding = (name: string, subjects: Record<string, unknown>[]) =>
  resource("kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding", "grant", {
    metadata: { name: "grant" },
    roleRef: { kind: "ClusterRole", name },
    subjects,
  });
const deployer = { kind: "ServiceAccount", name: "deployer", namespace: "shop" };

const web = deployment("web", { containers: [{ name: "web" }] });
const published = (spec: Record<string, unknown>, annotations: Record<string, unknown> = {}) => [
  web,
  service("web-in", { selector: { app: "web" }, ...spec }, { annotations }),
];
const balancer = { type: "LoadBalancer" };

export const kubernetesAccessCases: Readonly<Record<string, PolicyCases>> = {
  "k8s-rbac-least": {
    compliant: [
      { title: "what a controller needs", resources: [role([rule(["pods", "services"], ["get", "list", "watch"])])] },
      { title: "one Secret by its name", resources: [role([rule(["secrets"], ["get"], { resourceNames: ["web"] })])] },
      { title: "Secrets that are only written", resources: [role([rule(["secrets"], ["create"])])] },
      { title: "a binding of a role of its own", resources: [binding("shop-deployer", [deployer])] },
      {
        title: "a right for the accounts of one namespace",
        resources: [binding("shop-reader", [{ kind: "Group", name: "system:serviceaccounts:shop" }])],
      },
    ],
    violating: [
      {
        title: "everything on everything",
        resources: [role([rule(["*"], ["*"])], "ClusterRole")],
        finds: ["support: rules[0].verbs", "support: rules[0].resources"],
      },
      { title: "every Secret", resources: [role([rule(["pods"], ["get"]), rule(["secrets"], ["list"])])], finds: ["support: rules[1].resources"] },
      { title: "commands in pods", resources: [role([rule(["pods/exec"], ["create"])])], finds: ["support: rules[0].resources"] },
      {
        title: "commands in whatever takes them",
        resources: [role([rule(["*/exec", "*/attach"], ["create"])])],
        finds: ["support: rules[0].resources"],
      },
      {
        title: "a role within a list, and a patch of one",
        resources: [
          resource("kubernetes:rbac.authorization.k8s.io/v1:RoleList", "roles", { items: [{ rules: [rule(["secrets"], ["list"])] }] }),
          resource("kubernetes:rbac.authorization.k8s.io/v1:ClusterRolePatch", "support", { rules: [rule(["*"], ["get"])] }),
          resource("kubernetes:rbac.authorization.k8s.io/v1:RoleBindingPatch", "grant", { roleRef: { name: "cluster-admin" } }),
        ],
        finds: ["roles: items[0].rules[0].resources", "support: rules[0].resources", "grant: roleRef.name"],
      },
      { title: "rights to pass on", resources: [role([rule(["roles"], ["escalate", "bind"])])], finds: ["support: rules[0].verbs"] },
      { title: "an administrator", resources: [binding("cluster-admin", [deployer])], finds: ["grant: roleRef.name"] },
      {
        title: "a right for everybody",
        resources: [binding("shop-reader", [deployer, { kind: "Group", name: "system:authenticated" }, { kind: "Group", name: "system:masters" }])],
        finds: ["grant: subjects[1].name", "grant: subjects[2].name"],
      },
      {
        title: "a right for every pod of the cluster",
        resources: [binding("shop-reader", [{ kind: "Group", name: "system:serviceaccounts" }])],
        finds: ["grant: subjects[0].name"],
      },
    ],
    reads: { "support: rules[0].resources": [], "support: rules[0].verbs": [], "support: rules": [] },
  },
  "k8s-exposure": {
    compliant: [
      { title: "a Service within the cluster", resources: published({ type: "ClusterIP", externalIPs: [] }) },
      { title: "a load balancer for named networks", resources: published({ ...balancer, loadBalancerSourceRanges: ["198.51.100.0/24"] }) },
      { title: "a load balancer within", resources: published(balancer, { "service.beta.kubernetes.io/aws-load-balancer-scheme": "internal" }) },
      {
        title: "a name of what is outside",
        resources: [web, service("mail", { type: "ExternalName", selector: undefined, externalName: "mail.example" })],
      },
      { title: "pods of another stack", resources: [service("web-in")] },
      {
        title: "pods that a controller makes out of a Gateway",
        resources: [
          web,
          inShop("gateway.networking.k8s.io/v1:Gateway", "front", { infrastructure: { labels: { app: "web-in" } } }),
          service("web-in"),
        ],
      },
    ],
    violating: [
      { title: "a port of every node", resources: published({ type: "NodePort" }), finds: ["web-in: spec.type"] },
      { title: "a load balancer for everybody", resources: published(balancer), finds: ["web-in: spec.loadBalancerSourceRanges"] },
      {
        title: "everybody written out",
        resources: published({ ...balancer, loadBalancerSourceRanges: ["198.51.100.0/24", "0.0.0.0/0"] }),
        finds: ["web-in: spec.loadBalancerSourceRanges[1]"],
      },
      {
        title: "everybody in halves, and good parts of everybody",
        resources: published({ ...balancer, loadBalancerSourceRanges: ["0.0.0.0/1", "128.0.0.0/1", "2000::/3", "10.0.0.0/8"] }),
        finds: [0, 1, 2].map((index) => `web-in: spec.loadBalancerSourceRanges[${index}]`),
      },
      { title: "an address of somebody", resources: published({ externalIPs: ["203.0.113.10"] }), finds: ["web-in: spec.externalIPs"] },
      { title: "a selector of pods that are gone", resources: published({ selector: { app: "backend-v1" } }), finds: ["web-in: spec.selector"] },
    ],
    reads: {
      "web-in: spec.type": [],
      "web-in: spec.externalIPs": [],
      "web-in: spec.selector.app": [],
      "web: spec.template.metadata.labels": ["web-in: spec.selector"],
    },
  },
};
