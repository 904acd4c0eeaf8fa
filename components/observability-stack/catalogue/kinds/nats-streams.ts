import type { Observed } from "../../../../src/core/observed.ts";
import type { AlertRule } from "../model.ts";
import { hours, minutes, quoted, series } from "../promql.ts";

const streamIs = (stream: string) => `stream_name=${quoted(stream)}`;
const consumerIs = (consumer: string) => `consumer_name=${quoted(consumer)}`;

export const streamAlerts = (it: Observed, stream: string): AlertRule => ({
  name: "NatsStreamMissing",
  expr: `absent(${series("jetstream_stream_total_messages", it, streamIs(stream))}) and on () ${series("gnatsd_connz_num_connections", it)}`,
  forSeconds: minutes(5),
  severity: "critical",
  about: { stream },
  summary: `stream ${stream} of ${it.name} is gone`,
  description: `A server answers, and none has a stream ${stream}.`,
  meaning: "The plan has the stream and the servers do not: it was removed, or the volume is not the one it should be. Publishers fail.",
  threshold: "Five minutes: the job that makes streams runs right after the servers are up.",
  remedy: "`npx groundplan up` makes it again, empty. If messages are missed, restore the backup first.",
});

export function consumerAlerts(it: Observed, { stream, consumer }: { readonly stream: string; readonly consumer: string }): readonly AlertRule[] {
  const of = (metric: string) => series(metric, it, streamIs(stream), consumerIs(consumer));
  const about = { stream, consumer };
  const who = `consumer ${consumer} of stream ${stream} in ${it.name}`;
  return [
    {
      name: "NatsConsumerMissing",
      expr: `absent(${of("jetstream_consumer_num_pending")}) and on () ${series("gnatsd_connz_num_connections", it)}`,
      forSeconds: minutes(5),
      severity: "critical",
      about,
      summary: `${who} is gone`,
      description: `A server answers, and none has a consumer ${consumer}.`,
      meaning: "Nobody gets the messages of the stream by this consumer, and its place in the stream is lost.",
      threshold: "Five minutes: the job that makes consumers runs right after the servers are up.",
      remedy: "`npx groundplan up` makes it again: from its start policy on, so that messages may come twice.",
    },
    {
      name: "NatsConsumerStuck",
      expr: `(${of("job_consumer:nats_pending:max")} + ${of("job_consumer:nats_ack_pending:max")}) > 0 and delta(${of("job_consumer:nats_ack_floor:max")}[10m]) == 0`,
      forSeconds: minutes(5),
      severity: "critical",
      about,
      summary: `${who} does not move`,
      description: "{{ $value | humanize }} messages wait, and none was acknowledged in order for 10 minutes.",
      meaning: "Whoever reads is away, or fails at the same message again and again.",
      threshold: "10 minutes without progress, and five more: longer than a restart of the reader with its backoff.",
      remedy: "Look at the log of the reader. A message that always fails must become a dead letter: look at `maxDeliver` of the consumer.",
    },
    {
      name: "NatsConsumerFallsBehind",
      expr: `${of("job_consumer:nats_pending:max")} > 1000 and deriv(${of("job_consumer:nats_pending:max")}[15m]) > 0`,
      forSeconds: minutes(15),
      severity: "warning",
      about,
      summary: `${who} falls behind`,
      description: "{{ $value | humanize }} messages wait, and they become more.",
      meaning: "More comes in than is worked off.",
      threshold: "1,000 waiting, and still growing for a quarter of an hour: a burst that is being worked off is silent.",
      remedy: "Add replicas to the reader, or let it take more at a time.",
    },
    {
      name: "NatsRedeliveries",
      expr: `${of("job_consumer:nats_redelivered:max")} > 0`,
      forSeconds: minutes(10),
      severity: "warning",
      about,
      summary: `messages of ${who} are delivered again and again`,
      description: "{{ $value | humanize }} unacknowledged messages were delivered more than once.",
      meaning: "A reader takes messages and does not acknowledge them in time.",
      threshold: "10 minutes: one failure is retried and done with before.",
      remedy: "The reader's log says what fails; compare the time that a message takes with `ackWait`.",
    },
  ];
}

export const deadLetterAlerts = (it: Observed, stream: string): readonly AlertRule[] => [
  {
    name: "NatsDeadLettersGrow",
    expr: `delta(${series("job_stream:nats_last_seq:max", it, streamIs(stream))}[15m]) > 0`,
    forSeconds: 0,
    severity: "warning",
    about: { stream },
    summary: `dead letters come into ${stream} of ${it.name}`,
    description: "{{ $value | humanize }} dead letters within 15 minutes.",
    meaning: "Messages were given up: they failed as often as they may, or can never succeed.",
    threshold: "Any: each one is an event that nothing will happen for unless somebody looks.",
    remedy: "`nats stream view` shows them; their headers say why they are there. Mend the cause, then publish them again.",
  },
  {
    name: "NatsDeadLettersWait",
    expr: `${series("job_stream:nats_messages:max", it, streamIs(stream))} > 0`,
    forSeconds: hours(1),
    severity: "info",
    about: { stream },
    summary: `dead letters lie in ${stream} of ${it.name}`,
    description: "{{ $value | humanize }} dead letters wait for somebody.",
    meaning: "Nobody has looked at the dead letters for an hour.",
    threshold: "One hour: whoever saw them come has dealt with them by then.",
    remedy: "Publish them again or remove them (`nats stream purge`).",
  },
];
