import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import type { Kubectl } from "./kubectl.ts";

/** kubectl as a process that goes on, in the context and the namespace of an environment. */
export const startKubectl = ({ cluster, namespace }: Kubectl, args: readonly string[], stdio: SpawnOptions["stdio"]): ChildProcess =>
  spawn("kubectl", ["--context", cluster.context, "--namespace", namespace, ...args], {
    env: { ...process.env, KUBECONFIG: cluster.kubeconfig },
    stdio,
  });

/** kubectl joined to the standard streams of this process; answers its exit code. */
export const joinKubectl = (kubectl: Kubectl, args: readonly string[]): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = startKubectl(kubectl, args, "inherit");
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
