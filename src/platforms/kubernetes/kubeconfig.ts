import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { parse } from "yaml";
import { nearest, type Problem } from "../../core/problems.ts";
import type { StackSettings } from "../../core/settings.ts";

/** The cluster that an environment names. */
export interface Cluster {
  readonly context: string;
  /** URL of its API server. */
  readonly server: string;
  /** The one file that has the context and its cluster: provider and kubectl get the same. */
  readonly kubeconfig: string;
}

/** The context is in no file of the kubeconfig; the files that are there, and the contexts that they have. */
export interface UnknownContext {
  readonly context: string;
  readonly known: readonly string[];
  readonly files: readonly string[];
}

type Where = Pick<StackSettings, "kubernetes">;

/** Looks the configured context up; asks no cluster, and the current context never counts. The first file that has it wins, as for kubectl. */
export function clusterOf(root: string, settings: Where, environment: NodeJS.ProcessEnv = process.env): Cluster | UnknownContext {
  const context = settings.kubernetes?.context ?? "";
  const files = kubeconfigFiles(root, settings, environment);
  const clusters = files.flatMap((file) => clustersIn(file));
  return clusters.find((cluster) => cluster.context === context) ?? { context, known: [...new Set(clusters.map((c) => c.context))], files };
}

/** The same as a problem of the stack file, for the ground that cannot go on without. */
export function contextProblem(settings: Pick<StackSettings, "kubernetes" | "origins">, { context, known, files }: UnknownContext): Problem {
  const guess = nearest(context, known);
  const fix = guess ? `did you mean ${guess}?` : "name one of these, fetch the credentials of the cluster first, or set KUBECONFIG";
  const origin = settings.origins.kubernetes ?? settings.origins["kubernetes.context"];
  return {
    component: "stack",
    path: "kubernetes.context",
    value: context,
    rule: `a context of ${files.join(", ")}: ${known.join(", ") || "none"}`,
    fix,
    ...(origin ? { origin } : {}),
  };
}

/** Files of the kubeconfig: the setting, from the directory of Pulumi.yaml, else KUBECONFIG, which is a list, else the one in the home folder. */
function kubeconfigFiles(root: string, { kubernetes }: Where, environment: NodeJS.ProcessEnv): string[] {
  const named = kubernetes?.kubeconfig;
  if (named) return [resolve(root, named.replace(/^~(?=\/)/, homedir()))];
  const listed = (environment.KUBECONFIG ?? "").split(delimiter).filter(Boolean);
  return listed.length > 0 ? listed.map((file) => resolve(file)) : [join(homedir(), ".kube", "config")];
}

interface Kubeconfig {
  readonly contexts?: readonly { readonly name?: string; readonly context?: { readonly cluster?: string } }[] | null;
  readonly clusters?: readonly { readonly name?: string; readonly cluster?: { readonly server?: string } }[] | null;
}

/** Contexts of a file whose cluster is in the same file; none of one that is not there or cannot be read. */
function clustersIn(file: string): Cluster[] {
  try {
    const { contexts, clusters } = parse(readFileSync(file, "utf8")) as Kubeconfig;
    return (contexts ?? []).flatMap(({ name, context }) => {
      const server = (clusters ?? []).find((cluster) => cluster.name === context?.cluster)?.cluster?.server;
      return name && server ? [{ context: name, server, kubeconfig: file }] : [];
    });
  } catch {
    return [];
  }
}
