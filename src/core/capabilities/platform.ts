import { type Capability, notBuilt, refused, row, yes } from "./cell.ts";

/** Systems between the services and around them. */
export const platformSystems = {
  temporal: row(
    "TemporalServer",
    "server, schema, namespaces, search attributes, UI",
    yes("one server with all roles beside its UI; jobs bring schema and namespaces up to date at every up"),
    yes(
      "roles as Deployments of their own where data is guarded, otherwise one server; Jobs named by what they do bring schema and namespaces up to date",
    ),
    yes("roles as services of ECS of their own where data is guarded, otherwise one; tasks that run once bring schema and namespaces up to date"),
  ),
  opa: row(
    "OpaServer",
    "policies as a bundle, decision logs",
    yes("a container that reads the bundle from its files, or pulls it from a registry"),
    yes("replicas behind a Service; the bundle is a ConfigMap, or is pulled from a registry"),
    yes("tasks of a service; the bundle is an object of S3 that their role may read, or is pulled from a registry other than ECR"),
  ),
  bridge: row(
    "NatsTemporalBridge",
    "workflows from messages",
    yes("containers that share a durable consumer"),
    yes("pods that share a durable consumer"),
    yes("tasks that share a durable consumer; the image is pushed to an ECR repository"),
  ),
  telemetry: row(
    "ObservabilityStack",
    "metrics, logs, traces, dashboards, alerts",
    yes("containers; the logs of all others reach the collector by the fluentd driver, on 127.0.0.1"),
    yes("pods, and an agent on each node that reads the logs of the stack's pods"),
    notBuilt,
  ),
  monitors: row(
    "ObservabilityStack",
    "objects for a Prometheus operator (monitors)",
    refused("no operator is there; leave it out, the stack's own Prometheus scrapes"),
    yes("PodMonitor for each target that serves figures, and a PrometheusRule; not in a mesh, where only the stack's own Prometheus has an identity"),
    refused("no operator is there; leave it out"),
  ),
  gateway: row(
    "ServiceMeshGateway",
    "routes from outside",
    yes("nginx, on ports of 127.0.0.1"),
    yes("Gateway API, or the API of Istio; served by Istio"),
    notBuilt,
  ),
  gatewayInterface: row(
    "ServiceMeshGateway",
    "api",
    refused("only a cluster has interfaces to choose from; set it under components of the environment on Kubernetes"),
    yes("gateway-api (Gateway, HTTPRoute) or istio (Gateway, VirtualService)"),
    refused("only a cluster has interfaces to choose from; set it under components of the environment on Kubernetes"),
  ),
  issuers: row(
    "ServiceMeshGateway",
    "tls.certificate.issuer",
    refused(
      "nothing here issues certificates that others trust; give certificate and key, or set it under components of the environment on Kubernetes",
    ),
    yes("cert-manager, by ACME or by an issuer that the cluster has"),
    refused("not built for this target yet; give certificate and key"),
  ),
} as const satisfies Record<string, Capability>;
