import type { JsMsg } from "@nats-io/jetstream";
import { headers } from "@nats-io/transport-node";
import type { BridgeConfig } from "../contract.ts";
import { backoffMs, pause } from "./backoff.ts";
import { type DeadMessage, deadHeaders, deadId, deadSubject, type Reason } from "./dead-letter.ts";
import { log, reasonOf } from "./log.ts";
import { type Bus, streamsTaking } from "./nats.ts";

/** Fails when nothing would take a dead letter: `bury` would then try for ever, and as many of them as the bridge works on at a time stop it. */
export async function askDeadLetters(bus: Bus, { stream, verifySubject }: BridgeConfig): Promise<void> {
  const takers = await streamsTaking(bus, deadSubject(stream, verifySubject));
  if (takers.length === 0) {
    throw new Error(
      `no stream takes dead letters on dlq.${stream}.>: leave deadLetters of the NatsCluster on, or make a stream with the subject dlq.>`,
    );
  }
}

/**
 * Puts a message to the dead letters, however long it takes: until the stream has it, the original must not go.
 * Answers false when the process must end before.
 */
export async function bury(
  { connection, streams }: Bus,
  message: DeadMessage,
  original: JsMsg,
  reason: Reason,
  error: string,
  ending: AbortSignal,
): Promise<boolean> {
  // With its headers a large message may be larger than the server takes; the original is still in its stream.
  const limit = (connection.info?.max_payload ?? 1024 * 1024) - 4096;
  const whole = headersOf(message, reason, error);
  const list = deadHeadersSize(whole) > limit ? headersOf({ ...message, headers: [] }, reason, error) : whole;
  const size = original.data.length + deadHeadersSize(whole);
  if (size > limit) list.append("Dlq-Payload", "left in the stream");
  for (let attempt = 1; !ending.aborted; attempt++) {
    try {
      await streams.publish(deadSubject(message.stream, message.subject), size > limit ? new Uint8Array() : original.data, {
        headers: list,
        msgID: deadId(message),
      });
      return true;
    } catch (failure) {
      log("error", "a dead letter is not taken; it is tried again", { sequence: message.sequence, error: reasonOf(failure) });
      await pause(backoffMs(attempt), ending);
    }
  }
  return false;
}

function headersOf(message: DeadMessage, reason: Reason, error: string) {
  const list = headers();
  for (const [name, value] of deadHeaders(message, reason, error, new Date())) {
    try {
      list.append(name, value);
    } catch {
      // A name that this client may not write; the message matters more.
    }
  }
  return list;
}

const deadHeadersSize = (list: Iterable<[string, string[]]>) =>
  [...list].reduce((sum, [name, values]) => sum + values.reduce((all, value) => all + name.length + Buffer.byteLength(value) + 4, 0), 0);
