import type { apps, core } from "@pulumi/kubernetes/types/input.js";
import { labelKeys } from "../../../core/labels.ts";
import type { VolumeSpec, WorkloadSpec } from "../../../core/workload.ts";
import { claimName, declaredWins, labels, metadata, nodesName, type Part, type Place, selector } from "./names.ts";

/** Replicas with a name and a disk of their own. */
export const statefulSet = (
  place: Place,
  part: Part,
  spec: WorkloadSpec,
  template: core.v1.PodTemplateSpec,
  storageClass?: string,
): apps.v1.StatefulSet => ({
  metadata: metadata(place, part, part.name, declaredWins),
  spec: {
    replicas: spec.replicas,
    serviceName: nodesName(part.name),
    selector: { matchLabels: selector(place, part) },
    // Members of a quorum become ready only together, whatever their number, since this can never be changed. In order, even
    // a single pod that never got ready would not be replaced by a mended one.
    podManagementPolicy: "Parallel",
    updateStrategy: { type: "RollingUpdate" },
    minReadySeconds: 5,
    revisionHistoryLimit: 3,
    persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
    template,
    volumeClaimTemplates: spec.volumes.map((volume) => ({
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: volume.name, labels: selector(place, part) },
      spec: claimSpec(volume, storageClass),
    })),
  },
});

/**
 * The claim of one replica, under the name by which the StatefulSet asks for it, so that it takes this one. Made apart, it
 * outlives the StatefulSet, is protected with the credentials that open it, and grows in place.
 */
export const claim = (place: Place, part: Part, volume: VolumeSpec, index: number, storageClass?: string): core.v1.PersistentVolumeClaim => {
  const { name, namespace } = metadata(place, part, claimName(volume.name, part.name, index));
  return {
    metadata: {
      name,
      namespace,
      labels: labels(place, { system: part.system, name: part.name, role: "data" }),
      // Bound to a disk only when its pod has a node, and the pod comes later.
      annotations: { ...(volume.format ? { [labelKeys.format]: volume.format } : {}), "pulumi.com/skipAwait": "true" },
    },
    spec: claimSpec(volume, storageClass),
  };
};

const claimSpec = (volume: VolumeSpec, storageClass: string | undefined): core.v1.PersistentVolumeClaimSpec => ({
  accessModes: ["ReadWriteOnce"],
  volumeMode: "Filesystem",
  ...(storageClass ? { storageClassName: storageClass } : {}),
  resources: { requests: { storage: `${volume.storageGiB}Gi` } },
});
