import { describe, expect, test } from "vitest";
import { exec, http } from "../../../../src/core/probe.ts";
import { secretRef, text } from "../../../../src/core/text.ts";
import { laidFiles } from "../../../../src/platforms/kubernetes/manifests/config.ts";
import { jobPod, workloadPod } from "../../../../src/platforms/kubernetes/manifests/pod.ts";
import { restrictedViolations } from "../../../support/kubernetes/restricted.ts";
import { files, labelled, part, place, selected, step, workload } from "./specs.ts";

const image = "registry.example/web:1.0.0";
const names = { config: "web-files-1", secretFiles: "web-files-2", secretEnv: "web-env-3" };

describe("the pod of a workload", () => {
  test("is confined, told what it needs, asked whether it serves, and let go gently", () => {
    const spec = workload({
      entrypoint: ["web", "--greeting", "$(NAME) costs $$5"],
      command: ["serve"],
      env: { PLAIN: "$(pwd)", TOKEN: text`Bearer ${secretRef("app")}` },
      files,
      volumes: [{ name: "data", path: "/data", storageGiB: 5 }],
      hostnameEnv: "NODE_NAME",
      probe: http("/health", { intervalSeconds: 4, timeoutSeconds: 2, retries: 3, startSeconds: 10 }),
      liveness: exec(["alive"]),
      sharedMemoryMiB: 128,
    });
    expect(workloadPod(place, part, spec, { ...names, image, pullSecrets: ["registry"] })).toEqual({
      metadata: { labels: labelled() },
      spec: {
        serviceAccountName: "web",
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        imagePullSecrets: [{ name: "registry" }],
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 1000,
          runAsGroup: 1001,
          fsGroup: 1001,
          fsGroupChangePolicy: "OnRootMismatch",
          seccompProfile: { type: "RuntimeDefault" },
        },
        terminationGracePeriodSeconds: 35,
        containers: [
          {
            name: "web",
            image,
            imagePullPolicy: "IfNotPresent",
            // Kubernetes would read the two as a variable and as one dollar.
            command: ["web", "--greeting", "$$(NAME) costs $$$5"],
            args: ["serve"],
            env: [
              { name: "NODE_NAME", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "metadata.name" } } },
              { name: "PLAIN", value: "$$(pwd)" },
              { name: "TOKEN", valueFrom: { secretKeyRef: { name: "web-env-3", key: "TOKEN" } } },
            ],
            ports: [{ name: "http", containerPort: 8080, protocol: "TCP" }],
            resources: { requests: { cpu: "500m", memory: "256Mi" }, limits: { memory: "256Mi" } },
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: true },
            // It keeps data: ten minutes to recover it, and three failures more.
            startupProbe: { httpGet: { path: "/health", port: "http" }, periodSeconds: 4, timeoutSeconds: 2, failureThreshold: 153 },
            readinessProbe: { httpGet: { path: "/health", port: "http" }, periodSeconds: 4, timeoutSeconds: 2, failureThreshold: 3 },
            livenessProbe: { exec: { command: ["alive"] }, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 12 },
            lifecycle: { preStop: { sleep: { seconds: 5 } } },
            volumeMounts: [
              { name: "groundplan-files", mountPath: "/etc/groundplan", readOnly: true },
              { name: "data", mountPath: "/data" },
              { name: "groundplan-scratch-0", mountPath: "/tmp" },
              { name: "groundplan-shared-memory", mountPath: "/dev/shm" },
            ],
          },
        ],
        volumes: [
          {
            name: "groundplan-files",
            projected: {
              defaultMode: 0o444,
              sources: [
                { configMap: { name: "web-files-1", items: [{ key: "server.conf", path: "server.conf" }] } },
                { secret: { name: "web-files-2", items: [{ key: "password", path: "password" }] } },
              ],
            },
          },
          { name: "groundplan-scratch-0", emptyDir: { medium: "Memory", sizeLimit: "64Mi" } },
          { name: "groundplan-shared-memory", emptyDir: { medium: "Memory", sizeLimit: "128Mi" } },
        ],
      },
    });
  });

  test("drains where the workload says how", () => {
    const pod = workloadPod(place, part, workload({ drain: ["server", "--drain"], stopSeconds: 60 }), { image }).spec;
    expect(pod).toMatchObject({
      terminationGracePeriodSeconds: 65,
      containers: [{ lifecycle: { preStop: { exec: { command: ["server", "--drain"] } } } }],
    });
  });

  test("finds its siblings by name when each has one of its own, and is spread over zones, members of a quorum over nodes", () => {
    const labelSelector = { matchLabels: selected };
    const even = { maxSkew: 1, nodeTaintsPolicy: "Honor", labelSelector };
    const zones = { ...even, topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "ScheduleAnyway" };
    const nodes = { ...even, topologyKey: "kubernetes.io/hostname" };
    expect(workloadPod(place, part, workload({ identity: "stable", replicas: 3 }), { image }).spec).toMatchObject({
      dnsConfig: { searches: ["web-nodes.shop-prod.svc.cluster.local"] },
      topologySpreadConstraints: [zones, { ...nodes, whenUnsatisfiable: "DoNotSchedule" }],
    });
    expect(workloadPod(place, part, workload({ identity: "stable" }), { image, clusterDomain: "shop.internal" }).spec).toMatchObject({
      dnsConfig: { searches: ["web-nodes.shop-prod.svc.shop.internal"] },
    });
    const alike = workloadPod(place, part, workload({ replicas: 2 }), { image }).spec;
    expect(alike).toMatchObject({ topologySpreadConstraints: [zones, { ...nodes, whenUnsatisfiable: "ScheduleAnyway" }] });
    expect(alike).not.toHaveProperty("dnsConfig");
    expect(workloadPod(place, part, workload(), { image }).spec).not.toHaveProperty("topologySpreadConstraints");
  });

  test("is spread when an autoscaler may make more of it, and goes to the processors that its image is made for", () => {
    const spec = workload({ autoscale: { min: 1, max: 4, cpuPercent: 70 }, architecture: "arm64" });
    const pod = workloadPod(place, part, spec, { image }).spec as unknown as Record<string, unknown>;
    expect(pod.topologySpreadConstraints).toHaveLength(2);
    expect(pod.nodeSelector).toEqual({ "kubernetes.io/arch": "arm64" });
  });
});

