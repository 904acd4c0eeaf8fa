import { type AttributeType, type Namespaces, usualRetentionDays } from "./namespaces.ts";

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** `KeywordList` -> `KEYWORD_LIST`, as the server prints it. */
const printed = (type: AttributeType) => type.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();

/**
 * Makes what is missing and updates what changed: namespaces, their retention, their search attributes. Nothing is taken
 * away. Before that it compares the number of history shards: a server whose data has another one keeps to its data and
 * only logs it. Runs in any shell with the `temporal` command line.
 */
export function reconcileScript(namespaces: Namespaces, historyShards: number): string {
  const steps = Object.entries(namespaces).flatMap(([name, { retentionDays = usualRetentionDays, searchAttributes = {}, description }]) => [
    `namespace ${name} ${retentionDays} ${description === undefined ? "" : quoted(description)}`,
    ...Object.entries(searchAttributes).map(([attribute, type]) => `attribute ${name} ${attribute} ${type} ${printed(type)}`),
    `echo "namespace ${name} keeps workflows for ${retentionDays} days after their end; search attributes: ${Object.keys(searchAttributes).join(", ") || "none"}"`,
  ]);
  return `set -eu
fail() { echo "$*"; exit 1; }
must() { "$@" >/tmp/said 2>&1 || { cat /tmp/said; fail "failed: $*"; }; }
# Tries until it succeeds: roles find each other after the port is open, and learn of a change a moment after it is made.
patiently() {
  tries=0
  until "$@" >/tmp/said 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -lt 60 ] || { cat /tmp/said; fail "not within a minute: $*"; }
    sleep 1
  done
}
# Of several frontends each learns of a new namespace by itself, some seconds later; any other reason is final.
onceKnown() {
  tries=0
  until "$@" >/tmp/said 2>&1; do
    tries=$((tries + 1))
    grep -q "is not found" /tmp/said && [ "$tries" -lt 60 ] || { cat /tmp/said; fail "failed: $*"; }
    sleep 1
  done
}
namespace() {
  if ! temporal operator namespace describe -n "$1" -o json >/tmp/found 2>&1; then
    grep -q "is not found" /tmp/found || { cat /tmp/found; fail "namespace $1 could not be read"; }
    must temporal operator namespace create -n "$1" --retention "$2d" --description "\${3-}"
    echo "namespace $1 is made"
  elif ! grep -q "\\"workflowExecutionRetentionTtl\\": \\"$(($2 * 86400))s\\"" /tmp/found || ! described "\${3-}"; then
    must temporal operator namespace update -n "$1" --retention "$2d" \${3:+--description "$3"}
    echo "namespace $1 is updated"
  fi
  patiently temporal operator search-attribute list -n "$1" -o json
  cp /tmp/said /tmp/attributes
}
described() { [ -z "$1" ] || grep -qF "\\"description\\": \\"$1\\"" /tmp/found; }
attribute() {
  found=$(sed -n "s/^ *\\"$2\\": \\"INDEXED_VALUE_TYPE_\\([A-Z_]*\\)\\".*/\\1/p" /tmp/attributes)
  [ "$found" != "$4" ] || return 0
  [ -z "$found" ] || fail "search attribute $2 of namespace $1 exists with type $found and cannot become $3: use another name, or remove it first, for all workflows that have it"
  onceKnown temporal operator search-attribute create -n "$1" --name "$2" --type "$3"
  patiently listed "$1" "$2"
  echo "search attribute $2 of namespace $1 is made"
}
listed() { temporal operator search-attribute list -n "$1" -o json | grep -q "\\"$2\\": "; }
patiently temporal operator cluster health
must temporal operator cluster describe --detail -o json
shards=$(sed -n 's/.*"historyShardCount": *\\([0-9]*\\).*/\\1/p' /tmp/said)
[ "$shards" = ${historyShards} ] || fail "historyShards is ${historyShards}, and the data was made with \${shards:-an unknown number}: it is fixed by the first start, and the server keeps to its data; write historyShards: $shards, or start with empty databases"
${steps.join("\n")}
`;
}
