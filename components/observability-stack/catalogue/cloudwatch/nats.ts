import type { Observed } from "../../../../src/core/observed.ts";
import { factsOf } from "../promql.ts";
import { aboutOf, absent, firstLimitOf, formula, limitOf, ratio, scraped, single, windowOf } from "./formula.ts";
import type { Translations } from "./model.ts";

const labels = { stream: "stream_name", consumer: "consumer_name" };
/** One series of each server that answers. */
const alive = "gnatsd_connz_num_connections";
/** Of servers that are unlike the worst one is compared. */
const worst = ["Maximum", "Minimum"] as const;

/** Nodes have names of their own, and so have their alarms. */
const nodesOf = ({ name, replicas }: Observed) => Array.from({ length: replicas }, (_, index) => `${name}-${index}`);

export const natsTranslations: Translations = {
  NatsUnreachable: (alert, it, places) => ({ alarms: [absent(alert, scraped(places, it)(alive, "SampleCount"))] }),
  NatsConnectionsHigh: ratio("gnatsd_varz_connections", "gnatsd_varz_max_connections", worst),
  NatsSlowConsumers: (alert, it, places) => ({
    alarms: [
      formula(
        alert,
        { cut: scraped(places, it)("gnatsd_varz_slow_consumers", "Maximum") },
        // The window and the one before it.
        { expression: "DIFF(cut)", periodSeconds: windowOf(alert), periods: 1 },
      ),
    ],
    coarser: "of the server that has cut off most",
  }),
  NatsCpuHigh: (_, it) => ({ existing: nodesOf(it).map((node) => `${node}-cpu`), coarser: "of the whole machine" }),
  NatsServersMissing: (alert, it, places) => {
    const of = scraped(places, it);
    const figures = { answers: of(alive, "SampleCount"), scrapes: of("up", "SampleCount") };
    return { alarms: [formula(alert, figures, { expression: "answers / scrapes" })] };
  },
  NatsRoutesMissing: single("gnatsd_routez_num_routes", "Minimum"),
  NatsStorageHigh: ratio("jetstream_server_total_message_bytes", "jetstream_server_max_storage", worst),
  NatsStorageFull: ratio("jetstream_server_total_message_bytes", "jetstream_server_max_storage", worst),
  NatsStreamNearLimit: (alert, it, places) => ({
    alarms: factsOf(it, "streams").map((stream) => {
      const of = scraped(places, it, { stream_name: stream });
      const figures = { used: of("jetstream_stream_total_bytes", "Maximum"), most: of("jetstream_stream_limit_bytes", "Minimum") };
      return formula(alert, figures, { key: stream, expression: "IF(most > 0, used / most, 0)" });
    }),
  }),
  NatsStreamMissing: (alert, it, places) => ({
    alarms: [absent(alert, scraped(places, it)("jetstream_stream_total_messages", "SampleCount", aboutOf(alert, labels)))],
  }),
  NatsConsumerMissing: (alert, it, places) => ({
    alarms: [absent(alert, scraped(places, it)("jetstream_consumer_num_pending", "SampleCount", aboutOf(alert, labels)))],
  }),
  NatsConsumerStuck: (alert, it, places) => {
    const of = scraped(places, it, aboutOf(alert, labels));
    const figures = {
      pending: of("jetstream_consumer_num_pending", "Maximum"),
      taken: of("jetstream_consumer_num_ack_pending", "Maximum"),
      floor: of("jetstream_consumer_ack_floor_stream_seq", "Maximum"),
    };
    const expression = "IF(pending + taken > 0 AND DIFF(floor) == 0, 1, 0)";
    return { alarms: [formula(alert, figures, { expression, when: ">", threshold: 0, periodSeconds: windowOf(alert), periods: 2 })] };
  },
  NatsConsumerFallsBehind: (alert, it, places) => {
    const figures = { pending: scraped(places, it, aboutOf(alert, labels))("jetstream_consumer_num_pending", "Maximum") };
    const limit = firstLimitOf(alert);
    const expression = "IF(DIFF(pending) > 0, pending, 0)";
    return { alarms: [formula(alert, figures, { ...limit, expression, periodSeconds: windowOf(alert), periods: 1 })] };
  },
  NatsRedeliveries: (alert, it, places) => ({
    alarms: [formula(alert, { again: scraped(places, it, aboutOf(alert, labels))("jetstream_consumer_num_redelivered", "Maximum") })],
  }),
  NatsDeadLettersGrow: (alert, it, places) => ({
    alarms: [
      formula(
        alert,
        { last: scraped(places, it, aboutOf(alert, labels))("jetstream_stream_last_seq", "Maximum") },
        { ...limitOf(alert), expression: "DIFF(last)", periodSeconds: windowOf(alert), periods: 1 },
      ),
    ],
  }),
  NatsDeadLettersWait: (alert, it, places) => ({
    alarms: [
      formula(
        alert,
        { waiting: scraped(places, it, aboutOf(alert, labels))("jetstream_stream_total_messages", "Minimum") },
        { periodSeconds: 300, periods: alert.forSeconds / 300 },
      ),
    ],
  }),
};
