import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { pulumi, upped } from "../support/kubernetes-engine.ts";
import { context, describeKubernetesEngine, kubectl, leftOf, listed } from "../support/kubernetes-tier.ts";
import { until } from "../support/stack.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

interface LabObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly uid: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec: { readonly resources?: { readonly requests: { readonly storage: string } } };
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** Exit code of the engine when an update failed. */
const failed = 1;

/** Makes the pods of a part fail, as the lab does for pods with this label. */
async function failJobs(namespace: string, part: string): Promise<void> {
  const of = (kind: string, spec: object) => ({ apiVersion: "admissionregistration.k8s.io/v1", kind, metadata: { name: namespace }, spec });
  const policy = of("MutatingAdmissionPolicy", {
    failurePolicy: "Fail",
    reinvocationPolicy: "Never",
    matchConstraints: {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
      resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }],
    },
    matchConditions: [{ name: "part", expression: `object.metadata.?labels["io.groundplan.part"].orValue("") == "${part}"` }],
    mutations: [
      {
        patchType: "ApplyConfiguration",
        applyConfiguration: {
          expression: 'Object{metadata: Object.metadata{labels: {"pod-container-running-failed.stage.kwok.x-k8s.io": "true"}}}',
        },
      },
    ],
  });
  const binding = of("MutatingAdmissionPolicyBinding", { policyName: namespace });
  for (const object of [policy, binding]) {
    await execa("kubectl", ["--context", context, "apply", "-f", "-"], { input: JSON.stringify(object) });
  }
  // The API server hears of a new policy a moment later.
  await new Promise((resolve) => setTimeout(resolve, 2000));
}

const settings = {
  target: "kubernetes",
  profile: "staging",
  kubernetes: { context, storageClass: "standard" },
  images: { api: "registry.example/shop/api:1.0.0" },
};

