import * as pulumi from "@pulumi/pulumi";
import type { GroundContext } from "../../core/ground.ts";
import { formatProblems } from "../../core/problems.ts";
import { clusterOf, contextProblem } from "./kubeconfig.ts";
import { KubernetesPlatform } from "./platform.ts";
import { clusterProblems, clusterWarnings } from "./problems.ts";
import type { ClusterSystems } from "./systems.ts";

/** Opens the Kubernetes ground for one stack run. */
export function openKubernetesGround({ settings, root, report, promised }: GroundContext, systems: ClusterSystems) {
  const recording = Boolean(process.env.GROUNDPLAN_RECORDING);
  const cluster = settings.kubernetes;
  if (!cluster) throw new Error("the settings name no cluster");
  const problems = clusterProblems(settings);
  const warnings = clusterWarnings(settings);
  if (problems.length + warnings.length > 0) report({ name: "kubernetes", kind: "KubernetesPlatform", problems, warnings });
  // The provider gets its cluster only when the plan is whole and the context is there: until then nothing is made.
  const checked = Promise.withResolvers<string>();
  // A recorded plan is the same on every machine: it names the kubeconfig as the stack file does.
  const kubeconfig = recording ? (cluster.kubeconfig ?? "") : checked.promise;
  const platform = new KubernetesPlatform("kubernetes", { settings, root, kubeconfig, report, promised, systems });
  return {
    platform,
    problems: () => platform.problems(),
    complete: async () => {
      platform.complete();
      // A recorded program changes nothing and needs no cluster.
      if (recording) return;
      const found = clusterOf(root, settings);
      if (!("server" in found)) throw new pulumi.RunError(formatProblems([contextProblem(settings, found)]));
      checked.resolve(found.kubeconfig);
    },
    publishedPorts: () => [],
    remember: () => undefined,
    credentials: () => platform.credentials,
  };
}
