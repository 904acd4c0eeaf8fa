import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { parse } from "yaml";
import type { StackSettings } from "../../core/settings.ts";

/** The cluster that an environment names. */
export interface Cluster {
  readonly context: string;
  /** URL of its API server. */
  readonly server: string;
  /** Value of KUBECONFIG with which programs find the context. */
  readonly kubeconfig: string;
}

/** The context is not in the kubeconfig; those that are. */
export interface UnknownContext {
  readonly context: string;
  readonly known: readonly string[];
  readonly kubeconfig: string;
}

interface Named {
  readonly name: string;
}
interface Kubeconfig {
  readonly contexts?: readonly (Named & { readonly context?: { readonly cluster?: string } })[] | null;
  readonly clusters?: readonly (Named & { readonly cluster?: { readonly server?: string } })[] | null;
}

/** Files of the kubeconfig: the setting, else KUBECONFIG (a list), else the one in the home folder. */
function kubeconfigFiles(root: string, settings: Pick<StackSettings, "kubernetes">, environment: NodeJS.ProcessEnv = process.env): string[] {
  const named = settings.kubernetes?.kubeconfig;
  if (named) return [resolve(root, named.replace(/^~(?=\/)/, homedir()))];
  const listed = (environment.KUBECONFIG ?? "").split(delimiter).filter(Boolean);
  return listed.length > 0 ? listed.map((file) => resolve(file)) : [join(homedir(), ".kube", "config")];
}

/** Looks the configured context up; asks no cluster. In several files the first that names something wins, as for kubectl. */
export function clusterOf(root: string, settings: Pick<StackSettings, "kubernetes">, environment?: NodeJS.ProcessEnv): Cluster | UnknownContext {
  const context = settings.kubernetes?.context ?? "";
  const files = kubeconfigFiles(root, settings, environment);
  const kubeconfig = files.join(delimiter);
  const read = files.filter((file) => existsSync(file)).map((file) => (parse(readFileSync(file, "utf8")) ?? {}) as Kubeconfig);
  const contexts = read.flatMap(({ contexts }) => contexts ?? []);
  const clusters = read.flatMap(({ clusters }) => clusters ?? []);
  const found = contexts.find(({ name }) => name === context);
  if (!found) return { context, known: contexts.map(({ name }) => name), kubeconfig };
  const server = clusters.find(({ name }) => name === found.context?.cluster)?.cluster?.server ?? "";
  return { context, server, kubeconfig };
}

export const clusterText = (cluster: Cluster | UnknownContext): string =>
  "server" in cluster
    ? `context ${cluster.context}, ${cluster.server}`
    : `context ${cluster.context}, which the kubeconfig of this machine (${cluster.kubeconfig}) does not have`;
