import { afterAll, beforeAll, expect, test } from "vitest";
import { imageReference } from "../../src/core/images.ts";
import type { Plan } from "../../src/preview/plan.ts";
import { describeDocker, mirror } from "../support/docker-tier.ts";
import { recorded } from "../support/recorded.ts";
import { type Replay, replay } from "../support/replay.ts";
import { until } from "../support/stack.ts";

const toolbox = imageReference({ table: "toolbox" }, mirror ? { mirror } : {});
const nodes = ["cache-node-0", "cache-node-1", "cache-node-2"];
const sentinels = ["cache-sentinel-0", "cache-sentinel-1", "cache-sentinel-2"];
const proxies = ["cache-x0", "cache-x1"];

/** A client as every other: through the name of the cache, as the application's user. */
const asApp = "REDISCLI_AUTH=$(cat /etc/groundplan/password) timeout 3 valkey-cli -h cache --user app --no-auth-warning";

/** Writes for as long as it is told to; prints the number and the second of each write that a replica has acknowledged. */
const writer = (prefix: string, seconds: number) => `
end=$(($(date +%s) + ${seconds})); n=0
while [ "$(date +%s)" -lt "$end" ]; do
  n=$((n + 1))
  answer=$(printf 'set ${prefix}:%s %s\\nwait 1 1000\\n' "$n" "$n" | ${asApp} 2>&1 | tr '\\n' ' ')
  case "$answer" in "OK 1 "|"OK 2 ") echo "$n $(date +%s)" ;; *) sleep 0.2 ;; esac
done`;

interface Written {
  readonly number: number;
  readonly second: number;
}

