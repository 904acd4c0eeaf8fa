import { labelKeys } from "../../core/labels.ts";
import type { PushedImage } from "../containers.ts";
import type { PlanObject } from "../kubernetes.ts";
import type { ManifestFolder } from "./manifests.ts";

export interface Guide {
  readonly name: string;
  /** Context of the kubeconfig that the environment names. */
  readonly context: string;
  readonly namespace: string;
  /** Whether there are secrets at all. */
  readonly secrets: boolean;
  readonly folders: readonly ManifestFolder[];
  /** Images that must be built and pushed before. */
  readonly images: readonly PushedImage[];
}

const serving = ["Deployment", "StatefulSet", "DaemonSet"];
const jobsOf = ({ objects }: ManifestFolder) => objects.filter(({ kind }) => kind === "Job");
/** Longest that its readiness is waited for: what the plan gives it. */
const patience = ({ resource }: PlanObject) => Number.parseInt(resource.createTimeout ?? "600", 10);
const numberAt = ({ manifest }: PlanObject, field: string, otherwise: number) =>
  Number((manifest.spec as Record<string, unknown> | undefined)?.[field] ?? otherwise);

/**
 * What `kubectl apply -k` cannot do: it applies everything at once and waits for nothing. The script keeps the gates:
 * a component is ready, and its jobs are done, before the next one starts.
 */
export function applyScript({ name, context, namespace, folders, secrets }: Guide): string {
  const steps = folders.flatMap((folder) => {
    const { name: part, objects } = folder;
    const jobs = jobsOf(folder);
    return [
      ...(jobs.length > 0 ? [`apply ${part} --selector '${labelKeys.role}!=job'`] : [`apply ${part}`]),
      ...(part === "stack" && secrets ? ["apply secrets"] : []),
      ...objects
        .filter(({ kind }) => serving.includes(kind))
        .map((o) => `ready ${o.kind.toLowerCase()}/${o.name} ${patience(o)}${o.namespace === namespace ? "" : ` ${o.namespace}`}`),
      ...(jobs.length > 0 ? [`apply ${part} --selector '${labelKeys.role}=job'`] : []),
      ...jobs.map((o) => `job_done ${o.name} ${numberAt(o, "activeDeadlineSeconds", 600)}`),
    ];
  });
  return `#!/bin/sh
# Applies ${name} part after part: each component is ready, and its jobs are done, before the next one starts.
# CONTEXT names another context of the kubeconfig.
set -eu
cd "$(dirname "$0")"
kube() { kubectl --context "\${CONTEXT:-${context}}" "$@"; }
apply() { part=$1; shift; echo "== $part"; kube apply --server-side -k "$part" "$@"; }
ready() { kube -n "\${3:-${namespace}}" rollout status "$1" --timeout "$2s"; }
job_done() {
  waited=0
  while :; do
    state=$(kube -n ${namespace} get job "$1" -o 'jsonpath={.status.conditions[?(@.status=="True")].type}')
    case "$state" in
    *Complete*) echo "job $1 is done"; return 0 ;;
    *Failed*) echo "job $1 failed" >&2; kube -n ${namespace} logs "job/$1" --tail 20 >&2 || true; return 1 ;;
    esac
    [ "$waited" -lt "$(($2 + 60))" ] || { echo "job $1 did not end in $2 s" >&2; return 1; }
    sleep 2; waited=$((waited + 2))
  done
}
${steps.join("\n")}
`;
}

export function readme({ name, context, namespace, folders, images }: Guide): string {
  const checks = folders.flatMap(({ objects }) => objects.filter(({ kind }) => kind === "CronJob").map((o) => o.name));
  const servers = folders.flatMap(({ objects }) =>
    objects.filter(({ kind }) => serving.includes(kind)).map((o) => `-n ${o.namespace} rollout status ${o.kind.toLowerCase()}/${o.name}`),
  );
  const kubectl = `kubectl --context ${context}`;
  return `# ${name}

Rendered by groundplan; it is written anew by every \`groundplan render\`. Needs kubectl 1.27 or later, a cluster of 1.30 or later, and nothing else.

- \`stack/\`: the namespace \`${namespace}\` and its rules
- ${folders
    .filter(({ name: part }) => part !== "stack")
    .map(({ name: part }) => `\`${part}/\``)
    .join(", ")}: one folder per component, one file per object
- \`secrets/\`: values, one file per key, readable by you only and ignored by git; \`kustomization.yaml\` makes Secrets of them

${images.length > 0 ? `Build and push what is built, on the machine that rendered this:\n\n${images.map(pushCommands).join("\n")}\n\n` : ""}Apply in order. Each component is ready, and its jobs are done, before the next one starts:

    ./apply.sh

Or everything at once. kubectl waits for nothing then: pods restart until what they need is there. A job tries three times; one that
failed because its server took longer is deleted and applied again.

    ${kubectl} apply --server-side -k .
${servers.map((server) => `    ${kubectl} ${server}`).join("\n")}

To apply again changes nothing. A job runs again only when what it does has changed: its name is a hash of it.

Check each system by its own protocol:

${checks.map((check) => `    ${kubectl} -n ${namespace} create job ${check}-1 --from=cronjob/${check} && ${kubectl} -n ${namespace} logs --follow job/${check}-1 --pod-running-timeout=1m`).join("\n")}

Delete everything, data and the credentials that open it included:

    ${kubectl} delete -k .
`;
}

function pushCommands({ name, build: { context, dockerfile, args, target } }: PushedImage): string {
  const options = [...Object.entries(args).map(([key, value]) => `--build-arg ${key}=${value}`), ...(target ? [`--target ${target}`] : [])];
  return `    docker build --tag ${name} --file ${dockerfile} ${options.map((option) => `${option} `).join("")}${context} && docker push ${name}`;
}
