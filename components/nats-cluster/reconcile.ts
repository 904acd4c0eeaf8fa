import { filesFolder as folder } from "../../src/core/parts.ts";
import { concat, type SecretText, secretRef, text } from "../../src/core/text.ts";
import type { FileSpec } from "../../src/core/workload.ts";
import { consumerConfig, type Streams, streamConfig } from "./streams.ts";

/**
 * The stream of dead letters. The server announces every message that reached its last delivery; the announcement
 * names stream, consumer and sequence, and the message itself stays in its stream. `dlq.>` is for services that put
 * a message there themselves.
 */
export const deadLetterStream = { subjects: ["dlq.>", "$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.>"], maxAgeHours: 24 * 14 };

const account = (host: string): SecretText => text`export NATS_URL=nats://${host}:4222 NATS_USER=app NATS_PASSWORD=${secretRef("app")}\n`;

/** The script of the job and one JSON file per stream and consumer. */
export function reconcileFiles(host: string, streams: Streams, replicas: number, deadLetters: boolean): FileSpec[] {
  const all: Streams = { ...streams, ...(deadLetters ? { DLQ: deadLetterStream } : {}) };
  const entries = Object.entries(all);
  const consumers = entries.flatMap(([stream, args]) => Object.entries(args.consumers ?? {}).map(([name, consumer]) => ({ stream, name, consumer })));
  const calls = [...entries.map(([name]) => `stream ${name}`), ...consumers.map(({ stream, name }) => `consumer ${stream} ${name}`)];
  return [
    {
      path: `${folder}/reconcile.sh`,
      content: concat(account(host), reconcileScript, `${calls.join("\n")}\necho "streams: ${calls.length} checked"\n`),
    },
    ...entries.map(([name, args]) => file(`stream-${name}.json`, streamConfig(name, args, replicas))),
    ...consumers.map(({ stream, name, consumer }) => file(`consumer-${stream}.${name}.json`, consumerConfig(name, consumer))),
  ];
}

const file = (name: string, content: unknown): FileSpec => ({ path: `${folder}/${name}`, content: `${JSON.stringify(content, null, 2)}\n` });

const reconcileScript = `set -eu
tries=0
until nats stream ls >/dev/null 2>/tmp/why; do
  tries=$((tries + 1))
  [ "$tries" -lt 60 ] || { echo "the cluster does not answer:"; cat /tmp/why; exit 1; }
  sleep 1
done
refused() {
  echo "$1 exists and cannot become what is declared:"
  cat /tmp/why
  echo "retention, storage and where a consumer begins are fixed once made: use a new name, or delete it by hand first"
  exit 1
}
stream() {
  if nats stream info "$1" >/dev/null 2>&1; then
    nats stream edit "$1" --config ${folder}/stream-"$1".json -f >/tmp/why 2>&1 || refused "stream $1"
  else
    nats stream add "$1" --config ${folder}/stream-"$1".json >/dev/null
    echo "stream $1 made"
  fi
}
consumer() {
  if nats consumer info "$1" "$2" >/dev/null 2>&1; then
    nats consumer edit "$1" "$2" --config ${folder}/consumer-"$1"."$2".json -f >/tmp/why 2>&1 || refused "consumer $2 of stream $1"
  else
    nats consumer add "$1" "$2" --config ${folder}/consumer-"$1"."$2".json >/dev/null
    echo "consumer $2 of stream $1 made"
  fi
}
`;

/**
 * Publish, durable consume, acknowledge; then a message that nobody acknowledges, until it is a dead letter. It uses a
 * stream of its own: a check must not send messages to the services that really listen.
 */
export function checkScript(host: string, streams: Streams, deadLetters: boolean): SecretText {
  const declared = Object.entries(streams).flatMap(([stream, args]) => [
    `nats stream info ${stream} >/dev/null || { echo "stream ${stream} is missing"; exit 1; }`,
    ...Object.keys(args.consumers ?? {}).map(
      (name) => `nats consumer info ${stream} ${name} >/dev/null || { echo "consumer ${name} of stream ${stream} is missing"; exit 1; }`,
    ),
  ]);
  return concat(
    account(host),
    checkHead,
    `${declared.join("\n")}\n`,
    deadLetters ? checkDeadLetters : "",
    'echo "published, consumed, acknowledged; refused without a password$dead"\n',
  );
}

const checkHead = `set -eu
id=groundplan-verify-$$-$(date +%s)
dead=
cleanup() { nats stream rm "$id" -f >/dev/null 2>&1 || true; }
trap cleanup EXIT
cat >/tmp/stream.json <<END
{"name":"$id","subjects":["$id.>"],"retention":"limits","storage":"file","num_replicas":1,"max_age":600000000000}
END
cat >/tmp/consumer.json <<END
{"name":"worker","durable_name":"worker","ack_policy":"explicit","deliver_policy":"all","filter_subject":"$id.work"}
END
nats stream add "$id" --config /tmp/stream.json >/dev/null
nats consumer add "$id" worker --config /tmp/consumer.json >/dev/null
nats request "$id.work" "hello $id" >/dev/null
nats consumer next "$id" worker --timeout 5s | grep -q "hello $id" || { echo "what was published was not delivered"; exit 1; }
nats consumer info "$id" worker -j | tr -d ' \\n' | grep -q '"num_ack_pending":0' || { echo "the acknowledgement did not arrive"; exit 1; }
if NATS_USER= NATS_PASSWORD= nats rtt >/dev/null 2>&1; then echo "answers without a password"; exit 1; fi
`;

const checkDeadLetters = `cat >/tmp/dead.json <<END
{"name":"dead","durable_name":"dead","ack_policy":"explicit","ack_wait":1000000000,"max_deliver":1,"deliver_policy":"all","filter_subject":"$id.dead"}
END
nats consumer add "$id" dead --config /tmp/dead.json >/dev/null
nats request "$id.dead" "never acknowledged" >/dev/null
nats request "\\$JS.API.CONSUMER.MSG.NEXT.$id.dead" "" --timeout 5s >/dev/null
tries=0
until nats request "\\$JS.API.STREAM.MSG.GET.DLQ" "{\\"last_by_subj\\":\\"\\$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.$id.dead\\"}" | grep -q '"message"'; do
  tries=$((tries + 1))
  [ "$tries" -lt 20 ] || { echo "the dead letter did not reach stream DLQ"; exit 1; }
  nats request "\\$JS.API.CONSUMER.MSG.NEXT.$id.dead" '{"expires":500000000}' --timeout 1s >/dev/null 2>&1 || true
  sleep 0.5
done
nats request "\\$JS.API.STREAM.PURGE.DLQ" "{\\"filter\\":\\"\\$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.$id.dead\\"}" >/dev/null
dead="; dead letter arrived"
`;
