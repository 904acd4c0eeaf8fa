import type { Observed } from "../../../src/core/observed.ts";
import { servicesOf } from "../catalogue/cloudwatch/common.ts";
import { ofService, scraped } from "../catalogue/cloudwatch/formula.ts";
import { answered, decided } from "../catalogue/cloudwatch/labels.ts";
import type { Figure, Places } from "../catalogue/cloudwatch/model.ts";
import { consumersOf, factsOf } from "../catalogue/promql.ts";

/** Lines over time: the golden signals of the panels that a component has elsewhere, as far as CloudWatch has the figure. */
export interface Graph {
  readonly title: string;
  readonly lines: Readonly<Record<string, Figure>>;
}

type Of = ReturnType<typeof scraped>;
type Graphs = (of: Of, it: Observed, places: Places) => readonly Graph[];

const byKind: Readonly<Record<string, Graphs>> = {
  PostgresDb: (of, it, places) => [
    {
      title: "Transactions",
      lines: { committed: of("pg_stat_database_xact_commit", "Sum"), "rolled back": of("pg_stat_database_xact_rollback", "Sum") },
    },
    { title: "Connections", lines: { connections: of("pg_stat_activity_count", "Sum") } },
    { title: "Instance: busy, in percent", lines: { cpu: instance(it, places, "CPUUtilization", "Average") } },
    { title: "Instance: free disk", lines: { bytes: instance(it, places, "FreeStorageSpace", "Minimum") } },
  ],
  RedisCache: (of) => [
    { title: "Keys that were asked for", lines: { found: of("redis_keyspace_hits_total", "Sum"), missed: of("redis_keyspace_misses_total", "Sum") } },
    { title: "Clients", lines: { connected: of("redis_connected_clients", "Maximum") } },
  ],
  NatsCluster: (of, it) => [
    {
      title: "Messages since the start of a server",
      lines: { in: of("gnatsd_varz_in_msgs", "Maximum"), out: of("gnatsd_varz_out_msgs", "Maximum") },
    },
    {
      title: "Messages in streams",
      lines: Object.fromEntries(
        factsOf(it, "streams").map((stream) => [stream, of("jetstream_stream_total_messages", "Maximum", { stream_name: stream })]),
      ),
    },
    {
      title: "Messages that wait for consumers",
      lines: Object.fromEntries(
        consumersOf(it).map(({ stream, consumer }) => [
          `${stream}/${consumer}`,
          of("jetstream_consumer_num_pending", "Maximum", { stream_name: stream, consumer_name: consumer }),
        ]),
      ),
    },
  ],
  TemporalServer: (of, it) => [
    { title: "Requests", lines: { all: of("service_requests", "Sum", { service_name: "frontend" }) } },
    ...factsOf(it, "namespaces").map((namespace) => ({
      title: `Workflows of ${namespace} that ended`,
      lines: { succeeded: of("workflow_success", "Sum", { namespace }), failed: of("workflow_failed", "Sum", { namespace }) },
    })),
  ],
  OpaServer: (of) => [
    { title: "Decisions", lines: { decisions: of("http_request_duration_seconds", "SampleCount", decided) } },
    { title: "Seconds for a decision, on average", lines: { seconds: of("http_request_duration_seconds", "Average", decided) } },
  ],
  AppService: (of, it) =>
    it.metrics
      ? [
          { title: "Requests", lines: { all: of("http_requests_total", "Sum"), "5xx": of("http_requests_total", "Sum", answered("5xx")) } },
          { title: "Seconds for an answer, on average", lines: { seconds: of("http_request_duration_seconds", "Average") } },
        ]
      : [],
  ServiceMeshGateway: (_, it, places) => balancer(it, places),
  NatsTemporalBridge: (of) => [
    {
      title: "Messages by what became of them",
      lines: Object.fromEntries(["retried", "dead", "unroutable"].map((outcome) => [outcome, of("bridge_messages_total", "Sum", { outcome })])),
    },
    { title: "Messages that wait", lines: { waiting: of("bridge_pending_messages", "Maximum") } },
  ],
};

const balancer = (it: Observed, places: Places): readonly Graph[] => {
  const { LoadBalancer } = places.told(it.name);
  if (LoadBalancer === undefined) return [];
  const of = (metric: string, statistic: string): Figure => ({ namespace: "AWS/ApplicationELB", metric, dimensions: { LoadBalancer }, statistic });
  return [
    {
      title: "Requests",
      lines: { all: of("RequestCount", "Sum"), "5xx": of("HTTPCode_Target_5XX_Count", "Sum"), "5xx of its own": of("HTTPCode_ELB_5XX_Count", "Sum") },
    },
    { title: "Seconds for an answer", lines: { median: of("TargetResponseTime", "p50"), "slowest 1 %": of("TargetResponseTime", "p99") } },
  ];
};

const instance = ({ name }: Observed, { database }: Places, metric: string, statistic: string): Figure => ({
  namespace: "AWS/RDS",
  metric,
  dimensions: { DBInstanceIdentifier: database(name) },
  statistic,
});

/** All graphs of a component, those of its services by ECS last. */
export const graphsOf = (it: Observed, places: Places): readonly Graph[] =>
  [
    ...(byKind[it.kind]?.(scraped(places, it), it, places) ?? []),
    ...servicesOf(it).map(({ workload }) => ({
      title: `${workload}: tasks`,
      lines: {
        running: ofService(places, workload, "RunningTaskCount", "Minimum"),
        wanted: ofService(places, workload, "DesiredTaskCount", "Maximum"),
      },
    })),
  ].filter(({ lines }) => Object.keys(lines).length > 0);
