import { type Capability, coarser, refused, row, yes } from "./cell.ts";

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
    yes(
      "a collector, a scraper and exporters as tasks; figures and dashboards in CloudWatch, alarms from the same catalogue, logs in CloudWatch Logs, traces in X-Ray, receivers by SNS",
    ),
  ),
  traceStore: row(
    "ObservabilityStack",
    "traces: tempo or jaeger",
    yes("a container with a volume"),
    yes("a pod with a volume claim"),
    refused("X-Ray keeps traces; leave it out, or set traces: none under components of the environment on AWS"),
  ),
  telemetryStores: row(
    "ObservabilityStack",
    "retentionDays, storageGiB, and memoryMiB of the stores",
    yes("of each container and its volume"),
    yes("of each pod and its volume claim"),
    refused("CloudWatch and X-Ray have no such sizes: figures stay 15 months, traces 30 days, logs as long as the profile says; leave it out"),
  ),
  managedTelemetry: row(
    "ObservabilityStack",
    "settings of the managed services (aws)",
    refused("only AWS has these services; set them under components of the environment on AWS"),
    refused("only AWS has these services; set them under components of the environment on AWS"),
    yes("taken as they are"),
  ),
  managedGrafana: row(
    "ObservabilityStack",
    "a workspace of Amazon Managed Grafana (aws.grafana)",
    refused("a Grafana of its own has the dashboards; leave it out"),
    refused("a Grafana of its own has the dashboards; leave it out"),
    yes("the same dashboards, handed to its API by a function; it asks the workspace of Prometheus"),
  ),
  monitors: row(
    "ObservabilityStack",
    "objects for a Prometheus operator (monitors)",
    refused("no operator is there; leave it out, the stack's own Prometheus scrapes"),
    yes("PodMonitor for each target that serves figures, and a PrometheusRule; not in a mesh, where only the stack's own Prometheus has an identity"),
    refused("no operator is there; leave it out: CloudWatch has the same alerts, and with aws.prometheus so has a workspace of Prometheus"),
  ),
  gateway: row(
    "ServiceMeshGateway",
    "routes from outside",
    yes("nginx, on ports of 127.0.0.1"),
    yes("Gateway API, or the API of Istio; served by Istio"),
    yes("an Application Load Balancer behind WAF"),
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
    "tls.certificate.issuer: acme, or an issuer by name",
    refused(
      "nothing here issues certificates that others trust; give certificate and key, or set it under components of the environment on Kubernetes",
    ),
    yes("cert-manager, by ACME or by an issuer that the cluster has"),
    refused("no cert-manager is there; use issuer: { acm: { hostedZone } }, or give certificate and key"),
  ),
  acmIssuer: row(
    "ServiceMeshGateway",
    "tls.certificate.issuer: acm",
    refused("ACM is of AWS; give certificate and key, or set it under components of the environment on AWS"),
    refused("ACM is of AWS; use issuer acme or one by name, or set it under components of the environment on AWS"),
    yes("ACM, proved and addressed by records of a zone of Route 53"),
  ),
  login: row(
    "ServiceMeshGateway",
    "login for adminRoutes (auth)",
    refused("nothing here asks who somebody is; leave it out, then adminRoutes are not served, or set it under components of the environment on AWS"),
    refused("nothing here asks who somebody is; leave it out, then adminRoutes are not served, or set it under components of the environment on AWS"),
    yes("the load balancer lets OpenID Connect or Cognito say who somebody is"),
  ),
  gatewayAws: row(
    "ServiceMeshGateway",
    "settings of the load balancer (aws)",
    refused("only AWS has these settings; set them under components of the environment on AWS"),
    refused("only AWS has these settings; set them under components of the environment on AWS"),
    yes("taken as they are"),
  ),
  mesh: row(
    "every component",
    "mesh between services: retries, outliers, mutual TLS",
    coarser("no proxy is between: nothing is tried again, and who connects is told by the network alone"),
    yes("proxies of Istio with kubernetes.mesh.mode: sidecar"),
    coarser(
      "Service Connect: a failed connection is tried twice more on another task, a task that fails five times within 30 seconds is left out for 30 to 300; ECS fixes these figures. No mutual TLS: that needs a private authority of AWS",
    ),
  ),
} as const satisfies Record<string, Capability>;
