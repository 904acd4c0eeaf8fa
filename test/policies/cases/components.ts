import type { Resource } from "../../../policies/model.ts";
import { type PolicyCases, resource } from "../cases.ts";

type Inputs = Record<string, unknown>;
const component = (kind: string, name: string, inputs: Inputs = {}) =>
  resource(`groundplan:index:${kind}`, name, {
    kind,
    replicas: 3,
    storageGiB: 0,
    published: [],
    egress: [],
    bindings: {},
    probes: { [name]: "http GET /health" },
    reaches: { [name]: [] },
    ...inputs,
  });
const api = (inputs: Inputs = {}) => component("AppService", "api", inputs);
const reaching = (...addresses: string[]) => ({ reaches: { api: addresses } });
const db = component("PostgresDb", "db");
const gateway = (...addresses: string[]) => component("ServiceMeshGateway", "gateway", { reaches: { gateway: addresses } });
const telemetry = (reaches: Inputs = {}, more: string[] = []) => {
  const parts = ["telemetry-collector", "telemetry-prometheus", "telemetry-exporter-db", ...more];
  return component("ObservabilityStack", "telemetry", { probes: Object.fromEntries(parts.map((part) => [part, "tcp connect"])), reaches });
};
const below = (parent: Resource, type: string, name: string, inputs: Inputs = {}) => resource(type, name, inputs, { parent: parent.urn });
const inContainer = (of: Resource) => below(of, "docker:index/container:Container", `${of.name}-server`, { image: "acme/server:1.0.0" });

const lone = component("PostgresDb", "db", { replicas: 1 });
const published = api({ published: ["http"] });
const alarm = below(api(), "aws:cloudwatch/metricAlarm:MetricAlarm", "api-errors");

export const componentCases: Readonly<Record<string, PolicyCases>> = {
  "component-replicas": {
    compliant: [
      { title: "two replicas", resources: [api({ replicas: 2 })] },
      {
        title: "replicas that Kubernetes counts",
        resources: [api({ replicas: 1 }), below(api(), "kubernetes:apps/v1:Deployment", "api", { spec: { replicas: 1 } })],
      },
      { title: "one replica for development", stage: "dev", resources: [api({ replicas: 1 })] },
    ],
    violating: [
      { title: "one replica", resources: [api({ replicas: 1 })], finds: ["api: replicas"] },
      { title: "a message server alone", stage: "staging", resources: [component("NatsCluster", "bus", { replicas: 1 })], finds: ["bus: replicas"] },
    ],
    reads: { "api: replicas": ["api: replicas"] },
  },
  "component-single-point": {
    compliant: [
      { title: "two gateways", resources: [component("ServiceMeshGateway", "gateway", { replicas: 2 }), inContainer(gateway())] },
      { title: "a managed database", resources: [lone, below(lone, "aws:rds/instance:Instance", "db-instance", { multiAz: true })] },
    ],
    violating: [{ title: "a database in one container", resources: [lone, inContainer(lone)], finds: ["db: replicas"] }],
    reads: { "gateway: replicas": ["gateway: replicas"] },
  },
  "component-route": {
    compliant: [
      { title: "a published service behind the gateway", resources: [published, gateway("api:8000")] },
      { title: "a service that is not published", resources: [api()] },
    ],
    violating: [
      { title: "no gateway", resources: [published], finds: ["api: published"] },
      {
        title: "a gateway to another service",
        resources: [published, component("AppService", "shop"), gateway("shop:8000")],
        finds: ["api: published"],
      },
    ],
    reads: { "api: published": [], "gateway: reaches": ["api: published"] },
  },
  "component-telemetry": {
    compliant: [
      { title: "a service that sends telemetry", resources: [api(reaching("db:5432", "telemetry-collector:4318")), db, telemetry()] },
      { title: "alarms of the target", resources: [api(), alarm] },
      { title: "nothing that observes, before production", stage: "staging", resources: [api()] },
    ],
    violating: [
      { title: "a service that tells nothing", resources: [api(reaching("db:5432")), db, telemetry()], finds: ["api: bindings"] },
      {
        title: "a service of which only metrics are read",
        resources: [api(), telemetry({ "telemetry-prometheus": ["api:8080"] })],
        finds: ["api: bindings"],
      },
      { title: "nothing that observes", resources: [api()], finds: ["api: bindings"] },
      {
        title: "a bridge, before production",
        stage: "staging",
        resources: [component("NatsTemporalBridge", "bridge"), telemetry()],
        finds: ["bridge: bindings"],
      },
    ],
    reads: { "api: reaches": ["api: bindings"], "telemetry: probes": ["api: bindings"] },
  },
  "component-zones": {
    compliant: [
      {
        title: "gateway, service, database, with an exporter beside",
        resources: [
          gateway("api:8000"),
          api(reaching("db:5432")),
          db,
          telemetry({ "telemetry-exporter-db": ["db:5432"], "telemetry-prometheus": ["api:8080"] }),
        ],
      },
    ],
    violating: [
      { title: "a gateway to a database", resources: [gateway("api:8000", "db:5432"), api(), db], finds: ["gateway: reaches.gateway"] },
      {
        title: "telemetry that looks into a database",
        resources: [telemetry({ "telemetry-prometheus": ["db:5432"] }), db],
        finds: ["telemetry: reaches.telemetry-prometheus"],
      },
      {
        title: "a database that calls a service",
        resources: [component("PostgresDb", "db", { reaches: { db: ["api:8000"] } }), api()],
        finds: ["db: reaches.db"],
      },
    ],
    reads: { "gateway: reaches": [], "api: reaches": [], "db: probes": [] },
  },
  "component-egress": {
    compliant: [{ title: "hosts with their ports", resources: [api({ egress: ["api.openai.com:443", "*.example.com:443"] })] }],
    violating: [
      {
        title: "anywhere",
        resources: [api({ egress: ["*:443", "0.0.0.0/0:443", "*.com:443"] })],
        finds: ["api: egress[0]", "api: egress[1]", "api: egress[2]"],
      },
      {
        title: "any port",
        resources: [api({ egress: ["api.openai.com:0", "api.openai.com:*", "api.openai.com"] })],
        finds: ["api: egress[0]", "api: egress[1]", "api: egress[2]"],
      },
    ],
    reads: { "api: egress": [], "api: egress[0]": [] },
  },
  "component-alert-receivers": {
    compliant: [{ title: "somebody is told", resources: [telemetry({}, ["telemetry-alertmanager"])] }],
    violating: [{ title: "nobody is told", resources: [telemetry()], finds: ["telemetry: probes"] }],
    reads: { "telemetry: probes": ["telemetry: probes"] },
  },
};
