import { describe, expect, test } from "vitest";
import { reconcileFiles } from "../../../../components/nats-cluster/reconcile.ts";
import { shownText } from "../../../../src/core/text.ts";

const streams = {
  ORDERS: { subjects: ["orders.>"], consumers: { WORKER: {}, "A-B": {} } },
  "ORDERS-A": { subjects: ["a.>"], consumers: { B: { maxDeliver: 9 } } },
};
const filesOf = (deadLetters: boolean) =>
  Object.fromEntries(reconcileFiles("bus", streams, 3, deadLetters).map(({ path, content }) => [path.split("/").at(-1) ?? "", shownText(content)]));

describe("reconcileFiles", () => {
  test("one file for each stream and consumer, none twice although names may hold hyphens", () => {
    expect(Object.keys(filesOf(true))).toHaveLength(reconcileFiles("bus", streams, 3, true).length);
    const names = Object.values(filesOf(true)).flatMap((content) =>
      content.startsWith("{") ? [(JSON.parse(content) as { name: string }).name] : [],
    );
    expect(names.toSorted()).toEqual(["A-B", "B", "DLQ", "ORDERS", "ORDERS-A", "WORKER"]);
  });

  test("the script names each of them once, streams before their consumers, and reads the file that was written", () => {
    const files = filesOf(true);
    const script = files["reconcile.sh"] ?? "";
    const calls = script.split("\n").filter((line) => /^(stream|consumer) /.test(line));
    expect(calls).toEqual(["stream ORDERS", "stream ORDERS-A", "stream DLQ", "consumer ORDERS WORKER", "consumer ORDERS A-B", "consumer ORDERS-A B"]);
    const templates = [...script.matchAll(/--config \/etc\/groundplan\/(\S+)/g)].map(([, template = ""]) => template);
    expect(templates).toHaveLength(4);
    for (const call of calls) {
      const [kind = "", first = "", second = ""] = call.split(" ");
      for (const template of templates.filter((t) => t.startsWith(kind)))
        expect(files).toHaveProperty([template.replace('"$1"', first).replace('"$2"', second)]);
    }
  });

  test("the password is one that the platform puts in, for the account alone", () => {
    const [script] = reconcileFiles("bus", streams, 3, true);
    expect(typeof script?.content === "object" && script.content.parts.filter((part) => typeof part !== "string")).toEqual([{ secret: "app" }]);
    expect(shownText(script?.content ?? "")).toMatch(/^export NATS_URL=nats:\/\/bus:4222 NATS_USER=app NATS_PASSWORD=\[app\]\n/);
  });

  test("dead letters: a stream of their own with the server's announcements, unless switched off", () => {
    const dead = JSON.parse(filesOf(true)["stream-DLQ.json"] ?? "") as { subjects: string[]; num_replicas: number };
    expect(dead.subjects).toContain("$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.>");
    expect(dead.num_replicas).toBe(3);
    expect(filesOf(false)).not.toHaveProperty(["stream-DLQ.json"]);
    expect(filesOf(false)["reconcile.sh"]).not.toContain("DLQ");
  });
});