describeDocker("a cache of three servers on Kubernetes, as containers", () => {
  let played: Replay;

  const sh = async (pod: string, script: string) => {
    const { code, output } = await played.exec(pod, ["sh", "-c", script]);
    if (code !== 0) throw new Error(`${pod}: ${output}`);
    return output.trim();
  };
  const roleOf = async (pod: string) =>
    (await sh(pod, "REDISCLI_AUTH=$(cat /etc/groundplan/password) valkey-cli --user app --no-auth-warning info replication"))
      .split(/\r?\n/)
      .find((line) => line.startsWith("role:"))
      ?.slice("role:".length);
  const primaries = async (pods: readonly string[]) => {
    const roles = await Promise.all(pods.map(roleOf));
    return pods.filter((_, index) => roles[index] === "master");
  };
  const write = async (pod: string, prefix: string, seconds: number): Promise<Written[]> =>
    (await sh(pod, writer(prefix, seconds)))
      .split("\n")
      .map((line) => line.split(" ").map(Number))
      .map(([number = 0, second = 0]) => ({ number, second }));
  /** Numbers of writes that were acknowledged and are not there. */
  const lost = async (pod: string, prefix: string, written: readonly Written[]) => {
    const found = new Set((await sh(pod, `${asApp} --scan --pattern '${prefix}:*'`)).split("\n"));
    return written.filter(({ number }) => !found.has(`${prefix}:${number}`));
  };
  const longestGap = (written: readonly Written[]) =>
    Math.max(...written.slice(1).map(({ second }, index) => second - (written[index]?.second ?? second)));

  beforeAll(async () => {
    const plan: Plan = await recorded({
      stack: "staging",
      environment: { GROUNDPLAN_IMAGE_MIRROR: mirror ?? "" },
      settings: {
        target: "kubernetes",
        profile: "staging",
        kubernetes: { context: "lab", storageClass: "standard", registry: "127.0.0.1:5000/replay" },
        images: { api: "groundplan-lab/echo:1" },
        components: { api: { env: { PORT: "8000" } } },
      },
    });
    const resources = plan.resources.filter(({ name, type }) => name.startsWith("cache") || type.endsWith(":Namespace"));
    played = replay({ ...plan, resources }, toolbox);
    await played.up();
  });
  afterAll(() => played?.remove());

  test("comes up healthy, with one primary that both replicas follow, and its check passes", async () => {
    expect([...played.pods()].toSorted()).toEqual([...nodes, ...sentinels, ...proxies]);
    expect(await primaries(nodes)).toEqual(["cache-node-0"]);
    for (const [name, { code, output }] of Object.entries(await played.checks())) expect([name, code, output]).toEqual([name, 0, expect.anything()]);
  });

  test("the primary killed: writes go on under the same name, nothing acknowledged is lost, the old one comes back as a replica", async () => {
    const writing = write("cache-node-2", "kill", 40);
    await new Promise((later) => setTimeout(later, 5000));
    await played.kill("cache-node-0");
    const written = await writing;
    expect(written.length).toBeGreaterThan(50);
    expect(longestGap(written)).toBeLessThan(20);
    expect(Math.max(...written.map(({ second }) => second)) - Math.min(...written.map(({ second }) => second))).toBeGreaterThan(30);
    expect(await lost("cache-node-2", "kill", written)).toEqual([]);
    await played.revive("cache-node-0");
    await played.healthy("cache-node-0");
    expect(await roleOf("cache-node-0")).toBe("slave");
    expect(await primaries(nodes)).toHaveLength(1);
    expect(await lost("cache-node-0", "kill", written)).toEqual([]);
  });

  test("everything killed and started again, in another order and with other addresses: who led last leads, with all data", async () => {
    const [before] = await primaries(nodes);
    const written = await write("cache-node-1", "restart", 5);
    const all = [...proxies, ...nodes, ...sentinels];
    await Promise.all(all.map((pod) => played.kill(pod)));
    for (const pod of all) await played.revive(pod);
    await Promise.all(all.map((pod) => played.healthy(pod)));
    expect(before).not.toBe("cache-node-0");
    expect(await primaries(nodes)).toEqual([before]);
    expect(await lost("cache-node-1", "restart", written)).toEqual([]);
    await until("a write", 20, async () => (await write("cache-node-1", "after", 2)).length > 0);
  });

  test("users may do what they are for: the proxies and the replicas read and write no key, the application administers nothing", async () => {
    const as = (user: string, command: string) =>
      played.exec("cache-node-1", [
        "sh",
        "-c",
        `REDISCLI_AUTH=$(sed -n 's/^user ${user} on >\\([^ ]*\\).*/\\1/p' /etc/groundplan/users.acl) valkey-cli --user ${user} --no-auth-warning ${command}`,
      ]);
    for (const [user, command] of [
      ["proxy", "get kill:1"],
      ["proxy", "config get dir"],
      ["replication", "get kill:1"],
      ["sentinel", "get kill:1"],
      ["sentinel", "flushall"],
      ["app", "replicaof no one"],
      ["app", "failover"],
    ] as const)
      expect([user, command, (await as(user, command)).output]).toEqual([user, command, expect.stringContaining("NOPERM")]);
    // Nobody asks a Sentinel without its password.
    expect(
      (await played.exec("cache-node-1", ["valkey-cli", "-h", "cache-sentinel-0.cache-sentinel-nodes", "-p", "26379", "ping"])).output,
    ).toContain("NOAUTH");
  });

  test("a primary that is asked to stop hands over first, and everything ends within its grace", async () => {
    const [before = ""] = await primaries(nodes);
    const other = nodes.find((pod) => pod !== before) ?? "";
    const { code, output } = await played.exec(before, ["sh", "/etc/groundplan/drain.sh"]);
    expect([code, output]).toEqual([0, expect.stringContaining("handed over")]);
    await until("another primary", 20, async () => {
      const now = await primaries(nodes);
      return now.length === 1 && now[0] !== before;
    });
    await until("a write", 20, async () => (await write(other, "handed", 2)).length > 0);
    const ended = await played.stop();
    expect(Object.entries(ended).filter(([, end]) => end.code === 137)).toEqual([]);
  });
});
