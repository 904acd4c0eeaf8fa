import { filesFolder as folder } from "../../../src/core/parts.ts";
import { exec } from "../../../src/core/probe.ts";
import { concat, secretRef, type Text, text } from "../../../src/core/text.ts";
import type { FileSpec, WorkloadSpec } from "../../../src/core/workload.ts";
import { ask } from "../spec.ts";
import { drainScript, startScript } from "./node-scripts.ts";
import { members, ownName, partsOf, proxy, replication, sentinel, sentinelPassword } from "./parts.ts";

type Engine = "valkey" | "redis";

/** What Sentinel does with a server: looks, listens to the other Sentinels, and changes who follows whom. */
const sentinelCommands =
  "+ping +info +role +publish +subscribe +multi +exec +replicaof +slaveof +config|rewrite +client|setname +client|kill +script|kill";
/** Before it hands over, a primary holds back writes until the replicas have all of them. */
const handOverCommands = "+client|pause";

/** The servers: as the one of a cache without failover, each with a disk of its own. */
export function nodes(cache: string, engine: Engine, server: WorkloadSpec): WorkloadSpec {
  const { node, sentinel: sentinelPart } = partsOf(cache);
  const cli = `${engine}-cli`;
  const asked = (command: string) => ["sh", "-c", ask(cli, "127.0.0.1", command)];
  const timings = { startSeconds: 20 };
  return {
    ...server,
    name: node,
    replicas: members,
    identity: "stable",
    hostnameEnv: ownName,
    command: ["sh", `${folder}/start.sh`],
    files: [
      ...server.files.map(withReplication),
      { path: sentinelPassword, content: text`${secretRef(sentinel)}` },
      { path: `${folder}/start.sh`, content: startScript(cache, engine) },
      { path: `${folder}/drain.sh`, content: drainScript(cache, engine) },
    ],
    ports: { redis: { port: 6379, protocol: "redis", published: false } },
    // A replica that has not all data yet must not be the one that is left when the next one is restarted.
    probe: exec(asked("info replication | grep -Eq 'role:master|master_link_status:up'"), timings),
    // A server that reads its data in, or gets all of it anew, is alive.
    liveness: exec(asked("ping | grep -Eq 'PONG|LOADING|BUSY|MASTERDOWN'"), timings),
    drain: ["sh", `${folder}/drain.sh`],
    reaches: [{ workload: sentinelPart, port: "sentinel" }],
    after: [sentinelPart],
  };
}

function withReplication(file: FileSpec): FileSpec {
  const more = additions[file.path.replace(/.*\.(\w+)$/, "$1")];
  return more ? { ...file, content: concat(file.content, more) } : file;
}

/** By the ending of the file that they belong to. */
const additions: Readonly<Record<string, Text>> = {
  conf: text`masteruser ${replication}
masterauth ${secretRef(replication)}
min-replicas-to-write 1
min-replicas-max-lag 10
`,
  acl: text`user ${replication} on >${secretRef(replication)} +psync +replconf +ping
user ${sentinel} on >${secretRef(sentinel)} resetchannels &__sentinel__:hello ${sentinelCommands} ${handOverCommands}
user ${proxy} on >${secretRef(proxy)} resetchannels +ping +info
`,
};
