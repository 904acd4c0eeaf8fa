import type { Observed } from "../../../../src/core/observed.ts";
import type { Section, Stat } from "../model.ts";
import { factsOf, quoted, rate, series } from "../promql.ts";

export const natsStats = (it: Observed): readonly Stat[] => [
  { type: "stat", title: "Servers", unit: "short", query: `count(${series("gnatsd_connz_num_connections", it)})`, good: { from: it.replicas } },
  { type: "stat", title: "Messages wait", unit: "short", query: `sum(${series("job_consumer:nats_pending:max", it)})` },
  ...factsOf(it, "deadLetters").map(
    (stream): Stat => ({
      type: "stat",
      title: `Dead letters in ${stream}`,
      unit: "short",
      query: `sum(${series("job_stream:nats_messages:max", it, `stream_name=${quoted(stream)}`)})`,
      good: { below: 1 },
    }),
  ),
];

export const natsSections = (it: Observed): readonly Section[] => [
  {
    title: "Golden signals",
    panels: [
      {
        type: "timeseries",
        title: "Messages",
        unit: "ops",
        queries: [
          { expr: `sum(${rate("gnatsd_varz_in_msgs", it)})`, legend: "in" },
          { expr: `sum(${rate("gnatsd_varz_out_msgs", it)})`, legend: "out" },
        ],
      },
      {
        type: "timeseries",
        title: "Slow clients cut off",
        unit: "short",
        queries: [{ expr: `delta(${series("gnatsd_varz_slow_consumers", it)}[10m])`, legend: "{{server_id}}" }],
      },
      {
        type: "timeseries",
        title: "Storage used",
        unit: "percentunit",
        queries: [{ expr: series("job_server:nats_storage:ratio", it), legend: "{{server_id}}" }],
        limits: [0.8, 0.95],
      },
      {
        type: "timeseries",
        title: "Processors used",
        unit: "percentunit",
        queries: [{ expr: `${series("gnatsd_varz_cpu", it)} / (100 * ${series("gnatsd_varz_gomaxprocs", it)})`, legend: "{{server_id}}" }],
        limits: [0.7, 0.9],
      },
    ],
  },
  {
    title: "Streams and consumers",
    panels: [
      {
        type: "timeseries",
        title: "Messages in streams",
        unit: "short",
        queries: [{ expr: series("job_stream:nats_messages:max", it), legend: "{{stream_name}}" }],
      },
      {
        type: "timeseries",
        title: "Size of streams",
        unit: "bytes",
        queries: [{ expr: `max by (stream_name) (${series("jetstream_stream_total_bytes", it)})`, legend: "{{stream_name}}" }],
      },
      {
        type: "timeseries",
        title: "Published",
        unit: "ops",
        queries: [{ expr: `rate(${series("job_stream:nats_last_seq:max", it)}[5m])`, legend: "{{stream_name}}" }],
      },
      {
        type: "timeseries",
        title: "Acknowledged in order",
        unit: "ops",
        queries: [{ expr: `rate(${series("job_consumer:nats_ack_floor:max", it)}[5m])`, legend: "{{stream_name}}/{{consumer_name}}" }],
      },
      {
        type: "timeseries",
        title: "Waiting",
        unit: "short",
        queries: [{ expr: series("job_consumer:nats_pending:max", it), legend: "{{stream_name}}/{{consumer_name}}" }],
      },
      {
        type: "timeseries",
        title: "Being worked on, and again",
        unit: "short",
        queries: [
          { expr: series("job_consumer:nats_ack_pending:max", it), legend: "{{consumer_name}} not acknowledged" },
          { expr: series("job_consumer:nats_redelivered:max", it), legend: "{{consumer_name}} delivered again" },
        ],
      },
    ],
  },
  {
    title: "Servers",
    panels: [
      {
        type: "timeseries",
        title: "Connections",
        unit: "short",
        queries: [{ expr: series("gnatsd_varz_connections", it), legend: "{{server_id}}" }],
      },
      { type: "timeseries", title: "Memory", unit: "bytes", queries: [{ expr: series("gnatsd_varz_mem", it), legend: "{{server_id}}" }] },
      ...(it.replicas > 1
        ? [
            {
              type: "timeseries" as const,
              title: "Routes",
              unit: "short" as const,
              queries: [{ expr: series("gnatsd_routez_num_routes", it), legend: "{{server_id}}" }],
            },
          ]
        : []),
    ],
  },
];
