import { filesFolder as folder, tableContainer, tableServer } from "../../../src/core/parts.ts";
import { exec } from "../../../src/core/probe.ts";
import { secretRef, text } from "../../../src/core/text.ts";
import type { WorkloadSpec } from "../../../src/core/workload.ts";
import { memberName, members, ownName, partsOf, ports, quorum, sentinel, sentinelPassword } from "./parts.ts";

type Engine = "valkey" | "redis";

/** Silence after which a Sentinel takes a server for gone. */
const downSeconds = 5;
/** Longest that one try of a failover may take; the next one comes after twice this time, also when a first start began with one in vain. */
const failoverSeconds = 10;

/**
 * Who watches the servers and names the primary. What they agreed on and what they voted for is on a disk of their own:
 * after a stop of everything they still know who led last, and nobody votes twice.
 */
export function sentinels(cache: string, engine: Engine): WorkloadSpec {
  const { sentinel: part, node } = partsOf(cache);
  const asked = `REDISCLI_AUTH=$(cat ${sentinelPassword}) ${engine}-cli -h 127.0.0.1 -p ${ports.sentinel} --no-auth-warning ping | grep -q PONG`;
  return {
    ...tableContainer(engine, { memoryMiB: 64, cpus: 0.1 }),
    ...tableServer(engine),
    name: part,
    replicas: members,
    identity: "stable",
    hostnameEnv: ownName,
    command: ["sh", `${folder}/start.sh`],
    files: [
      { path: `${folder}/sentinel.conf`, content: config(cache) },
      { path: sentinelPassword, content: text`${secretRef(sentinel)}` },
      { path: `${folder}/start.sh`, content: startScript(cache, engine) },
    ],
    volumes: [{ name: "data", path: "/data", storageGiB: 1, format: "sentinel-2" }],
    ports: { sentinel: { port: ports.sentinel, protocol: "redis", published: false } },
    probe: exec(["sh", "-c", asked], { startSeconds: 10 }),
    reaches: [{ workload: node, port: "redis" }],
  };
}

/** Everything but what a Sentinel finds out itself. Names instead of addresses: a pod has another address after each start. */
const config = (cache: string) => text`bind * -::*
port ${ports.sentinel}
dir /data
requirepass ${secretRef(sentinel)}
sentinel sentinel-pass ${secretRef(sentinel)}
sentinel auth-user ${cache} ${sentinel}
sentinel auth-pass ${cache} ${secretRef(sentinel)}
sentinel down-after-milliseconds ${cache} ${downSeconds * 1000}
sentinel failover-timeout ${cache} ${failoverSeconds * 1000}
sentinel parallel-syncs ${cache} 1
sentinel deny-scripts-reconfig yes
sentinel announce-port ${ports.sentinel}
`;

/** The settings of this release around what the Sentinel had found out when it stopped; the first one leads at first. */
const startScript = (cache: string, engine: Engine) => `set -eu
state=/data/sentinel.conf
kept() { if [ -f "$state" ]; then grep -E "^sentinel ($1) " "$state" || true; fi; }
watched=$(kept monitor)
{
  echo "sentinel resolve-hostnames yes"
  echo "sentinel announce-hostnames yes"
  echo "sentinel announce-ip ${memberName(partsOf(cache).sentinel, `\${${ownName}##*-}`)}"
  echo "\${watched:-sentinel monitor ${cache} ${memberName(partsOf(cache).node, 0)} ${ports.redis} ${quorum}}"
  cat ${folder}/sentinel.conf
  kept "myid|current-epoch|config-epoch|leader-epoch|known-replica|known-sentinel"
} >"$state.next"
mv "$state.next" "$state"
exec ${engine}-server "$state" --sentinel
`;
