import { describe, expect, test } from "vitest";
import { tcp } from "../../../../src/core/probe.ts";
import { autoscaler } from "../../../../src/platforms/kubernetes/manifests/autoscaler.ts";
import { configMap, holdsSecret, plainEnv, secret, secretEnv } from "../../../../src/platforms/kubernetes/manifests/config.ts";
import { cpuQuantity } from "../../../../src/platforms/kubernetes/manifests/container.ts";
import { deployment } from "../../../../src/platforms/kubernetes/manifests/deployment.ts";
import { disruptionBudget } from "../../../../src/platforms/kubernetes/manifests/disruption-budget.ts";
import { check, job } from "../../../../src/platforms/kubernetes/manifests/job.ts";
import { namespace } from "../../../../src/platforms/kubernetes/manifests/namespace.ts";
import { clientService, nodesService } from "../../../../src/platforms/kubernetes/manifests/service.ts";
import { serviceAccount } from "../../../../src/platforms/kubernetes/manifests/service-account.ts";
import { claim, statefulSet } from "../../../../src/platforms/kubernetes/manifests/stateful-set.ts";
import { files, labelled, part, place, selected, step, workload } from "./specs.ts";

const template = { metadata: { labels: labelled() }, spec: { containers: [] } };
const metadata = { name: "web", namespace: "shop-prod", labels: labelled() };
const declared = { ...metadata, annotations: { "pulumi.com/patchForce": "true" } };

describe("a Deployment", () => {
  test("brings a new replica up before an old one goes", () => {
    const spec = workload({ replicas: 2, probe: tcp({ intervalSeconds: 5, timeoutSeconds: 3, retries: 6, startSeconds: 30 }) });
    expect(deployment(place, part, spec, template)).toEqual({
      metadata: declared,
      spec: {
        replicas: 2,
        selector: { matchLabels: selected },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: 0 } },
        minReadySeconds: 5,
        revisionHistoryLimit: 3,
        progressDeadlineSeconds: 378,
        template,
      },
    });
  });

  test("leaves its number to the autoscaler", () => {
    const autoscale = { min: 2, max: 5, cpuPercent: 60 };
    const scaled = deployment(place, part, workload({ replicas: 2, autoscale }), template);
    expect(scaled.spec).not.toHaveProperty("replicas");
    expect(scaled.metadata).toEqual(metadata);
    expect(autoscaler(place, part, autoscale)).toEqual({
      metadata,
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
        minReplicas: 2,
        maxReplicas: 5,
        metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 60 } } }],
      },
    });
  });
});

describe("a StatefulSet", () => {
  const volume = { name: "data", path: "/data", storageGiB: 20, format: "web-2" };
  const claimed = { accessModes: ["ReadWriteOnce"], volumeMode: "Filesystem", resources: { requests: { storage: "20Gi" } } };

  test("starts its members together, behind names of their own, and keeps their claims", () => {
    expect(statefulSet(place, part, workload({ identity: "stable", replicas: 3, volumes: [volume] }), template, "fast")).toEqual({
      metadata: declared,
      spec: {
        replicas: 3,
        serviceName: "web-nodes",
        selector: { matchLabels: selected },
        podManagementPolicy: "Parallel",
        updateStrategy: { type: "RollingUpdate" },
        minReadySeconds: 5,
        revisionHistoryLimit: 3,
        persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
        template,
        volumeClaimTemplates: [
          {
            apiVersion: "v1",
            kind: "PersistentVolumeClaim",
            metadata: { name: "data", labels: selected },
            spec: { ...claimed, storageClassName: "fast" },
          },
        ],
      },
    });
  });

  test("has the same way to start whatever it is: in order, a pod that never got ready would block its own replacement", () => {
    for (const over of [{ identity: "stable", replicas: 1 }, { volumes: [volume] }] as const) {
      expect(statefulSet(place, part, workload(over), template).spec).toMatchObject({ podManagementPolicy: "Parallel" });
    }
  });

  test("finds claims that are there already under the names that it asks for, marked with the format of their data", () => {
    expect(claim(place, part, volume, 1)).toEqual({
      metadata: {
        name: "data-web-1",
        namespace: "shop-prod",
        labels: labelled("data", ""),
        annotations: { "io.groundplan.format": "web-2", "pulumi.com/skipAwait": "true" },
      },
      spec: claimed,
    });
    expect(claim(place, part, { ...volume, storageGiB: 30 }, 0, "fast").spec).toMatchObject({
      storageClassName: "fast",
      resources: { requests: { storage: "30Gi" } },
    });
  });
});

