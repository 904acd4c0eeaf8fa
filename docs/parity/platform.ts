import { translations } from "../../components/service-mesh-gateway/translations.ts";
import { awsTranslations } from "../../components/service-mesh-gateway/translations-aws.ts";
import type { Cell } from "../../src/core/capabilities.ts";
import { type ArgumentCell, type ArgumentRow, asMatrix, byMatrix, cellOf, everywhere, honoured, row, translated } from "./cells.ts";

type Rows = Readonly<Record<string, ArgumentRow>>;

const temporal: Rows = {
  database: everywhere("connection of the server and of its schema job: variables, an opened path and start order"),
  visibility: everywhere("connection of the server and of its schema job: variables, an opened path and start order"),
  historyShards: everywhere("number of shards, told to the server; another one on kept data is an error of the job"),
  version: everywhere("images of server and tools; the schema job goes one minor version at a time"),
  namespaces: asMatrix("temporal"),
  dynamicConfig: everywhere("the file of the dynamic configuration"),
  ui: everywhere("a workload of its own"),
  maxConnections: everywhere("sizes of the pools, divided among what runs"),
  memoryMiB: everywhere("memory of the server; where its roles run apart, shared out among them"),
  cpus: everywhere("processors of the server; where its roles run apart, shared out among them"),
  logLevel: everywhere("variable of the server"),
  existing: asMatrix("existing"),
};

const opa: Rows = {
  policies: asMatrix("opa"),
  bundle: row(
    "pulled by the server from the registry, which is its one way out",
    "pulled by the server from the registry, which is its one way out",
    "pulled by the server from the registry, which is its one way out; one of ECR is refused",
  ),
  path: everywhere("roots of the bundle, and the path of the connection"),
  replicas: row("containers behind one alias", "replicas of the Deployment", "tasks of the service"),
  decisionLogs: everywhere("configuration of the server: decisions on its standard output"),
  maskInputs: everywhere("a policy of package system.log in the bundle"),
  memoryMiB: row("limit of the container", "request and limit of the container", "memory of the task"),
  cpus: row("limit of the container", "request of the container", "the next size of a Fargate task"),
  existing: asMatrix("existing"),
};

const bridge: Rows = {
  nats: everywhere("connection of the bridge: variables, an opened path and start order"),
  temporal: everywhere("connection of the bridge: variables, an opened path and start order"),
  stream: everywhere("configuration of the bridge"),
  consumer: everywhere("configuration of the bridge"),
  routes: asMatrix("bridge"),
  maxDeliver: everywhere("configuration of the bridge"),
  maxInFlight: everywhere("configuration of the bridge"),
  replicas: row("containers", "replicas of the Deployment", "tasks of the service"),
  telemetry: everywhere("variables of OpenTelemetry and an opened path"),
  memoryMiB: row("limit of the container", "request and limit of the container", "memory of the task"),
  cpus: row("limit of the container", "request of the container", "the next size of a Fargate task"),
  stopSeconds: everywhere("the longest that a message may take when it stops"),
};

const telemetry: Rows = {
  observes: asMatrix("telemetry"),
  traces: row(
    "Tempo, Jaeger or none, and the pipeline of the collector",
    "Tempo, Jaeger or none, and the pipeline of the collector",
    byMatrix("traceStore", "aws"),
  ),
  receivers: row(
    "configuration of the alert manager, with its way out",
    "configuration of the alert manager, with its way out",
    "topics of SNS, which alarms tell: addresses of mail, and webhooks by HTTPS outside; a channel of Slack is refused",
  ),
  scrapeSeconds: everywhere("interval of scrapes and of rules"),
  monitors: asMatrix("monitors"),
  retentionDays: asMatrix("telemetryStores"),
  storageGiB: row(
    translated("metrics hold to it; a named volume has no size limit"),
    "size of the volume claims",
    byMatrix("telemetryStores", "aws"),
  ),
  memoryMiB: row(
    "limits of the containers",
    "requests and limits of the containers",
    translated("memory of the tasks of collector and exporters; of the stores, which are none, it is refused"),
  ),
  aws: asMatrix("managedTelemetry"),
};

/** What is below an argument of a gateway is told there. */
const apart = (argument: string) => honoured(`argument by argument in [gateway.md](gateway.md), \`${argument}\``);

const told = (argument: string, cell: Cell | undefined): ArgumentCell => (cell ? cellOf(cell) : apart(argument));

/** No answer is compressed there, so to ask for none changes nothing; to ask for it is refused. */
const onAws = (argument: string): ArgumentCell => ({
  ...told(argument, awsTranslations[argument]),
  ...(argument === "gzip" ? { idle: true } : {}),
});

/** As docs/gateway.md has them, on Kubernetes in the standard interface. */
const gateway: Rows = {
  ...Object.fromEntries(
    ["hosts", "routes", "tls", "hsts", "securityHeaders", "gzip", "replicas", "memoryMiB", "cpus", "adminRoutes"].map((argument) => {
      const { docker, gatewayApi } = translations[argument] ?? {};
      return [argument, row(told(argument, docker), told(argument, gatewayApi), onAws(argument))];
    }),
  ),
  api: asMatrix("gatewayInterface"),
  auth: asMatrix("login"),
  aws: asMatrix("gatewayAws"),
};

export const platformRows: Readonly<
  Record<"TemporalServer" | "OpaServer" | "NatsTemporalBridge" | "ObservabilityStack" | "ServiceMeshGateway", Rows>
> = {
  TemporalServer: temporal,
  OpaServer: opa,
  NatsTemporalBridge: bridge,
  ObservabilityStack: telemetry,
  ServiceMeshGateway: gateway,
};
