import { queueAttributes } from "./model.ts";
import { arnOf, attributeParameters, type NamedQueue, parameters, port, query, queuePath, readyQueue } from "./server.ts";

/**
 * `ask '<path and query>'` leaves the answer in /tmp/answer and fails unless it is 2xx; the body of an error names it,
 * which wget does not show. The pipe stays open, as some servers drop a client that has closed its side.
 */
const ask = (host: string) => `set -eu
mkfifo /tmp/ask
exec 3<>/tmp/ask
ask() {
  printf 'GET %s HTTP/1.0\\r\\nHost: ${host}:${port}\\r\\n\\r\\n' "$1" >&3
  timeout 30 nc -w 25 ${host} ${port} <&3 >/tmp/answer || true
  read -r _ status _ </tmp/answer || { echo "no answer from ${host}:${port}"; exit 1; }
  case "$status" in 2*) ;; *) return 1 ;; esac
}
must() { ask "$2" || { echo "$1: $(reason)"; exit 1; }; }
reason() { tr -d '\\r\\n' </tmp/answer | sed -e 's/.*<Message>//' -e 's/<.*//'; }
# attribute NAME: its value in the last answer
attribute() { tr -d '\\r\\n' </tmp/answer | grep -o "<Name>$1</Name> *<Value>[^<]*" | sed 's/.*>//' || true; }
`;

const attributesOf = (name: string) => `${queuePath(name)}?${query("GetQueueAttributes", { "AttributeName.1": "All" })}`;

/**
 * Makes the queues what is declared, through the API: the server keeps queues beside their messages, and what it keeps
 * wins over its configuration. A queue that is no longer declared goes when it is empty.
 */
export function reconcileScript(host: string, queues: readonly NamedQueue[]): string {
  const known = [readyQueue, ...queues.map(({ name }) => name)].join("|");
  const nameOf = (key: string) => queues.find(({ queue }) => queue.key === key)?.name ?? key;
  return `${ask(host)}
# declared NAME CHANGEABLE FIXED DEDUPLICATION: makes the queue with both kinds of attributes, or changes one that exists
declared() {
  if ask "${attributesOf("$1")}"; then
    [ "$(attribute ContentBasedDeduplication)" = "$4" ] || fixed "$1" "change contentBasedDeduplication"
    case "$2" in *RedrivePolicy*) ;; *) [ -z "$(attribute RedrivePolicy)" ] || fixed "$1" "lose its dead-letter queue" ;; esac
    must "$1" "${queuePath("$1")}?${query("SetQueueAttributes")}&$2"
  else
    must "$1" "/?${query("CreateQueue")}&QueueName=$1&$2$3"
  fi
  echo "$1 is as declared"
}
fixed() { echo "$1 exists and cannot $2: use a new name, or delete the queue"; exit 1; }

${queues.map((named) => declaration(named, nameOf)).join("\n")}

must "the list of queues" '/?${query("ListQueues")}'
for name in $(grep -o '<QueueUrl>[^<]*' /tmp/answer | sed 's|.*/||'); do
  case "$name" in ${known} | groundplan-verify-*) continue ;; esac
  must "$name" "${attributesOf("$name")}"
  for count in ApproximateNumberOfMessages ApproximateNumberOfMessagesNotVisible ApproximateNumberOfMessagesDelayed; do
    [ "$(attribute "$count")" = 0 ] || { echo "$name is no longer declared, and stays because it has messages"; continue 2; }
  done
  must "$name" "${queuePath("$name")}?${query("DeleteQueue")}"
  echo "$name is no longer declared, was empty, and is deleted"
done
`;
}

/** ElasticMQ takes what makes a FIFO queue when it makes the queue, and never again. */
function declaration({ name, queue }: NamedQueue, nameOf: (key: string) => string): string {
  const { FifoQueue, ContentBasedDeduplication = "", ...changeable } = queueAttributes(queue, (key) => arnOf(nameOf(key)));
  const fixed = FifoQueue ? attributeParameters({ FifoQueue, ContentBasedDeduplication }, Object.keys(changeable).length) : {};
  return `declared ${name} '${parameters(attributeParameters(changeable))}' '${FifoQueue ? "&" : ""}${parameters(fixed)}' '${ContentBasedDeduplication}'`;
}

/** Sends, receives and deletes in a queue of its own, and lets a message fail until it is a dead letter. */
export function checkScript(host: string, queues: readonly NamedQueue[]): string {
  const [before = "", after = ""] = encodeURIComponent(JSON.stringify({ deadLetterTargetArn: arnOf("QUEUE"), maxReceiveCount: 2 })).split("QUEUE");
  const own = queuePath("$name");
  const receive = (queue: string, wait: number) => `${queue}?${query("ReceiveMessage", { WaitTimeSeconds: String(wait) })}`;
  const count = queues.length === 1 ? "1 queue is there" : `${queues.length} queues are there`;
  return `${ask(host)}name="groundplan-verify-$(date +%s)-$$"
body() { tr -d '\\r\\n' </tmp/answer | grep -o '<Body>[^<]*' | sed 's/.*>//' || true; }
handle() { tr -d '\\r\\n' </tmp/answer | grep -o '<ReceiptHandle>[^<]*' | sed -e 's/.*>//' -e 's/#/%23/g'; }
clean() { ask "${own}?${query("DeleteQueue")}" || true; ask "${queuePath("$name-dlq")}?${query("DeleteQueue")}" || true; }
${queues.map(({ name }) => `must 'queue ${name}' '${attributesOf(name)}'\n`).join("")}trap clean EXIT
must "a dead-letter queue" "/?${query("CreateQueue")}&QueueName=$name-dlq"
must "a queue" "/?${query("CreateQueue", attributeParameters({ VisibilityTimeout: "0" }))}&QueueName=$name&Attribute.2.Name=RedrivePolicy&Attribute.2.Value=${before}$name-dlq${after}"
must "a message" "${own}?${query("SendMessage", { MessageBody: "written" })}"
must "a receive" "${own}?${query("ReceiveMessage", { WaitTimeSeconds: "5", VisibilityTimeout: "60" })}"
[ "$(body)" = written ] || { echo "what was sent is not received"; exit 1; }
must "a delete" "${own}?${query("DeleteMessage")}&ReceiptHandle=$(handle)"
must "a message" "${own}?${query("SendMessage", { MessageBody: "failing" })}"
for _ in 1 2; do
  must "a receive" "${receive(own, 5)}"
  [ "$(body)" = failing ] || { echo "a message that was not deleted does not come back"; exit 1; }
done
must "a receive" "${receive(own, 0)}"
[ -z "$(body)" ] || { echo "a message comes back after its last receive"; exit 1; }
must "a receive" "${receive(queuePath("$name-dlq"), 5)}"
[ "$(body)" = failing ] || { echo "no dead letter after the last receive"; exit 1; }
echo "send, receive, delete, and a dead letter after 2 receives; ${count}"
`;
}
