import { describe, expect, test } from "vitest";
import { redisOnCluster } from "../../../../components/redis-cache/kubernetes/shape.ts";
import { inOrder } from "../../../../src/core/realise.ts";
import { isSecretText, shownText } from "../../../../src/core/text.ts";
import type { ContainerSpec } from "../../../../src/core/workload.ts";
import { groundSettings } from "../../../support/grounds.ts";
import { settingsOf, soundSpec, specs } from "../../../support/settings.ts";

const on = (profile: string, over: object = {}) => settingsOf({ profile, ...groundSettings.kubernetes, ...over });

function shaped(args: object = {}, profile = "prod", over: object = {}) {
  const settings = on(profile, over);
  const spec = soundSpec("RedisCache", "cache", args, settings);
  return redisOnCluster.shape?.(spec, settings) ?? spec;
}
const part = (name: string, spec = shaped()) => {
  const found = spec.workloads.find((workload) => workload.name === name);
  if (!found) throw new Error(`no workload ${name}`);
  return found;
};
const file = (container: ContainerSpec, name: string) => shownText(container.files.find(({ path }) => path.endsWith(`/${name}`))?.content ?? "");

describe("a cache with failover", () => {
  test("is three servers, three Sentinels and two proxies, in that order of starting, under the names that clients had", () => {
    const spec = shaped();
    expect(spec.workloads.map(({ name, replicas, identity }) => [name, replicas, identity])).toEqual([
      ["cache-sentinel", 3, "stable"],
      ["cache-node", 3, "stable"],
      ["cache", 2, "any"],
    ]);
    expect(inOrder(spec).map(({ name }) => name)).toEqual(["cache-sentinel", "cache-node", "cache", "cache-check"]);
    expect(spec.connections.default).toEqual(soundSpec("RedisCache", "cache", {}, on("prod")).connections.default);
    expect(part("cache").ports.redis).toMatchObject({ port: 6379, published: false });
  });

  test("tells of them, and of the paths between them and no others", () => {
    const { replicas, reaches, storageGiB, probes } = shaped().digest;
    expect(replicas).toBe(3);
    expect(reaches).toEqual({ cache: ["cache-node:6379"], "cache-node": ["cache-sentinel:26379"], "cache-sentinel": ["cache-node:6379"] });
    expect(Object.keys(probes).toSorted()).toEqual(["cache", "cache-node", "cache-sentinel"]);
    // Per workload, as for every other component.
    expect(storageGiB).toBe(101);
  });

  test("is what profiles that guard data give, and what is asked for", () => {
    const names = (args: object, profile: string) => shaped(args, profile).workloads.map(({ name }) => name);
    expect(names({}, "dev")).toEqual(["cache"]);
    expect(names({}, "staging")).toHaveLength(3);
    expect(names({ replicas: 1 }, "prod")).toEqual(["cache"]);
    expect(names({ replicas: 3 }, "dev")).toHaveLength(3);
  });

  test("its figures are those of the servers", () =>
    expect(shaped().connections.monitor).toMatchObject({ workload: "cache-node", username: "monitor" }));

  test.each(["valkey", "redis"] as const)("everything is of one engine: %s", (engine) => {
    const spec = shaped({ engine });
    for (const name of ["cache-node", "cache-sentinel"]) {
      expect(part(name, spec).image).toEqual({ table: engine });
      expect(file(part(name, spec), "start.sh")).toContain(`exec ${engine}-server`);
      expect(file(part(name, spec), "start.sh")).not.toContain(engine === "valkey" ? "redis-server" : "valkey-server");
    }
  });
});

