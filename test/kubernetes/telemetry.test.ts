import { randomInt } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Kubectl } from "../../src/cli/kubernetes/kubectl.ts";
import { workloadHealth } from "../../src/cli/verify/kubernetes.ts";
import type { Plan } from "../../src/preview/plan.ts";
import { renderManifests } from "../../src/preview/render/manifests.ts";
import { context, describeKubernetes, kubectl, listed } from "../support/kubernetes-tier.ts";
import { watchedOn } from "../support/recorded.ts";
import { until } from "../support/stack.ts";

const variants = [
  ["in a mesh", { mesh: { mode: "sidecar", install: false } }, {}],
  ["with an operator", {}, { monitors: { namespace: "monitoring", labels: { release: "prometheus" } } }],
] as const;

for (const [title, more, telemetry] of variants) {
  describeKubernetes(`manifests of a stack that watches, ${title}`, () => {
    const namespace = `gp-watch-${randomInt(36 ** 5).toString(36)}`;
    const folder = mkdtempSync(join(tmpdir(), "groundplan-watch-"));
    let plan: Plan;
    const apply = () => kubectl("apply", "--server-side", "--validate=strict", "-k", folder);

    beforeAll(async () => {
      plan = await watchedOn("kubernetes", "staging", { kubernetes: { context, namespace, storageClass: "standard", ...more }, telemetry });
      for (const { path, content } of renderManifests(plan, context).files) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), content);
      }
    });
    afterAll(async () => {
      await kubectl("delete", "namespace", namespace, `${namespace}-logs`, "--ignore-not-found", "--wait=false");
      rmSync(folder, { recursive: true, force: true });
    });

    test("are taken strictly, and again without a change", async () => {
      const first = await apply();
      expect(first.output.split("\n").filter((line) => !/serverside-applied$|Sorting order/.test(line))).toEqual([]);
      expect(first.code).toBe(0);
      const names = "daemonsets,configmaps,networkpolicies,serviceaccounts";
      const versions = async () =>
        (await listed<{ metadata: { name: string; generation?: number; uid: string } }>(`${namespace}-logs`, names)).map(({ metadata }) => [
          metadata.name,
          metadata.uid,
          metadata.generation,
        ]);
      const before = await versions();
      expect((await apply()).code).toBe(0);
      expect(await versions()).toEqual(before);
    });

    test("run an agent on each node, beside the namespace that admits none, and verify sees it", async () => {
      const cluster: Pick<Kubectl, "list"> = { list: (kind, _, other = namespace) => listed(other, kind) };
      const agent = async () => (await workloadHealth(cluster as Kubectl, plan)).find(({ part }) => part === "telemetry-agent");
      await until("an agent on each node", 60, async () => (await agent())?.ok === true);
      expect(await agent()).toEqual({ part: "telemetry-agent", state: "3 of 3 ready", ok: true });
      const pod = (await listed<{ spec: object }>(`${namespace}-logs`, "pods"))[0];
      writeFileSync(join(folder, "pod.json"), JSON.stringify({ apiVersion: "v1", kind: "Pod", metadata: { name: "agent" }, spec: agentSpec(pod) }));
      const refused = await kubectl("--namespace", namespace, "create", "--dry-run=server", "-f", join(folder, "pod.json"));
      expect(refused.output).toMatch(/violates PodSecurity "restricted:v1\.34": .*hostPath/);
    });
  });
}

function agentSpec(pod: { spec: object } | undefined): object {
  const { nodeName: _, serviceAccountName: __, serviceAccount: ___, ...spec } = (pod?.spec ?? {}) as Record<string, unknown>;
  return spec;
}
