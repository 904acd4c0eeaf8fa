import type { Consumer, JsMsg } from "@nats-io/jetstream";
import { backoffMs, pause } from "./backoff.ts";
import { log, reasonOf } from "./log.ts";

/** A running pull; it ends only when it is told to. */
export interface Pull {
  /** Asks for no more messages, and resolves when none is at work. */
  stop(): Promise<void>;
}

/** How long one request stays open. A stop waits for it: what the server sent for it is not lost on the way. */
const expiresMs = 2000;

/**
 * Asks for as many messages as there are free places, so that every message that is delivered is at work at once: one
 * that waited here would be delivered again while it waits.
 */
export function pull(consumer: Consumer, places: number, work: (message: JsMsg) => Promise<void>): Pull {
  const atWork = new Set<Promise<void>>();
  let stopped = false;

  async function run(): Promise<void> {
    for (let failures = 0; !stopped; ) {
      if (atWork.size >= places) {
        await Promise.race(atWork);
        continue;
      }
      try {
        for await (const message of await consumer.fetch({ max_messages: places - atWork.size, expires: expiresMs })) {
          const done: Promise<void> = work(message).finally(() => atWork.delete(done));
          atWork.add(done);
        }
        failures = 0;
      } catch (error) {
        failures += 1;
        log("warn", "no messages can be asked for", { error: reasonOf(error) });
        await pause(backoffMs(failures));
      }
    }
  }

  const running = run();
  return {
    async stop() {
      stopped = true;
      await running;
      await Promise.all(atWork);
    },
  };
}
