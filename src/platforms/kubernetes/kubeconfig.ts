import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { parse } from "yaml";
import { nearest, type Problem } from "../../core/problems.ts";
import type { StackSettings } from "../../core/settings.ts";

/** Where the configured context is found, or what keeps this machine from using it. The current context never counts. */
export type ContextSearch = { readonly kubeconfig: string } | { readonly problems: readonly Problem[] };

export function findContext(settings: Pick<StackSettings, "kubernetes" | "origins">, root: string, environment = process.env): ContextSearch {
  const { kubernetes } = settings;
  if (!kubernetes) throw new Error("the settings name no cluster");
  const origin = settings.origins.kubernetes;
  const wrong = (path: string, value: string, rule: string, fix: string): ContextSearch => ({
    problems: [{ component: "stack", path: `kubernetes.${path}`, value, rule, fix, ...(origin ? { origin } : {}) }],
  });
  const named = kubeconfigFiles(root, settings, environment);
  const files = named.filter((file) => existsSync(file));
  if (files.length === 0) {
    return wrong("kubeconfig", named.join(", "), "an existing kubeconfig", "set kubernetes.kubeconfig in the stack file, or KUBECONFIG");
  }
  const found = files.find((file) => contextsIn(file).includes(kubernetes.context));
  if (found) return { kubeconfig: found };
  const contexts = files.flatMap(contextsIn);
  const guess = nearest(kubernetes.context, contexts);
  return wrong(
    "context",
    kubernetes.context,
    `a context of ${files.join(", ")}: ${contexts.join(", ") || "none"}`,
    guess ? `did you mean ${guess}?` : "name one of these, or fetch the credentials of the cluster first",
  );
}

/** Files of the kubeconfig: the setting, from the directory of Pulumi.yaml, else KUBECONFIG, which is a list, else the one in the home folder. */
function kubeconfigFiles(root: string, { kubernetes }: Pick<StackSettings, "kubernetes">, environment: NodeJS.ProcessEnv): string[] {
  const named = kubernetes?.kubeconfig;
  if (named) return [resolve(root, named.replace(/^~(?=\/)/, homedir()))];
  const listed = (environment.KUBECONFIG ?? "").split(delimiter).filter(Boolean);
  return listed.length > 0 ? listed.map((file) => resolve(file)) : [join(homedir(), ".kube", "config")];
}

function contextsIn(file: string): string[] {
  try {
    const { contexts } = parse(readFileSync(file, "utf8")) as { contexts?: { name?: string }[] };
    return (contexts ?? []).flatMap(({ name }) => (name ? [name] : []));
  } catch {
    return [];
  }
}
