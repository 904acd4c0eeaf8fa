import { type PolicyCases, resource } from "../cases.ts";
import { cronJob, deployment, inShop, listOf, namespace, service, statefulSet } from "../kubernetes-objects.ts";

const web = deployment("web", { containers: [{ name: "web", ports: [{ name: "http", containerPort: 8080 }] }] });
const ports = (...list: Record<string, unknown>[]) => service("web-in", { selector: { app: "web" }, ports: list });
const labelled = (matchLabels: Record<string, unknown>) => statefulSet("db", {}, { selector: { matchLabels } });

export const kubernetesReferenceCases: Readonly<Record<string, PolicyCases>> = {
  "k8s-stable-api": {
    compliant: [
      { title: "a Deployment and its Service", resources: [web, ports({ port: 80, targetPort: "http" })] },
      { title: "a port by its number", resources: [web, ports({ port: 8080 })] },
      {
        title: "a port that nobody declared",
        resources: [deployment("web", { containers: [{ name: "web" }] }), ports({ port: 80, targetPort: 3000 })],
      },
      {
        title: "figures of the proxy that a mesh puts into the pods",
        resources: [namespace({ "istio-injection": "enabled" }), web, ports({ port: 15090 }, { port: 15020, targetPort: 15020 })],
      },
      { title: "a beta of somebody else", resources: [inShop("external-secrets.io/v1beta1:ExternalSecret", "db", {})] },
      { title: "a Service of what is elsewhere", resources: [service("outside", { selector: undefined })] },
      {
        title: "a selector by expressions",
        resources: [
          deployment(
            "web",
            {},
            {
              selector: {
                matchExpressions: [
                  { key: "app", operator: "Exists" },
                  { key: "old", operator: "DoesNotExist" },
                ],
              },
            },
          ),
        ],
      },
    ],
    violating: [
      {
        title: "the same ports where no mesh puts a proxy",
        resources: [namespace(), web, ports({ port: 15090 })],
        finds: ["web-in: spec.ports[0].targetPort"],
      },
      { title: "a beta within a list", resources: [listOf("apps/v1beta1:Deployment", deployment("web", {}))], finds: ["all: items[0].apiVersion"] },
      {
        title: "a controller of the oldest kind that does not select its pods",
        resources: [inShop("core/v1:ReplicationController", "web", { selector: { app: "api" }, template: { metadata: { labels: { app: "web" } } } })],
        finds: ["web: spec.selector"],
      },
      { title: "a version that is gone", resources: [cronJob("report", {}, "batch/v1beta1")], finds: ["report: apiVersion"] },
      {
        title: "an alpha version",
        resources: [resource("kubernetes:storage.k8s.io/v1alpha1:VolumeAttributesClass", "fast", {})],
        finds: ["fast: apiVersion"],
      },
      { title: "pods of its own that it does not select", resources: [labelled({ app: "database" })], finds: ["db: spec.selector"] },
      { title: "one label too many", resources: [labelled({ app: "db", tier: "data" })], finds: ["db: spec.selector"] },
      { title: "no selector", resources: [deployment("web", {}, { selector: undefined })], finds: ["web: spec.selector"] },
      {
        title: "ports that no container has",
        resources: [web, ports({ port: 80 }, { port: 81, targetPort: "admin" })],
        finds: ["web-in: spec.ports[0].targetPort", "web-in: spec.ports[1].targetPort"],
      },
    ],
    reads: {
      "web: spec.selector": ["web: spec.selector"],
      "web: spec.template.metadata.labels.app": ["web: spec.selector"],
      "web: spec.template.spec.containers[0].ports[0].name": ["web-in: spec.ports[0].targetPort"],
    },
  },
};
