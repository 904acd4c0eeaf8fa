import { appendFileSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { context, describeKubernetes, kubectl, leftOf, listed } from "../support/kubernetes-tier.ts";
import { credentials, ran, until } from "../support/stack.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

interface Stored {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly uid: string; readonly resourceVersion: string; readonly generation?: number };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

const made =
  "deployments,statefulsets,jobs,cronjobs,services,serviceaccounts,configmaps,secrets,networkpolicies,poddisruptionbudgets,persistentvolumeclaims";
const holds = (object: Stored, type: string) => (object.status?.conditions ?? []).some((c) => c.type === type && c.status === "True");
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));

const profiles = [
  { profile: "dev", replicas: 1, nodes: 1 },
  { profile: "staging", replicas: 2, nodes: 3 },
  { profile: "prod", replicas: 3, nodes: 3 },
] as const;

for (const { profile, replicas, nodes } of profiles) {
  describeKubernetes(`manifests of the starter, profile ${profile}`, () => {
    let project: TempProject;
    let folder: string;
    const namespace = () => project.prefix;
    const apply = () => kubectl("apply", "--server-side", "--validate=strict", "-k", folder);

    beforeAll(async () => {
      // Profile prod takes no key from the environment, so no copy beside the first either.
      project = tempProject(profile === "prod" ? "" : "kr");
      project.settings({
        target: "kubernetes",
        profile,
        kubernetes: { context, registry: "registry.example/acme", storageClass: "standard" },
        ...(profile === "dev" ? {} : { images: { api: "registry.example/acme/api:1.0.0" } }),
      });
      await ran(project, ["render", "dev", "--output", "out"]);
      folder = join(project.root, "out");
    });
    afterAll(async () => {
      await kubectl("delete", "namespace", namespace(), "--ignore-not-found");
      project.remove();
    });

    test("secrets are in files of their own, for their owner alone and ignored by git", async () => {
      const values = Object.values(credentials(project));
      expect(values.length).toBeGreaterThan(3);
      const holding = filesOf(folder).filter((file) => values.some((value) => readFileSync(join(folder, file), "utf8").includes(value)));
      expect(holding.length).toBeGreaterThan(5);
      for (const file of holding) {
        expect(file).toMatch(/^secrets\/[^/]+\/[^/]+$/);
        expect(modeOf(join(folder, file)), file).toBe("600");
      }
      expect(modeOf(join(folder, "secrets"))).toBe("700");
      await execa("git", ["init", "--quiet", folder]);
      const { stdout } = await execa("git", ["status", "--porcelain", "--untracked-files=all", "."], { cwd: folder });
      const seen = stdout.split("\n").filter((line) => line.includes("secrets/"));
      expect(seen).toEqual(["?? secrets/.gitignore", "?? secrets/kustomization.yaml"]);
    });

    test("apply with strict validation, and restricted pod security admits every pod", async () => {
      const { code, output } = await apply();
      expect(code, output).toBe(0);
      expect(output).not.toMatch(/would violate PodSecurity|unknown field/);
      const pods = await until("every pod is ready or done", 90, async () => {
        const all = await listed<Stored>(namespace(), "pods");
        const settled = all.every((pod) => pod.status?.phase === "Succeeded" || holds(pod, "Ready"));
        return all.length >= 3 + nodes + replicas + (profile === "dev" ? 3 : 10) && settled && all;
      });
      const servers = pods
        .filter(({ status }) => status?.phase === "Running")
        .map(({ metadata }) => metadata.name.replace(/^(api|cache)-[0-9a-f]+-.*/, "$1"));
      const bus = Array.from({ length: nodes }, (_, index) => `bus-${index}`);
      const api = Array.from({ length: replicas }, () => "api");
      const three = (part: string) => [0, 1, 2].map((index) => `${part}-${index}`);
      const cache = profile === "dev" ? ["cache-0"] : ["cache", "cache", ...three("cache-node"), ...three("cache-sentinel")];
      expect(servers.toSorted()).toEqual([...api, ...bus, ...cache, "db-0", "queue-0"]);
      const jobs = await until("every job is done", 60, async () => {
        const all = await listed<Stored>(namespace(), "jobs");
        return all.every((job) => holds(job, "Complete")) && all;
      });
      expect(jobs.map(({ metadata }) => metadata.name.replace(/-[0-9a-f]{10}$/, "")).toSorted()).toEqual([
        "bus-streams",
        "db-databases",
        "queue-queues",
      ]);
    });

    test("to apply them again changes nothing", async () => {
      const versions = async () =>
        Object.fromEntries(
          (await listed<Stored>(namespace(), made)).map(({ kind, metadata }) => [
            `${kind} ${metadata.name}`,
            `${metadata.uid} ${metadata.generation ?? ""} ${["Deployment", "StatefulSet"].includes(kind) ? "" : metadata.resourceVersion}`,
          ]),
        );
      const before = await versions();
      expect(Object.keys(before).length).toBeGreaterThan(40);
      const { code, output } = await apply();
      expect(code, output).toBe(0);
      expect(await versions()).toEqual(before);
    });

    test("the script applies them in order and waits", async () => {
      const { exitCode, all } = await execa(join(folder, "apply.sh"), { reject: false, all: true, timeout: 200_000 });
      expect(exitCode, all).toBe(0);
      const steps = all.split("\n").filter((line) => /^== |^job .* is done/.test(line));
      expect(steps.map((line) => line.replace(/-[0-9a-f]{10} /, " "))).toEqual([
        "== stack",
        "== secrets",
        "== bus",
        "job bus-streams is done",
        "== cache",
        "== db",
        "job db-databases is done",
        "== queue",
        "job queue-queues is done",
        "== api",
      ]);
    });

    test("a field that is misspelt is refused", async () => {
      const file = join(folder, "api", "deployment-api.yaml");
      const sound = readFileSync(file, "utf8");
      writeFileSync(file, sound.replace("minReadySeconds:", "minReadySecond:"));
      const { code, output } = await apply();
      writeFileSync(file, sound);
      expect(code).not.toBe(0);
      expect(output).toMatch(/minReadySecond/);
    });

    test("a pod that wants more than restricted is not admitted", async () => {
      const file = join(folder, "db", "statefulset-db.yaml");
      const sound = readFileSync(file, "utf8");
      writeFileSync(file, sound.replace("allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true"));
      const { output } = await apply();
      writeFileSync(file, sound);
      expect(output).toMatch(/would violate PodSecurity "restricted:/);
    });

    test("render again leaves what is not ours, and drops what is gone", async () => {
      writeFileSync(join(folder, "notes.txt"), "mine");
      appendFileSync(join(folder, "kustomization.yaml"), "  - gone\n");
      const stray = join(folder, "cache", "service-gone.yaml");
      writeFileSync(stray, "stale");
      await ran(project, ["render", "dev", "--output", "out"]);
      expect(readFileSync(join(folder, "notes.txt"), "utf8")).toBe("mine");
      expect(filesOf(folder)).not.toContain("cache/service-gone.yaml");
    });

    test("deletion leaves nothing", async () => {
      const { code, output } = await kubectl("delete", "-k", folder);
      expect(code, output).toBe(0);
      await until("everything is gone", 60, async () => (await leftOf(namespace())).length === 0);
    });
  });
}
