import type { PushedImage } from "../containers.ts";
import type { PlanChart } from "../kubernetes.ts";
import { applySteps, serving } from "./apply-steps.ts";
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
  /** What is installed before, in order. */
  readonly charts: readonly PlanChart[];
}

/** Values of a chart, in the folder of what is installed. */
export const valuesFile = (chart: string) => `values-${chart}.yaml`;

/**
 * What `kubectl apply -k` cannot do: it applies everything at once and waits for nothing. The script keeps the gates:
 * a component is ready, and its jobs are done, before the next one starts, and so within a component that has steps.
 */
export function applyScript({ name, context, namespace, folders, secrets, charts }: Guide): string {
  const steps = folders.flatMap((folder) => {
    const { name: part } = folder;
    if (part === "install") return [`begin ${part}`, `apply ${part}`, ...charts.map(installation)];
    return [...applySteps(folder, namespace), ...(part === "stack" && secrets ? ["begin secrets", "apply secrets"] : [])];
  });
  return `#!/bin/sh
# Applies ${name} part after part: each component is ready, and its jobs are done, before the next one starts.
# CONTEXT names another context of the kubeconfig.
set -eu
cd "$(dirname "$0")"
kube() { kubectl --context "\${CONTEXT:-${context}}" "$@"; }
${charts.length > 0 ? installer(context) : ""}begin() { echo "== $1"; }
apply() { part=$1; shift; kube apply --server-side -k "$part" "$@"; }
ready() { kube -n "\${3:-${namespace}}" rollout status "$1" --timeout "$2s"; }
programmed() { kube -n ${namespace} wait "gateway.gateway.networking.k8s.io/$1" --for=condition=Programmed --timeout 600s; }
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

/** One that is rendered is applied as it is: its release would be larger than a cluster keeps. */
const installer = (context: string) => `release() { # name, chart, version, namespace: again, it changes what is other than here
  echo "== $1 $3"
  helm --kube-context "\${CONTEXT:-${context}}" upgrade --install "$1" "$2" --version "$3" --namespace "$4" --values "install/values-$1.yaml" --atomic --timeout 10m
}
definitions() {
  echo "== $1 $3"
  helm template "$1" "$2" --version "$3" --namespace "$4" --values "install/values-$1.yaml" | kube apply --server-side -f -
}
`;

const installation = ({ rendered, name, chart, version, namespace }: PlanChart) =>
  `${rendered ? "definitions" : "release"} ${name} ${chart} ${version} ${namespace}`;

export function readme({ name, context, namespace, folders, images, charts }: Guide): string {
  const checks = folders.flatMap(({ objects }) => objects.filter(({ kind }) => kind === "CronJob").map((o) => o.name));
  const servers = folders.flatMap(({ objects }) =>
    objects.filter(({ kind }) => serving.includes(kind)).map((o) => `-n ${o.namespace} rollout status ${o.kind.toLowerCase()}/${o.name}`),
  );
  const kubectl = `kubectl --context ${context}`;
  return `# ${name}

Rendered by groundplan; it is written anew by every \`groundplan render\`. Needs kubectl 1.27 or later, a cluster of 1.30 or later, ${charts.length > 0 ? "helm 3.8 or later, and a way to the registries of its charts" : "and nothing else"}.

- \`stack/\`: the namespace \`${namespace}\` and its rules
- ${folders
    .filter(({ name: part }) => part !== "stack" && part !== "install")
    .map(({ name: part }) => `\`${part}/\``)
    .join(", ")}: one folder per component, one file per object
- \`secrets/\`: values, one file per key, readable by you only and ignored by git; \`kustomization.yaml\` makes Secrets of them
${charts.length > 0 ? installing(charts) : ""}
${images.length > 0 ? `Build and push what is built, on the machine that rendered this:\n\n${images.map(pushCommands).join("\n")}\n\n` : ""}Apply in order. Each component is ready, and its jobs are done, before the next one starts:

    ./apply.sh

Or everything at once${charts.length > 0 ? ", when what is below `install/` is there" : ""}. kubectl waits for nothing then: pods restart until what they need is there. A job tries three times; one that
failed because its server took longer is deleted and applied again.

    ${kubectl} apply --server-side -k .
${servers.map((server) => `    ${kubectl} ${server}`).join("\n")}

To apply again changes nothing. A job runs again only when what it does has changed: its name is a hash of it.

Check each system by its own protocol:

${checks.map((check) => `    ${kubectl} -n ${namespace} create job ${check}-1 --from=cronjob/${check} && ${kubectl} -n ${namespace} logs --follow job/${check}-1 --pod-running-timeout=1m`).join("\n")}

Delete everything, data and the credentials that open it included:

    ${kubectl} delete -k .
${charts.length > 0 ? `\nWhat \`install/\` brought stays, since others of the cluster may use it: \`helm uninstall\`, and \`${kubectl} delete -k install\`.\n` : ""}`;
}

const installing = (charts: readonly PlanChart[]) => `- \`install/\`: what the cluster gets first, by \`apply.sh\`: ${charts
  .map(({ name, version }) => `${name} ${version}`)
  .join(", ")}, with the values of each (${charts.map(({ name }) => `\`${valuesFile(name)}\``).join(", ")}) and their namespaces
`;

function pushCommands({ name, build: { context, dockerfile, args, target } }: PushedImage): string {
  const options = [...Object.entries(args).map(([key, value]) => `--build-arg ${key}=${value}`), ...(target ? [`--target ${target}`] : [])];
  return `    docker build --tag ${name} --file ${dockerfile} ${options.map((option) => `${option} `).join("")}${context} && docker push ${name}`;
}
