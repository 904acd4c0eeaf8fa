import { randomInt } from "node:crypto";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { diagnosePods, podText } from "../../src/cli/kubernetes/diagnose.ts";
import { reachCluster } from "../../src/cli/kubernetes/kubectl.ts";
import type { EnvironmentProject } from "../../src/cli/project.ts";
import { context, describeKubernetes, kubectl } from "../support/kubernetes-tier.ts";
import { settingsOf } from "../support/settings.ts";
import { until } from "../support/stack.ts";

const pod = (name: string, labels: Record<string, string> = {}, spec: object = {}) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, labels: { "io.groundplan.stack": "diagnosed", ...labels } },
  spec: { containers: [{ name: "main", image: "registry.example/main:1" }], restartPolicy: "Never", ...spec },
});

describeKubernetes("what did not come up on a cluster", () => {
  const namespace = `gpdiag-${randomInt(36 ** 5).toString(36)}`;
  const project = { root: "/", env: "dev", settings: settingsOf({ target: "kubernetes", kubernetes: { context } }) } as unknown as EnvironmentProject;

  beforeAll(async () => {
    await kubectl("create", "namespace", namespace);
    const pods = [
      pod("fine"),
      pod("nowhere", {}, { nodeSelector: { nobody: "has-this" } }),
      pod("broken", { "pod-container-running-failed.stage.kwok.x-k8s.io": "true" }),
    ];
    const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: pods });
    await until("the namespace takes pods", 20, async () => {
      const { exitCode } = await execa("kubectl", ["--context", context, "-n", namespace, "apply", "-f", "-"], { input: list, reject: false });
      return exitCode === 0;
    });
  });
  afterAll(() => kubectl("delete", "namespace", namespace, "--wait=false"));

  test("is named with its state and what the cluster says of it; what is ready is not", async () => {
    const cluster = await reachCluster(project, namespace);
    const found = await until("both are seen", 30, async () => {
      const all = await diagnosePods(cluster, "io.groundplan.stack=diagnosed");
      const settled = all.find((d) => d.pod === "nowhere")?.notes.length && all.find((d) => d.pod === "broken")?.state.includes("code");
      return settled ? all : undefined;
    });
    expect(found.map((d) => d.pod)).toEqual(["broken", "nowhere"]);
    const text = found.map(podText).join("\n");
    expect(text).toMatch(/nowhere {2}Pending\n/);
    expect(text).toMatch(/didn't match Pod's node affinity\/selector/);
    expect(text).toMatch(/broken {2}\S+ with code 1/);
    expect(text).toContain("it wrote no log, or its log is gone");
  });
});