describe("a server", () => {
  const node = part("cache-node");

  test("takes a write only while a replica follows within ten seconds", () => {
    expect(file(node, "valkey.conf")).toMatch(/^min-replicas-to-write 1$/m);
    expect(file(node, "valkey.conf")).toMatch(/^min-replicas-max-lag 10$/m);
    expect(file(node, "valkey.conf")).toMatch(/^appendonly yes$/m);
  });

  test("gives each user what it is for: replicas the stream, Sentinels their commands, proxies a look, nobody a key but the application", () => {
    const rules = Object.fromEntries(
      [...file(node, "users.acl").matchAll(/^user (\S+) (?:on >\[(\S+)\] |off)(.*)$/gm)].map(([, user = "", secret, rule]) => [user, [secret, rule]]),
    );
    expect(rules).toEqual({
      default: [undefined, ""],
      app: ["app", "~* &* +@all -@dangerous +info +config|get"],
      monitor: ["monitor", expect.stringMatching(/^resetkeys resetchannels -@all \+ping \+info/)],
      replication: ["replication", "+psync +replconf +ping"],
      sentinel: [
        "sentinel",
        "resetchannels &__sentinel__:hello +ping +info +role +publish +subscribe +multi +exec +replicaof +slaveof +config|rewrite +client|setname +client|kill +script|kill +client|pause",
      ],
      proxy: ["proxy", "resetchannels +ping +info"],
    });
  });

  test("is ready when it leads or has all data, and is killed for neither", () => {
    expect(JSON.stringify(node.probe)).toContain("role:master|master_link_status:up");
    expect(JSON.stringify(node.liveness)).toContain("PONG|LOADING|BUSY|MASTERDOWN");
    expect(node.drain).toEqual(["sh", "/etc/groundplan/drain.sh"]);
  });
});

test("Sentinels know each other and the servers by name, two must agree, and nobody asks them without a password", () => {
  const sentinel = part("cache-sentinel");
  const config = file(sentinel, "sentinel.conf");
  const start = file(sentinel, "start.sh");
  for (const line of ["requirepass [sentinel]", "sentinel auth-user cache sentinel", "sentinel auth-pass cache [sentinel]"]) {
    expect(config.split("\n")).toContain(line);
  }
  expect(config).toContain("sentinel down-after-milliseconds cache 5000");
  expect(start).toContain('"sentinel resolve-hostnames yes"');
  expect(start).toContain('"sentinel announce-hostnames yes"');
  expect(start).toContain("sentinel monitor cache cache-node-0.cache-node-nodes 6379 2");
  expect(sentinel.volumes).toEqual([{ name: "data", path: "/data", storageGiB: 1, format: "sentinel-2" }]);
});

test("proxies lead to the server that says it is the primary and has a replica, by its full name in the cluster", () => {
  const proxy = part(
    "cache",
    shaped({}, "prod", { kubernetes: { ...groundSettings.kubernetes.kubernetes, namespace: "shop", clusterDomain: "k8s.example" } }),
  );
  const config = file(proxy, "haproxy.cfg");
  expect(proxy.image).toEqual({ table: "haproxy" });
  expect([...config.matchAll(/^ {2}server (.*)$/gm)].map(([, server]) => server)).toEqual(
    [0, 1, 2].map((index) => `cache-node-${index} cache-node-${index}.cache-node-nodes.shop.svc.k8s.example:6379`),
  );
  expect(config).toContain('tcp-check send "AUTH proxy [proxy]\\r\\n"');
  expect(config).toContain('tcp-check expect rstring "role:master\\r\\nconnected_slaves:[1-9]"');
  expect(config).toContain("on-marked-down shutdown-sessions");
  expect([proxy.probe, proxy.liveness]).toMatchObject([{ path: "/ready" }, { path: "/alive" }]);
});

test("every credential is a file that is kept as a secret, none is an argument or a variable", () => {
  for (const { name, env, command = [], entrypoint = [], files } of shaped().workloads) {
    expect(
      Object.values(env).filter((value) => typeof value !== "string"),
      name,
    ).toEqual([]);
    expect([...command, ...entrypoint].join(" "), name).not.toMatch(/auth|pass/i);
    expect(
      files.some(({ content }) => isSecretText(content)),
      name,
    ).toBe(true);
  }
});

test("two servers are refused: of two that lost each other, none knows who leads", () => {
  expect(specs.RedisCache("cache", { replicas: 2 }, on("prod")).problems).toMatchObject([
    { path: "replicas", value: 2, rule: expect.stringMatching(/^1 or 3/) },
  ]);
});