test("the pod of a job is as confined, runs once, and is asked nothing", () => {
  const pod = jobPod(place, { ...part, name: "web-setup", role: "job" }, step({ files }), { ...names, image });
  expect(pod.metadata).toEqual({ labels: labelled("job", "1.0.0", "web-setup") });
  expect(pod.spec).toMatchObject({ restartPolicy: "Never", serviceAccountName: "web-setup" });
  expect(restrictedViolations(pod.spec as never)).toEqual([]);
  const [container] = (pod.spec as unknown as { containers: object[] }).containers;
  for (const field of ["ports", "startupProbe", "readinessProbe", "livenessProbe", "lifecycle"]) expect(container).not.toHaveProperty(field);
});

test("variables are in one order on every machine, whatever its language", () => {
  const env = { B: "1", a: "2", A: "3", _: "4" };
  const [container] = (workloadPod(place, part, workload({ env }), { image }).spec as unknown as { containers: { env: { name: string }[] }[] })
    .containers;
  expect(container?.env.map(({ name }) => name)).toEqual(["A", "B", "_", "a"]);
});

test("files below the folder keep their place there, under keys that a ConfigMap takes", () => {
  const below = ["start.sh", "provisioning/a/b.yaml", "provisioning-a/b.yaml", "repo%2Fguard.rego", "+mask.rego"];
  const spec = workload({ files: below.map((path) => ({ path: `/etc/groundplan/${path}`, content: path })) });
  const { containers, volumes } = workloadPod(place, part, spec, { config: "web-files-1", image }).spec as unknown as {
    containers: { volumeMounts: { name: string; mountPath: string }[] }[];
    volumes: { name: string; projected?: { sources: { configMap: { items: { key: string; path: string }[] } }[] } }[];
  };
  expect(containers[0]?.volumeMounts.find(({ name }) => name === "groundplan-files")?.mountPath).toBe("/etc/groundplan");
  const items = volumes.find(({ name }) => name === "groundplan-files")?.projected?.sources[0]?.configMap.items ?? [];
  expect(items.map(({ path }) => path)).toEqual(below);
  expect(items.filter(({ key }) => !/^[-._a-zA-Z0-9]{1,253}$/.test(key))).toEqual([]);
  expect(new Set(items.map(({ key }) => key)).size).toBe(below.length);
  // Names that are keys already stay: pods of an earlier release do not roll for it.
  expect(items[0]?.key).toBe("start.sh");
  expect(laidFiles("web", spec.files).map(({ key }) => key)).toEqual(items.map(({ key }) => key));
});

test("files of one container lie in one folder, or below it", () => {
  const scattered = workload({ files: [...files, { path: "/etc/other/file", content: "" }] });
  expect(() => workloadPod(place, part, scattered, { ...names, image })).toThrow("web: all files of a container must lie in one folder, or below it");
});
