import { translations } from "../../components/service-mesh-gateway/translations.ts";
import { type ArgumentCell, type ArgumentRow, asMatrix, byMatrix, cellOf, everywhere, honoured, onceBuilt, row, translated } from "./cells.ts";

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
};

const opa: Rows = {
  policies: asMatrix("opa"),
  bundle: everywhere("pulled by the server from the registry, which is its one way out"),
  path: everywhere("roots of the bundle, and the path of the connection"),
  replicas: row("containers behind one alias", "replicas of the Deployment", "tasks of the service"),
  decisionLogs: everywhere("configuration of the server: decisions on its standard output"),
  maskInputs: everywhere("a policy of package system.log in the bundle"),
  memoryMiB: row("limit of the container", "request and limit of the container", "memory of the task"),
  cpus: row("limit of the container", "request of the container", "the next size of a Fargate task"),
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
  traces: everywhere("Tempo, Jaeger or none, and the pipeline of the collector"),
  receivers: everywhere("configuration of the alert manager, with its way out"),
  scrapeSeconds: everywhere("interval of scrapes and of rules"),
  monitors: asMatrix("monitors"),
  retentionDays: everywhere("retention of each store"),
  storageGiB: row(
    translated("metrics hold to it; a named volume has no size limit"),
    "size of the volume claims",
    translated("what the stores are on AWS has no size"),
  ),
  memoryMiB: row("limits of the containers", "requests and limits of the containers", "memory of the tasks"),
};

/** What a gateway on AWS makes of the arguments that have a row here. */
const gatewayOnAws: Readonly<Record<string, ArgumentCell>> = {
  api: byMatrix("gatewayInterface", "aws"),
  hosts: honoured("hosts of the rules and of the certificate"),
};

/** Docker and Kubernetes as docs/gateway.md has them, in the standard interface; what is below a map is told there, argument by argument. */
const gateway: Rows = Object.fromEntries(
  ["api", "hosts", "routes", "tls", "hsts", "securityHeaders", "gzip", "replicas", "memoryMiB", "cpus"].map((argument) => {
    const told = translations[argument];
    const apart = honoured(`argument by argument in [gateway.md](gateway.md), \`${argument}\``);
    return [argument, row(told ? cellOf(told.docker) : apart, told ? cellOf(told.gatewayApi) : apart, gatewayOnAws[argument] ?? apart)];
  }),
);

/** The system of each argument is refused where the system is, until its row of the matrix says otherwise. */
export const platformRows: Readonly<
  Record<"TemporalServer" | "OpaServer" | "NatsTemporalBridge" | "ObservabilityStack" | "ServiceMeshGateway", Rows>
> = {
  TemporalServer: onceBuilt("temporal", temporal),
  OpaServer: onceBuilt("opa", opa),
  NatsTemporalBridge: onceBuilt("bridge", bridge),
  ObservabilityStack: onceBuilt("telemetry", telemetry),
  ServiceMeshGateway: onceBuilt("gateway", gateway),
};
