import type { WorkloadSpec } from "../../core/workload.ts";

/** Variable in which ECS tells a container where it is told about itself. */
const metadata = "ECS_CONTAINER_METADATA_URI_V4";

/**
 * Asks the agent of the task for its address in the network, which is the first one that the answer names, puts it into a
 * variable and becomes the command of the container. The agent may not know it yet in the first moments, so it is asked again.
 */
const askAndStart = (variable: string) => `set -eu
tries=0
while :; do
  said=$(timeout 2 wget -q -O - "$${metadata}") || said=
  own=\${said#*'"IPv4Addresses"'}
  own=\${own#*'"'}
  own=\${own%%'"'*}
  case $own in *[!0-9.]* | "") ;; *.*.*.*) break ;; esac
  tries=$((tries + 1))
  [ "$tries" -lt 30 ] || { echo "no address in what the task is told about itself: $said" >&2; exit 1; }
  sleep 1
done
export ${variable}="$own"
exec "$@"
`;

/**
 * A workload that wants its own address in a variable starts through a shell that finds it out. A command in place of that of
 * an image would drop it, so the spec has to name it, and the image to have `sh` and `wget`.
 */
export function tellingAddress(spec: WorkloadSpec): WorkloadSpec {
  if (spec.addressEnv === undefined) return spec;
  const start = [...(spec.entrypoint ?? []), ...(spec.command ?? [])];
  const missing = ["sh", "wget"].filter((tool) => !spec.tools.includes(tool));
  if (start.length === 0) throw new Error(`${spec.name}: on AWS its own address takes a command that the spec names`);
  if (missing.length > 0) throw new Error(`${spec.name}: on AWS its own address takes an image with ${missing.join(" and ")}`);
  return { ...spec, entrypoint: ["sh", "-c", askAndStart(spec.addressEnv), "sh"], command: start };
}
