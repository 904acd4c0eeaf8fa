import { labelKeys } from "../core/labels.ts";
import { namespaceOf } from "../preview/kubernetes.ts";
import type { Plan } from "../preview/plan.ts";
import { diagnosePods, podText } from "./kubernetes/diagnose.ts";
import { clusterText } from "./kubernetes/kubeconfig.ts";
import { reachCluster } from "./kubernetes/kubectl.ts";
import type { EnvironmentProject } from "./project.ts";

/** What the command knows of a target that outlives this machine. */
export interface HostedGround {
  /** Which cluster or account, for the first line. */
  readonly place: string;
  /** What the provider needs of the shell. */
  readonly variables: Readonly<Record<string, string>>;
  /** Everything that is not as it should be, as text. */
  readonly diagnose: () => Promise<string[]>;
}

/** The ground of a plan, answering; ends the command when it does not. */
export async function groundOf(project: EnvironmentProject, plan: Plan): Promise<HostedGround> {
  if (project.settings.target !== "kubernetes") {
    const { region, accountId } = project.settings.aws ?? {};
    return { place: `account ${accountId}, ${region}`, variables: {}, diagnose: async () => [] };
  }
  const kubectl = await reachCluster(project, namespaceOf(plan));
  return {
    place: clusterText(kubectl.cluster),
    variables: { KUBECONFIG: kubectl.cluster.kubeconfig },
    diagnose: async () => (await diagnosePods(kubectl, `${labelKeys.stack}=${project.prefix}`)).map(podText),
  };
}
