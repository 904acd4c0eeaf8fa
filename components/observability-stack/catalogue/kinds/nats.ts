import type { Observed } from "../../../../src/core/observed.ts";
import type { AlertRule, Recording } from "../model.ts";
import { consumersOf, factsOf, minutes, series } from "../promql.ts";
import { consumerAlerts, deadLetterAlerts, streamAlerts } from "./nats-streams.ts";

/** Each node of a cluster tells about every stream that it has a copy of: the highest figure is the newest. */
const newest = (it: Observed, metric: string, by: string) => `max by (${by}) (${series(metric, it)})`;
const consumer = "job, stream_name, consumer_name";

export const natsRecordings = (it: Observed): readonly Recording[] => [
  { record: "job_consumer:nats_pending:max", expr: newest(it, "jetstream_consumer_num_pending", consumer) },
  { record: "job_consumer:nats_ack_pending:max", expr: newest(it, "jetstream_consumer_num_ack_pending", consumer) },
  { record: "job_consumer:nats_redelivered:max", expr: newest(it, "jetstream_consumer_num_redelivered", consumer) },
  { record: "job_consumer:nats_ack_floor:max", expr: newest(it, "jetstream_consumer_ack_floor_stream_seq", consumer) },
  { record: "job_stream:nats_messages:max", expr: newest(it, "jetstream_stream_total_messages", "job, stream_name") },
  { record: "job_stream:nats_last_seq:max", expr: newest(it, "jetstream_stream_last_seq", "job, stream_name") },
  {
    record: "job_server:nats_storage:ratio",
    expr: `sum by (job, server_id) (${series("jetstream_server_total_message_bytes", it)}) / (sum by (job, server_id) (${series("jetstream_server_max_storage", it)}) > 0)`,
  },
];

export const natsAlerts = (it: Observed): readonly AlertRule[] => [
  ...serverAlerts(it),
  ...(it.replicas > 1 ? clusterAlerts(it) : []),
  ...storageAlerts(it),
  ...factsOf(it, "streams").map((stream) => streamAlerts(it, stream)),
  ...consumersOf(it).flatMap((which) => consumerAlerts(it, which)),
  ...factsOf(it, "deadLetters").flatMap((stream) => deadLetterAlerts(it, stream)),
];

/** One exporter asks all servers. It repeats old figures of `varz` when one is away, but not those of `connz`. */
const alive = "gnatsd_connz_num_connections";

const serverAlerts = (it: Observed): readonly AlertRule[] => [
  {
    name: "NatsUnreachable",
    expr: `${series("up", it)} == 1 unless on (job, instance) ${series(alive, it)}`,
    forSeconds: minutes(1),
    severity: "critical",
    summary: `${it.name} does not answer its exporter`,
    description: "The exporter runs, and no server answers it on its monitoring port.",
    meaning: "All servers are down, or so busy that their monitoring ports do not answer. One exporter asks them all.",
    threshold: "One minute: longer than a restart in lame duck mode.",
    remedy: "`npx groundplan verify` checks it from the network of its users; its log says why it ended.",
  },
  {
    name: "NatsConnectionsHigh",
    expr: `${series("gnatsd_varz_connections", it)} / ${series("gnatsd_varz_max_connections", it)} > 0.8`,
    forSeconds: minutes(5),
    severity: "warning",
    summary: `${it.name} is running out of connections`,
    description: "{{ $value | humanizePercentage }} of max_connections are taken at {{ $labels.server_id }}.",
    meaning: "Clients connect again and again, or do not share a connection.",
    threshold: "80 % of max_connections (65,536 unless it is set).",
    remedy: "`/connz?sort=msgs_to` on the monitoring port shows who is connected.",
  },
  {
    name: "NatsSlowConsumers",
    expr: `delta(${series("gnatsd_varz_slow_consumers", it)}[10m]) > 0`,
    forSeconds: 0,
    severity: "warning",
    summary: `${it.name} cuts off slow clients`,
    description: "{{ $value | humanize }} clients of {{ $labels.server_id }} were cut off within 10 minutes.",
    meaning: "A client did not read as fast as it was sent to; the server closed its connection and dropped what it had for it.",
    threshold: "Any: without JetStream those messages are lost to the client.",
    remedy: "The server's log names the client. Give it more replicas, or let it pull from a durable consumer.",
  },
  {
    name: "NatsCpuHigh",
    expr: `${series("gnatsd_varz_cpu", it)} / (100 * ${series("gnatsd_varz_gomaxprocs", it)}) > 0.9`,
    forSeconds: minutes(15),
    severity: "warning",
    summary: `${it.name} uses all of its processors`,
    description: "{{ $labels.server_id }} has used {{ $value | humanizePercentage }} of its processors for 15 minutes.",
    meaning: "The server is at its limit: latency rises, and Raft groups may lose their leaders.",
    threshold: "90 % for a quarter of an hour: short peaks are usual.",
    remedy: "Raise `cpus`, or spread streams over more nodes.",
  },
];

