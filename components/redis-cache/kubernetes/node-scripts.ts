import { filesFolder as folder } from "../../../src/core/parts.ts";
import { memberName, memberNames, ownName, partsOf, ports, quorum, sentinel, sentinelPassword } from "./parts.ts";

type Engine = "valkey" | "redis";

/** Shell functions that ask the Sentinels; the password comes from a file, never from an argument. */
const asking = (cache: string, engine: Engine) => `me="${memberName(partsOf(cache).node, `\${${ownName}##*-}`)}"
sentinels="${memberNames(partsOf(cache).sentinel).join(" ")}"

ask() {
  host=$1; shift
  REDISCLI_AUTH=$(cat ${sentinelPassword}) timeout 2 ${engine}-cli -h "$host" -p ${ports.sentinel} --no-auth-warning "$@" 2>/dev/null
}

# The primary that ${quorum} Sentinels agree on; nothing while they do not. One alone may be behind the others.
primary() {
  for host in $sentinels; do ask "$host" sentinel get-master-addr-by-name ${cache} | head -n 1 || true; done |
    grep -x '${partsOf(cache).node}-[0-9]*\\.${partsOf(cache).node}-nodes' | sort | uniq -c | awk '$1 >= ${quorum} { print $2 }'
}
`;

/**
 * What a node does at its start: it never takes itself for the primary, it asks. A primary that lost its disk waits until
 * another one leads: its replicas would follow it and throw their data away.
 */
export const startScript = (cache: string, engine: Engine) => `set -eu
${asking(cache, engine)}
# Whether any Sentinel knows replicas of the primary.
followed() {
  for host in $sentinels; do
    ask "$host" sentinel master ${cache} | awk 'known { if ($1 + 0 > 0) found = 1; exit } $1 == "num-slaves" { known = 1 } END { exit !found }' && return 0
  done
  return 1
}

told=""
tell() { if [ "$told" != "$1" ]; then told=$1; echo "$1"; fi; }

while :; do
  leads=$(primary || true)
  if [ -z "$leads" ]; then
    tell "no ${quorum} Sentinels agree on the primary yet"
  elif [ "$leads" != "$me" ]; then
    tell "follows $leads"
    set -- --replicaof "$leads" ${ports.redis}
    break
  elif [ -d /data/appendonlydir ] || ! followed; then
    tell "is the primary"
    set --
    break
  else
    tell "the disk is empty and there are replicas: waits until one of them leads"
  fi
  sleep 1
done
# A copy that may be written to: Sentinel has the server note whom it follows. The next start asks again.
cp ${folder}/${engine}.conf /tmp/${engine}.conf
exec ${engine}-server /tmp/${engine}.conf --replica-announce-ip "$me" "$@"
`;

/** A primary hands over before it stops, as well as it can: a stop is held up for 20 seconds, and by a last question at most. */
export const drainScript = (cache: string, engine: Engine) => `set -u
${asking(cache, engine)}
self() { REDISCLI_AUTH=$(cat ${sentinelPassword}) timeout 2 ${engine}-cli -h 127.0.0.1 --user ${sentinel} --no-auth-warning "$@" 2>/dev/null; }

# Clients hear of a stop late on other nodes.
sleep 2
self role | head -n 1 | grep -q master || exit 0
end=$(($(date +%s) + 20))
late() { [ "$(date +%s)" -ge "$end" ]; }
for host in $sentinels; do
  late && break
  # Writes wait until the replicas have all that was acknowledged, and then until another leads.
  self client pause 3000 write >/dev/null
  sleep 1
  ask "$host" sentinel failover ${cache} | grep -q OK || continue
  until late; do
    self client pause 3000 write >/dev/null
    leads=$(primary || true)
    if [ -n "$leads" ] && [ "$leads" != "$me" ]; then echo "handed over to $leads"; exit 0; fi
    sleep 1
  done
  break
done
exit 0
`;
