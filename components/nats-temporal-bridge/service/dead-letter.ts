/** Why a message is dead: it can never be a workflow, nobody wants it, Temporal refuses it, or it failed too often. */
export type Reason = "poison" | "unroutable" | "refused" | "exhausted";

export interface DeadMessage {
  readonly stream: string;
  readonly consumer: string;
  readonly subject: string;
  readonly sequence: number;
  readonly deliveries: number;
  readonly id: string;
  /** When the stream took it, as ISO time. */
  readonly time: string;
  readonly headers: readonly (readonly [string, string])[];
}

export const deadSubject = (stream: string, subject: string) => `dlq.${stream}.${subject}`;

/** The same for every attempt to put it there: the stream keeps one of them. */
export const deadId = ({ stream, consumer, sequence }: DeadMessage) => `dlq-${stream}-${consumer}-${sequence}`;

/**
 * Headers of the dead letter: why and from where, beside those of the message. What begins with `Nats-` is an order to
 * the server and not kept.
 */
export function deadHeaders(message: DeadMessage, reason: Reason, error: string, now: Date): [string, string][] {
  return [
    ...message.headers.filter(([name]) => !/^(nats|dlq)-/i.test(name)).map(([name, value]): [string, string] => [name, value]),
    ["Dlq-Reason", reason],
    ["Dlq-Error", oneLine(error)],
    ["Dlq-Stream", message.stream],
    ["Dlq-Consumer", message.consumer],
    ["Dlq-Sequence", String(message.sequence)],
    ["Dlq-Deliveries", String(message.deliveries)],
    ["Dlq-Subject", message.subject],
    ["Dlq-Message-Id", oneLine(message.id)],
    ["Dlq-Message-Time", message.time],
    ["Dlq-Time", now.toISOString()],
  ];
}

/** A header is one line; an error may have several, and a whole stack is of no use there. */
const oneLine = (text: string) =>
  text
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim()
    .slice(0, 500);