const clusterAlerts = (it: Observed): readonly AlertRule[] => [
  {
    name: "NatsServersMissing",
    expr: `count by (job) (${series(alive, it)}) < ${it.replicas}`,
    forSeconds: minutes(5),
    severity: "warning",
    summary: `${it.name} runs with fewer servers than planned`,
    description: `Only {{ $value }} of ${it.replicas} servers answer.`,
    meaning: "Streams with three copies go on with two; one more loss stops them.",
    threshold: "Five minutes: longer than a rolling update of one node.",
    remedy: "`docker ps --all` shows the node that is missing; its log has the reason. `npx groundplan up` brings it back.",
  },
  {
    name: "NatsRoutesMissing",
    expr: `${series("gnatsd_routez_num_routes", it)} < ${it.replicas - 1}`,
    forSeconds: minutes(5),
    severity: "warning",
    summary: `a server of ${it.name} does not see all others`,
    description: `{{ $labels.server_id }} has {{ $value }} routes, and there are ${it.replicas - 1} other servers.`,
    meaning: "Messages of clients at this server do not reach those at others, and it cannot lead streams.",
    threshold: "One route to each of the others is the least; servers since 2.10 keep several.",
    remedy: "The server's log says why routes fail: names, certificates, the password of routes.",
  },
];

function storageAlerts(it: Observed): readonly AlertRule[] {
  const ratio = series("job_server:nats_storage:ratio", it);
  const description = "{{ $value | humanizePercentage }} of the storage for JetStream is used at {{ $labels.server_id }}.";
  const remedy = "Look at the sizes of the streams on the dashboard; lower `maxBytes` or `maxAge` of the largest, or raise `storageGiB`.";
  return [
    {
      name: "NatsStorageHigh",
      expr: `${ratio} > 0.8`,
      forSeconds: minutes(10),
      severity: "warning",
      summary: `storage of ${it.name} fills up`,
      description,
      meaning: "Streams grow towards the limit of the server.",
      threshold: "80 %: time to act before publishers see errors.",
      remedy,
    },
    {
      name: "NatsStorageFull",
      expr: `${ratio} > 0.95`,
      forSeconds: minutes(1),
      severity: "critical",
      summary: `storage of ${it.name} is full`,
      description,
      meaning: "Publishers are answered with `insufficient resources`, or will be in a moment.",
      threshold: "95 %: what is left is minutes of traffic.",
      remedy,
    },
    {
      name: "NatsStreamNearLimit",
      expr: `${series("jetstream_stream_total_bytes", it)} / (${series("jetstream_stream_limit_bytes", it)} > 0) > 0.9`,
      forSeconds: minutes(10),
      severity: "info",
      summary: `a stream of ${it.name} is almost full`,
      description: "{{ $labels.stream_name }} has {{ $value | humanizePercentage }} of the bytes that it may have.",
      meaning: "With the policy `old` the oldest messages go, read or not; with `new` publishers are refused.",
      threshold: "90 % of `maxBytes`.",
      remedy: "If its consumers keep up, a full stream that drops old messages is as planned; silence the alert for it, or raise `maxBytes`.",
    },
  ];
}
