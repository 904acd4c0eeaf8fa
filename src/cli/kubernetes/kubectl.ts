import { execa } from "execa";
import { type Cluster, clusterOf } from "../../platforms/kubernetes/kubeconfig.ts";
import { couldNotRun } from "../exit.ts";
import type { EnvironmentProject } from "../project.ts";

/** Runs kubectl in the context and the namespace of an environment; never in whatever context is current. */
export interface Kubectl {
  readonly cluster: Cluster;
  readonly namespace: string;
  /** Output of a command that must work. */
  run(args: readonly string[], input?: string): Promise<string>;
  /** Output of a command that may fail: undefined then. */
  try(args: readonly string[]): Promise<string | undefined>;
  /** Objects of a kind in the namespace, or in another one. */
  list<T>(kind: string, selector?: string, namespace?: string): Promise<T[]>;
}

/** The cluster of the environment, or the end of the command with the contexts that there are. */
export function requireCluster(project: EnvironmentProject): Cluster {
  const cluster = clusterOf(project.root, project.settings);
  if ("server" in cluster) return cluster;
  const known = cluster.known.length > 0 ? `it has ${cluster.known.join(", ")}` : "it has none, or is not there";
  throw couldNotRun(
    "GP107",
    `no context "${cluster.context}" in the kubeconfig ${cluster.files.join(", ")}: ${known}\n  Name one of them under kubernetes.context of Pulumi.${project.env}.yaml, or set KUBECONFIG to the file that has it.`,
  );
}

/** kubectl for an environment whose API server answers. */
export async function reachCluster(project: EnvironmentProject, namespace: string): Promise<Kubectl> {
  const cluster = requireCluster(project);
  const call = (args: readonly string[], input?: string) =>
    execa("kubectl", ["--context", cluster.context, "--namespace", namespace, ...args], {
      reject: false,
      env: { KUBECONFIG: cluster.kubeconfig },
      ...(input === undefined ? { stdin: "ignore" as const } : { input }),
      maxBuffer: 64 * 1024 * 1024,
    });
  const run = async (args: readonly string[], input?: string) => {
    const { exitCode, stdout, stderr, code } = await call(args, input);
    if (code === "ENOENT") throw couldNotRun("GP106", "kubectl is not on PATH; install it: https://kubernetes.io/docs/tasks/tools/");
    if (exitCode !== 0) throw couldNotRun("GP109", `kubectl ${args.slice(0, 3).join(" ")} failed on ${cluster.context}\n  ${String(stderr).trim()}`);
    return String(stdout);
  };
  const silent = await call(["version", "--request-timeout", "10s", "-o", "json"]);
  if (silent.code === "ENOENT") throw couldNotRun("GP106", "kubectl is not on PATH; install it: https://kubernetes.io/docs/tasks/tools/");
  if (silent.exitCode !== 0) {
    const said = String(silent.stderr).trim().split("\n").at(-1);
    throw couldNotRun("GP108", `the cluster of context ${cluster.context} does not answer at ${cluster.server}\n  ${said}`);
  }
  return {
    cluster,
    namespace,
    run,
    try: async (args) => {
      const { exitCode, stdout } = await call(args);
      return exitCode === 0 ? String(stdout) : undefined;
    },
    list: async <T>(kind: string, selector?: string, other = namespace) => {
      // The last of two namespaces is the one that counts.
      const text = await run(["get", kind, "--namespace", other, ...(selector ? ["--selector", selector] : []), "-o", "json"]);
      return (JSON.parse(text) as { items: T[] }).items;
    },
  };
}
