import type { Consumer, JsMsg } from "@nats-io/jetstream";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { pull } from "../../../../components/nats-temporal-bridge/service/pull.ts";

/** A consumer with so many messages, which counts what is asked of it; without messages a request ends after a while. */
function consumerWith(messages: number) {
  const asked: number[] = [];
  let left = messages;
  async function* request(wanted: number) {
    for (let given = 0; given < wanted; given++) {
      if (left === 0) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        return;
      }
      left -= 1;
      yield { seq: messages - left } as JsMsg;
    }
  }
  const fetch = async ({ max_messages }: { max_messages: number }) => {
    asked.push(max_messages);
    return request(max_messages);
  };
  return { consumer: { fetch } as unknown as Consumer, asked };
}

beforeEach(() => {
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
});
afterEach(() => void vi.restoreAllMocks());

test("never more messages are asked for than can be worked on at once, and all are", async () => {
  const { consumer, asked } = consumerWith(50);
  const done: number[] = [];
  let atWork = 0;
  let most = 0;
  const pulling = pull(consumer, 4, async ({ seq }) => {
    atWork += 1;
    most = Math.max(most, atWork);
    await new Promise((resolve) => setTimeout(resolve, seq % 3));
    atWork -= 1;
    done.push(seq);
  });
  await vi.waitFor(() => expect(done.length).toBe(50), { timeout: 4000 });
  await pulling.stop();
  expect(done.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
  expect(most).toBe(4);
  expect(Math.max(...asked)).toBe(4);
});

test("a stop takes no more messages, and waits for those at work", async () => {
  const { consumer, asked } = consumerWith(2);
  const done: number[] = [];
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const pulling = pull(consumer, 2, async ({ seq }) => {
    await finished;
    done.push(seq);
  });
  await vi.waitFor(() => expect(asked).toEqual([2]));
  let stopped = false;
  const stopping = pulling.stop().then(() => {
    stopped = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect([stopped, done]).toEqual([false, []]);
  finish();
  await stopping;
  expect([done.length, asked.length]).toEqual([2, 1]);
});

test("a request that fails is made again", async () => {
  const { consumer } = consumerWith(1);
  const fetch = vi.spyOn(consumer, "fetch").mockRejectedValueOnce(new Error("no responders"));
  const done: number[] = [];
  const pulling = pull(consumer, 1, async ({ seq }) => void done.push(seq));
  await vi.waitFor(() => expect(done).toEqual([1]), { timeout: 4000 });
  await pulling.stop();
  expect(fetch.mock.calls.length).toBeGreaterThan(1);
});