describe("a Service", () => {
  const ports = workload({
    ports: { sql: { port: 5432, protocol: "postgres", published: true }, monitor: { port: 8222, protocol: "http", published: false } },
  }).ports;
  const named = [
    { name: "tcp-sql", port: 5432, targetPort: "tcp-sql", protocol: "TCP", appProtocol: "tcp" },
    { name: "http-monitor", port: 8222, targetPort: "http-monitor", protocol: "TCP", appProtocol: "http" },
  ];
  const annotations = { "pulumi.com/skipAwait": "true" };

  test("is reached inside the cluster alone, whatever is published", () => {
    expect(clientService(place, part, ports)).toEqual({
      metadata: { ...metadata, annotations },
      spec: { type: "ClusterIP", selector: selected, ports: named },
    });
  });

  test("of single members tells their addresses before they are ready", () => {
    expect(nodesService(place, part, ports)).toEqual({
      metadata: { ...metadata, name: "web-nodes", annotations },
      spec: { type: "ClusterIP", clusterIP: "None", publishNotReadyAddresses: true, selector: selected, ports: named },
    });
  });
});

describe("a step", () => {
  const own = { ...part, name: "web-setup", role: "job" } as const;

  test("of an up is tried three times within its time, stays when it is done, and is made anew when it failed", () => {
    expect(job(place, own, "web-setup-0123456789", step(), template)).toEqual({
      metadata: {
        name: "web-setup-0123456789",
        namespace: "shop-prod",
        labels: labelled("job", "1.0.0", "web-setup"),
        annotations: { "pulumi.com/replaceUnready": "true" },
      },
      // Its own 90 seconds, and 300 for a node and an image.
      spec: { backoffLimit: 2, activeDeadlineSeconds: 390, completions: 1, parallelism: 1, template },
    });
  });

  test("of verify never runs by itself, and answers at once when it fails", () => {
    const labels = labelled("check", "1.0.0", "web-setup");
    expect(check(place, { ...own, role: "check" }, step({ when: "verify" }), template)).toEqual({
      metadata: { name: "web-setup", namespace: "shop-prod", labels },
      spec: {
        schedule: "0 0 1 1 *",
        suspend: true,
        concurrencyPolicy: "Forbid",
        successfulJobsHistoryLimit: 1,
        failedJobsHistoryLimit: 1,
        jobTemplate: { metadata: { labels }, spec: { backoffLimit: 0, activeDeadlineSeconds: 390, completions: 1, parallelism: 1, template } },
      },
    });
  });
});

test("a namespace admits restricted pods only, by a standard that stays", () => {
  expect(namespace(place)).toEqual({
    metadata: {
      name: "shop-prod",
      labels: {
        "app.kubernetes.io/part-of": "shop",
        "app.kubernetes.io/managed-by": "groundplan",
        "io.groundplan.stack": "shop-prod",
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/enforce-version": "v1.34",
        "pod-security.kubernetes.io/audit": "restricted",
        "pod-security.kubernetes.io/audit-version": "v1.34",
        "pod-security.kubernetes.io/warn": "restricted",
        "pod-security.kubernetes.io/warn-version": "v1.34",
      },
    },
  });
});

test("a service account has no token", () => {
  expect(serviceAccount(place, part)).toEqual({ metadata, automountServiceAccountToken: false });
});

test("a drain of nodes takes one replica at a time; a broken one holds it up in a quorum alone", () => {
  const budget = (unhealthyPodEvictionPolicy: string) => ({
    metadata,
    spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy, selector: { matchLabels: selected } },
  });
  expect(disruptionBudget(place, part, { identity: "any" })).toEqual(budget("AlwaysAllow"));
  expect(disruptionBudget(place, part, { identity: "stable" })).toEqual(budget("IfHealthyBudget"));
});

describe("what a container is told", () => {
  test("goes to a Secret when it names a credential, and to a ConfigMap when it does not", () => {
    expect(files.filter(holdsSecret).map(({ path }) => path)).toEqual(["/etc/groundplan/password"]);
    expect(holdsSecret({ path: "/etc/groundplan/a", content: { parts: ["no secret"] } })).toBe(false);
  });

  test("is plain in a variable only when it is plain text", () => {
    const env = { A: "text", B: { parts: ["text"] }, C: Promise.resolve("text") };
    expect(plainEnv(env)).toEqual({ A: "text" });
    expect(Object.keys(secretEnv(env))).toEqual(["B", "C"]);
  });

  test("never changes under its name", () => {
    const named = { metadata: { ...metadata, name: "web-files-1" }, immutable: true };
    expect(configMap(place, part, "web-files-1", { a: "1" })).toEqual({ ...named, data: { a: "1" } });
    expect(secret(place, part, "web-files-1", { a: "1" })).toEqual({ ...named, type: "Opaque", stringData: { a: "1" } });
  });
});

test("CPUs are written as the API server writes them back", () => {
  expect([0.05, 0.5, 1, 1.5, 16].map(cpuQuantity)).toEqual(["50m", "500m", "1", "1500m", "16"]);
});
