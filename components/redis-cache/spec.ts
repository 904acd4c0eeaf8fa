import { aPlatform, integer, oneOf, problemsOf, type Rules } from "../../src/core/checks.ts";
import { checkJob, digestOf, filesFolder as folder, sizeAsks, tableContainer, tableServer } from "../../src/core/parts.ts";
import type { Settled } from "../../src/core/platform.ts";
import { exec } from "../../src/core/probe.ts";
import type { SystemSpec } from "../../src/core/system.ts";
import { secretRef, text } from "../../src/core/text.ts";
import type { FileSpec, WorkloadSpec } from "../../src/core/workload.ts";
import { redisAwsCheck, redisAwsFindings } from "./aws-args.ts";
import { existingRedisCheck, existingRedisSpec } from "./existing.ts";
import type { RedisModel } from "./model.ts";
import type { RedisCacheArgs } from "./redis-cache.ts";

export const redisCacheRules: Rules<RedisCacheArgs> = {
  platform: aPlatform,
  engine: oneOf(["valkey", "redis"]),
  maxMemoryPolicy: oneOf(["noeviction", "allkeys-lru", "allkeys-lfu", "volatile-lru", "volatile-ttl"]),
  memoryMiB: integer(64, 65_536, "MiB"),
  replicas: (value, at) =>
    value === 1 || value === 3
      ? []
      : [
          {
            path: at,
            value,
            rule: "1 or 3: of two that lost each other, none knows who leads",
            fix: "use 3 where it must survive the loss of a server",
          },
        ],
  storageGiB: integer(1, 65_536, "GiB"),
  aws: redisAwsCheck,
  existing: existingRedisCheck,
};

const port = 6379;
const user = "app";
/** May ask how the server is, and nothing about what it holds. */
const monitor = "monitor";
export const monitorCommands = "-@all +ping +info +select +slowlog|len +slowlog|get +latency|latest +latency|histogram +client|list +client|setname";

/** Everything about a cache that does not depend on the target. */
export function redisCacheSpec(name: string, settled: Settled<RedisCacheArgs>): SystemSpec {
  const own = ownCache(name, settled);
  const { existing } = settled.args;
  return existing === undefined || settled.problems.length > 0 ? own : existingRedisSpec(own, settled, existing);
}

function ownCache(name: string, { args, profile, problems, origins }: Settled<RedisCacheArgs>): SystemSpec {
  // Wrong arguments are reported and not used: defaults take their place.
  const given: Partial<RedisCacheArgs> = problems.length > 0 ? {} : args;
  const { engine = "valkey", memoryMiB = profile.resources.cache.memoryMiB, storageGiB = profile.storageGiB } = given;
  const maxMemoryPolicy = given.maxMemoryPolicy ?? "noeviction";
  const allProblems = problems.length > 0 ? problems : problemsOf(name, redisAwsFindings(given.aws ?? {}, profile, given.replicas), origins);
  const model: RedisModel = { engine, maxMemoryPolicy, memoryMiB: given.memoryMiB, replicas: given.replicas, aws: given.aws ?? {} };
  const cli = `${engine}-cli`;
  const probe = exec(["sh", "-c", ask(cli, "127.0.0.1", "ping | grep -q PONG")], { startSeconds: 20 });
  const client = tableContainer(engine, profile.resources.job);
  const password: FileSpec = { path: `${folder}/password`, content: text`${secretRef(user)}` };
  const server: WorkloadSpec = {
    ...client,
    ...tableServer(engine),
    name,
    replicas: 1,
    identity: "any",
    command: [`${engine}-server`, `${folder}/${engine}.conf`],
    files: [
      { path: `${folder}/${engine}.conf`, content: serverConfig(memoryMiB, maxMemoryPolicy) },
      {
        path: `${folder}/users.acl`,
        content: text`user default off
user ${user} on >${secretRef(user)} ~* &* +@all -@dangerous +info +config|get
user ${monitor} on >${secretRef(monitor)} resetkeys resetchannels ${monitorCommands} +config|get
`,
      },
      password,
    ],
    volumes: [{ name: "data", path: "/data", storageGiB, format: engine }],
    resources: { memoryMiB, cpus: profile.resources.cache.cpus },
    ports: { redis: { port, protocol: "redis", published: profile.publishData } },
    probe,
  };
  return {
    kind: "RedisCache",
    name,
    problems: allProblems,
    warnings: [],
    digest: digestOf("RedisCache", profile, server),
    secrets: { [user]: { use: `user ${user} of ${name}` }, [monitor]: { use: `user ${monitor} of ${name}` } },
    workloads: [server],
    jobs: [checkJob(name, client, checkScript(cli, name), [password])],
    connections: {
      default: { scheme: "redis", workload: name, port: "redis", username: user, secret: user },
      monitor: { scheme: "redis", workload: name, port: "redis", username: monitor, secret: monitor },
    },
    model,
    asks: [
      ...sizeAsks(given),
      ...(given.replicas === 3 ? [{ capability: "failover" as const, path: "replicas", value: 3 }] : []),
      ...(given.aws ? [{ capability: "managed" as const, path: "aws", value: given.aws }] : []),
    ],
  };
}

/** A quarter of the memory stays for the fork that rewrites the append-only file. */
function serverConfig(memoryMiB: number, policy: string): string {
  return [
    "bind * -::*",
    `port ${port}`,
    "protected-mode yes",
    `aclfile ${folder}/users.acl`,
    "dir /data",
    "appendonly yes",
    "appendfsync everysec",
    "aof-use-rdb-preamble yes",
    "save 900 1 300 100",
    `maxmemory ${Math.floor(memoryMiB * 0.75)}mb`,
    `maxmemory-policy ${policy}`,
    "tcp-keepalive 60",
    "",
  ].join("\n");
}

/** Asks the server as the application user; the password comes from a file, never from an argument. */
export const ask = (cli: string, host: string, command: string) =>
  `REDISCLI_AUTH=$(cat ${folder}/password) ${cli} -h ${host} --user ${user} --no-auth-warning ${command}`;

/** Sets and gets as the application's user. `host` may be followed by options of the client. */
export const checkScript = (cli: string, host: string) => `set -eu
key="groundplan-verify-$(date +%s)-$$"
${ask(cli, host, 'set "$key" written ex 60')} | grep -q OK || { echo "set as user ${user} failed"; exit 1; }
${ask(cli, host, 'get "$key"')} | grep -q written || { echo "what was set cannot be read"; exit 1; }
${ask(cli, host, 'del "$key"')} >/dev/null
if ${cli} -h ${host} ping 2>/dev/null | grep -q PONG; then echo "answers without a password"; exit 1; fi
echo "set and get as ${user}; refused without a password"
`;
