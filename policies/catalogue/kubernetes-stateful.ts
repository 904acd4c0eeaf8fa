import { byNamespace, each, namespaceOf } from "../cluster.ts";
import type { Breach, Policy, Resource } from "../model.ts";
import { containersOf, jobTypes, podMetadata, podOf, statefulSetTypes } from "../pods.ts";
import { below, list, number, record, records, shown, text } from "../read.ts";

const statefulStorage: Policy = {
  id: "k8s-stateful-storage",
  title: "Stateful workloads keep their data in claims that stay",
  severity: "high",
  why: "Data in an emptyDir is gone with the pod, at the next drain of its node; a claim that goes with the StatefulSet, or when it is scaled down, takes the data along.",
  fix: "Components keep data in claims and retain them; on a raw StatefulSet add volumeClaimTemplates, mount them where the data is, and set persistentVolumeClaimRetentionPolicy to Retain or leave it out.",
  types: statefulSetTypes,
  scope: "resource",
  references: ["Kubernetes guide to StatefulSets: retention of claims"],
  levels: { dev: "disabled", staging: "advisory", prod: "mandatory" },
  *check(resource) {
    const { spec } = podOf(resource);
    const retention = record(below(resource.inputs, "spec.persistentVolumeClaimRetentionPolicy"));
    for (const [when, what] of [
      ["whenDeleted", "deleting the StatefulSet deletes its data"],
      ["whenScaled", "a pod less deletes the data of that pod"],
    ] as const) {
      if (retention[when] === "Delete") yield { path: `spec.persistentVolumeClaimRetentionPolicy.${when}`, is: `is Delete: ${what}` };
    }
    const fleeting = [...fleetingData(resource)];
    yield* fleeting;
    const claims = hasClaimTemplates(resource) || records(spec.volumes).some(([, volume]) => volume.persistentVolumeClaim ?? volume.ephemeral);
    if (!claims && fleeting.length === 0) {
      const templates = below(resource.inputs, "spec.volumeClaimTemplates");
      yield { path: "spec.volumeClaimTemplates", is: `${shown(templates)}: whatever it stores is gone with the pod` };
    }
  },
};

const hasClaimTemplates = ({ inputs }: Resource) => list(below(inputs, "spec.volumeClaimTemplates")).length > 0;
const dataPath = /^\/(data|var\/lib)(\/|$)|\/data$/;

/** Volumes without a life of their own that are mounted where data is. */
function* fleetingData(resource: Resource): Generator<Breach> {
  const { path, spec } = podOf(resource);
  const mounts = [...containersOf(resource)].flatMap((container) => records(container.spec.volumeMounts).map(([, mount]) => mount));
  for (const [index, { name, emptyDir }] of records(spec.volumes)) {
    if (emptyDir === undefined) continue;
    const mount = mounts.find((each) => each.name === name && dataPath.test(text(each.mountPath) ?? ""));
    if (mount) yield { path: `${path}.volumes[${index}].emptyDir`, is: `is mounted at ${text(mount.mountPath)}: the data is gone with the pod` };
  }
}

const statefulReplicas: Policy = {
  id: "k8s-stateful-replicas",
  title: "Stateful workloads have a second pod to take over",
  severity: "low",
  why: "A store of one pod is away while that pod moves to another node, and for as long as its volume hangs on a node that died. More pods help only software that replicates itself.",
  fix: "Set replicas: 3 of NatsCluster; PostgresDb, RedisCache and MessageQueue are one pod on Kubernetes, so take a managed service or an operator for them, or waive it with the outage that is accepted.",
  types: statefulSetTypes,
  scope: "resource",
  references: ["CKV_K8S_11", "kube-linter minimum-three-replicas"],
  parameters: {
    minimumReplicas: { meaning: "fewest pods of a StatefulSet", default: { dev: 1, staging: 1, prod: 2 }, minimum: 1, maximum: 20 },
  },
  levels: { dev: "disabled", staging: "disabled", prod: "advisory" },
  *check({ inputs }, { parameter }) {
    const replicas = below(inputs, "spec.replicas");
    if ((number(replicas) ?? 1) >= parameter("minimumReplicas")) return;
    yield {
      path: "spec.replicas",
      is: `${shown(replicas)}${replicas === undefined ? ", which means 1" : ""}: nothing takes over when its node fails`,
    };
  },
};

const backupWord = /backup|velero|k8up|stash|\bdump/i;
/** Objects of tools that save volumes. */
const backupTypes = ["kubernetes:velero.io/*", "kubernetes:k8up.io/*", "kubernetes:snapshot.storage.k8s.io/*", "kubernetes:stash.appscode.com/*"];

const statefulBackup: Policy = {
  id: "k8s-stateful-backup",
  title: "Data of stateful workloads is saved elsewhere",
  severity: "high",
  why: "A claim guards against the loss of a pod, not against a deleted table, a lost volume or a lost cluster. It is told and stops nothing, because no component can keep it on Kubernetes yet, and what saves a cluster as a whole stands in no stack.",
  fix: "Components make no backup on Kubernetes: add a Velero Schedule, VolumeSnapshots or a CronJob whose name or label says backup to the stack, or waive it naming what saves the data outside of it.",
  types: statefulSetTypes,
  scope: "stack",
  references: ["Velero schedules and annotations", "CIS Controls 11.2"],
  levels: { dev: "disabled", staging: "advisory", prod: "advisory" },
  *check(stack) {
    if (stack.ofType(...backupTypes).length > 0) return;
    const jobs = byNamespace(stack, jobTypes);
    yield* each(stack.ofType(...statefulSetTypes), function* (resource) {
      if (!hasClaimTemplates(resource)) return;
      const saying = [resource, ...(jobs.get(namespaceOf(resource, stack)) ?? [])];
      if (!saying.some(saysBackup)) yield { resource, path: "", is: "has volumes, and nothing in its namespace saves what is on them" };
    });
  },
};

function saysBackup(resource: Resource): boolean {
  const { name, labels, annotations } = record(resource.inputs.metadata);
  const entries = [record(labels), record(annotations), ...podMetadata(resource).map(([, inner]) => inner)].flatMap((each) => Object.entries(each));
  return [text(name) ?? resource.name, ...entries.map(([key, value]) => `${key}=${String(value)}`)].some((words) => backupWord.test(words));
}

export const kubernetesStatefulPolicies: readonly Policy[] = [statefulStorage, statefulReplicas, statefulBackup];
