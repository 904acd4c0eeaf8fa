import { databaseEnv, stores } from "./stores.ts";

export type TemporalVersion = "1.31" | "1.32";

/** Schema that each minor release brings its databases to, from the `versioned` folders of its sources. */
const schemas = {
  "1.30": { database: "1.18", visibility: "1.13" },
  "1.31": { database: "1.19", visibility: "1.14" },
  "1.32": { database: "1.19", visibility: "1.14" },
} as const;

const before = { "1.31": "1.30", "1.32": "1.31" } as const satisfies Record<TemporalVersion, keyof typeof schemas>;

/**
 * Refuses databases that this version may not take over: written by a later release, or by one more than a minor back.
 * Runs where `psql` is, before the schema is touched. Databases on which no server ran yet may be at any step below.
 */
export function versionScript(version: TemporalVersion): string {
  const [known, oldest] = [schemas[version], schemas[before[version]]];
  const judged = stores.map((store) => {
    const { database } = databaseEnv(store);
    return `judge "$${database}" "$${store}_schema" ${known[store]} ${oldest[store]}`;
  });
  return `set -eu
number() { echo $((\${1%%.*} * 1000 + \${1#*.})); }
ask() {
  export PGPASSWORD="$4"
  psql -X -w -A -t -q -v ON_ERROR_STOP=1 "host=$1 port=$2 user=$3 dbname=$5 connect_timeout=10" -c "$6"
}
has() {
  there=$(ask "$1" "$2" "$3" "$4" "$5" "SELECT to_regclass('$6') IS NOT NULL") || exit 1
  [ "$there" = t ]
}
schema() {
  if has "$@" schema_version; then ask "$@" "SELECT curr_version FROM schema_version ORDER BY creation_time DESC LIMIT 1"; fi
}
judge() {
  [ -n "$2" ] || return 0
  if [ "$(number "$2")" -gt "$(number "$3")" ]; then
    echo "database $1 has schema $2, and Temporal ${version} knows it up to $3: a later release wrote it, and there is no way back; set version to that release"
    exit 1
  fi
  if [ "$used" = yes ] && [ "$(number "$2")" -lt "$(number "$4")" ]; then
    echo "database $1 has schema $2, and Temporal ${version} takes over from ${before[version]}, which has $4: upgrade one minor at a time, with schema and server of each release between"
    exit 1
  fi
}
${stores.map((store) => `${store}_schema=$(schema ${access(store)})`).join("\n")}
used=no
if has ${access("database")} cluster_metadata_info; then
  servers=$(ask ${access("database")} "SELECT count(*) FROM cluster_metadata_info")
  [ "$servers" -eq 0 ] || used=yes
fi
${judged.join("\n")}
echo "Temporal ${version} may run on schema \${database_schema:-none} and, for visibility, \${visibility_schema:-none}"
`;
}

const access = (store: (typeof stores)[number]) => {
  const { host, port, user, password, database } = databaseEnv(store);
  return [host, port, user, password, database].map((name) => `"$${name}"`).join(" ");
};