describeKubernetesEngine("the starter on Kubernetes with the pulumi engine", () => {
  let project: TempProject;
  let namespace: string;
  const claims = async () => new Map((await listed<LabObject>(namespace, "persistentvolumeclaims")).map((claim) => [claim.metadata.name, claim]));

  /** Settings of the stack; what the engine itself wrote into the file stays. */
  const configure = (over: object = {}) => {
    const file = join(project.root, "Pulumi.dev.yaml");
    const { encryptionsalt } = parse(readFileSync(file, "utf8")) as { encryptionsalt?: string };
    project.settings({ ...settings, ...over });
    const written = parse(readFileSync(file, "utf8")) as object;
    writeFileSync(file, stringify({ ...written, ...(encryptionsalt ? { encryptionsalt } : {}) }));
  };

  beforeAll(async () => {
    project = tempProject("");
    namespace = project.prefix;
    configure();
    const { code, output } = await pulumi(project, "stack", "init");
    expect(code, output).toBe(0);
  });
  afterAll(async () => {
    await kubectl("delete", "namespace", namespace, "--ignore-not-found");
    await kubectl("delete", "mutatingadmissionpolicy,mutatingadmissionpolicybinding", namespace, "--ignore-not-found");
    project.remove();
  });

  test("a namespace of somebody else is left alone", async () => {
    await kubectl("create", "namespace", namespace);
    expect(await upped(project, failed)).toContain(`namespaces "${namespace}" already exists`);
    const { output } = await kubectl("-n", namespace, "get", "all,networkpolicies,serviceaccounts", "-o", "name");
    expect(output.trim()).toBe("serviceaccount/default");
    await kubectl("delete", "namespace", namespace);
  });

  test("a context that is not there is told before anything is made", async () => {
    configure({ kubernetes: { context: `${context}x`, storageClass: "standard" } });
    const output = await upped(project, failed);
    expect(output).toContain(`stack: kubernetes.context = "${context}x"`);
    expect(output).toContain(`did you mean ${context}?`);
    expect(await leftOf(namespace)).toEqual([]);
    configure();
  });

  test("comes up, is ready, and a second up changes nothing", async () => {
    await upped(project);
    const { output } = await pulumi(project, "up", "--yes", "--expect-no-changes", "--refresh");
    expect(output).toMatch(/Resources:\n\s+\d+ unchanged/);
    const jobs = await listed<LabObject>(namespace, "jobs");
    expect(jobs.map(({ metadata }) => metadata.name.replace(/-[0-9a-f]{10}$/, "")).toSorted()).toEqual([
      "bus-streams",
      "db-databases",
      "queue-queues",
    ]);
  });

  test("changed settings reach the pods in place, and what they had before goes only when they have let it go", async () => {
    const running = async () =>
      new Map((await listed<LabObject>(namespace, "statefulsets,deployments")).map(({ metadata }) => [metadata.name, metadata.uid]));
    const told = async () => (await listed<LabObject>(namespace, "configmaps,secrets")).map(({ metadata }) => metadata.name);
    const [before, toldBefore] = [await running(), await told()];
    configure({ components: { bus: { maxPayloadKiB: 2048 }, cache: { maxMemoryPolicy: "allkeys-lru" }, api: { env: { MODE: "new" } } } });
    const output = await upped(project);
    expect(output).toMatch(/~ 3 updated/);
    expect(await running()).toEqual(before);
    const gone = toldBefore.filter((name) => name !== "kube-root-ca.crt");
    expect((await told()).filter((name) => gone.includes(name))).toHaveLength(gone.length - 2);
    for (const name of ["bus", "cache-node"]) {
      const [rolled, deleted] = [`StatefulSet ${name} updated`, `${name}-files deleted original`].map((line) => output.indexOf(line));
      expect(rolled, name).toBeGreaterThan(0);
      expect(deleted, name).toBeGreaterThan(rolled ?? 0);
    }
    configure();
    await upped(project);
  });

  test("a change that fails half way can be taken back", async () => {
    await failJobs(namespace, "bus-streams");
    configure({ components: { bus: { deadLetters: false } } });
    expect(await upped(project, failed)).toContain("Job has reached the specified backoff limit");
    await kubectl("delete", "mutatingadmissionpolicy,mutatingadmissionpolicybinding", namespace);
    configure();
    await upped(project);
    expect(await listed<LabObject>(namespace, "jobs")).toHaveLength(3);
    const { output } = await pulumi(project, "up", "--yes", "--expect-no-changes", "--refresh");
    expect(output).toMatch(/Resources:\n\s+\d+ unchanged/);
  });

  test("an autoscaler takes the number of replicas over without a drop, and gives it back", async () => {
    const replicas = async () => Number((await kubectl("-n", namespace, "get", "deployment", "api", "-o", "jsonpath={.spec.replicas}")).output);
    configure();
    await upped(project);
    configure({ components: { api: { autoscale: { min: 3, max: 6 } } } });
    await upped(project);
    expect(await replicas()).toBeGreaterThanOrEqual(2);
    await until("the autoscaler has its smallest number", 60, async () => (await replicas()) === 3);
    configure({ components: { api: { autoscale: { min: 3, max: 6 }, memoryMiB: 700 } } });
    await upped(project);
    expect(await replicas()).toBe(3);
    configure({ components: { api: { replicas: 4 } } });
    await upped(project);
    expect(await replicas()).toBe(4);
    configure();
    await upped(project);
    expect(await replicas()).toBe(2);
  });

  test("a claim grows in place, and its server goes on", async () => {
    const uid = async () => (await listed<LabObject>(namespace, "statefulsets")).find(({ metadata }) => metadata.name === "db")?.metadata.uid;
    const before = await uid();
    configure({ components: { db: { storageGiB: 40 } } });
    await upped(project);
    expect((await claims()).get("data-db-0")?.spec.resources?.requests.storage).toBe("40Gi");
    expect(await uid()).toBe(before);
  });

  test("data in another format is refused before its server stops", async () => {
    configure({ components: { db: { storageGiB: 40, version: "17" } } });
    expect(await upped(project, failed)).toMatch(/PersistentVolumeClaim::db-0-data"\s+as it is currently marked for protection/);
    const { output } = await kubectl("-n", namespace, "get", "statefulset", "db", "-o", "jsonpath={.spec.template.spec.containers[0].image}");
    expect(output).toContain("postgres:16");
    configure({ components: { db: { storageGiB: 40 } } });
    await upped(project);
  });

  test("a job that fails stops what waits for it, and the next up tries again", async () => {
    await failJobs(namespace, "bus-streams");
    const changed = { components: { db: { storageGiB: 40 }, bus: { deadLetters: false }, api: { memoryMiB: 700 } } };
    configure(changed);
    expect(await upped(project, failed)).toContain("Job has reached the specified backoff limit");
    const memory = () =>
      kubectl("-n", namespace, "get", "deployment", "api", "-o", "jsonpath={.spec.template.spec.containers[0].resources.limits.memory}");
    expect((await memory()).output).toBe("512Mi");
    await kubectl("delete", "mutatingadmissionpolicy,mutatingadmissionpolicybinding", namespace);
    await upped(project);
    expect((await memory()).output).toBe("700Mi");
  });

  test("down leaves claims and credentials, and the next up finds both", async () => {
    const before = [...(await claims()).values()].map(({ metadata }) => metadata.uid);
    const down = await pulumi(project, "destroy", "--yes", "--exclude-protected");
    expect(down.code, down.output).toBe(0);
    const { output } = await kubectl("-n", namespace, "get", "all,secrets,networkpolicies,poddisruptionbudgets", "-o", "name");
    expect(output.trim()).toBe("networkpolicy.networking.k8s.io/default-deny");
    await upped(project);
    expect([...(await claims()).values()].map(({ metadata }) => metadata.uid)).toEqual(before);
    const refused = await pulumi(project, "destroy", "--yes");
    expect(refused.code).not.toBe(0);
    expect((await claims()).size).toBe(before.length);
  });

  test("goes without a trace when its data is given up", async () => {
    await pulumi(project, "state", "unprotect", "--all", "--yes");
    const { code, output } = await pulumi(project, "destroy", "--yes");
    expect(code, output).toBe(0);
    expect(await leftOf(namespace)).toEqual([]);
  });
});
