import type { PolicyCases } from "../cases.ts";
import { cronJob, inShop, statefulSet } from "../kubernetes-objects.ts";

const mounted = (mountPath: string) => ({ containers: [{ name: "postgres", volumeMounts: [{ name: "data", mountPath }] }] });
const claims = { volumeClaimTemplates: [{ metadata: { name: "data" }, spec: { resources: { requests: { storage: "20Gi" } } } }] };
const db = (
  spec: Record<string, unknown>,
  pod: Record<string, unknown> = mounted("/var/lib/postgresql/data"),
  labels: Record<string, unknown> = {},
) => statefulSet("db", pod, spec, labels);
const kept = { whenDeleted: "Retain", whenScaled: "Retain" };
const scratch = { emptyDir: {}, name: "data" };

export const kubernetesStatefulCases: Readonly<Record<string, PolicyCases>> = {
  "k8s-stateful-storage": {
    compliant: [
      { title: "claims that stay", resources: [db({ ...claims, persistentVolumeClaimRetentionPolicy: kept })] },
      {
        title: "a claim of another maker, and scratch",
        resources: [db({}, { ...mounted("/tmp"), volumes: [scratch, { persistentVolumeClaim: {} }] })],
      },
    ],
    violating: [
      { title: "no claim", resources: [db({})], finds: ["db: spec.volumeClaimTemplates"] },
      {
        title: "data in an emptyDir",
        resources: [db({}, { ...mounted("/data"), volumes: [scratch] })],
        finds: ["db: spec.template.spec.volumes[0].emptyDir"],
      },
      {
        title: "claims that go with the pods",
        resources: [db({ ...claims, persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete", whenScaled: "Delete" } })],
        finds: ["db: spec.persistentVolumeClaimRetentionPolicy.whenDeleted", "db: spec.persistentVolumeClaimRetentionPolicy.whenScaled"],
      },
    ],
    reads: {
      "db: spec.volumeClaimTemplates": ["db: spec.volumeClaimTemplates"],
      "db: spec.persistentVolumeClaimRetentionPolicy.whenScaled": [],
      "db: spec.persistentVolumeClaimRetentionPolicy.whenDeleted": [],
      "db: spec.template.spec.volumes": [],
    },
  },
  "k8s-stateful-replicas": {
    compliant: [
      { title: "two pods", resources: [db({ replicas: 2 })] },
      { title: "one pod in staging", stage: "staging", resources: [db({ replicas: 1 })] },
    ],
    violating: [
      { title: "one pod", resources: [db({ replicas: 1 })], finds: ["db: spec.replicas"] },
      { title: "no number", resources: [db({})], finds: ["db: spec.replicas"] },
    ],
    reads: { "db: spec.replicas": ["db: spec.replicas"] },
  },
  "k8s-stateful-backup": {
    compliant: [
      { title: "a job that saves it", resources: [db(claims), cronJob("db-backup", {})] },
      { title: "a label for Velero", resources: [db(claims, {}, { "backup.velero.io/include": "true" })] },
      { title: "a schedule of Velero", resources: [db(claims), inShop("velero.io/v1:Schedule", "nightly", { schedule: "0 2 * * *" })] },
      { title: "nothing to save", resources: [db({})] },
    ],
    violating: [{ title: "volumes that nothing saves", resources: [db(claims), cronJob("report", {})], finds: ["db: "] }],
    reads: { "db: spec.volumeClaimTemplates": [], "db-backup: metadata.namespace": ["db: "] },
  },
};
