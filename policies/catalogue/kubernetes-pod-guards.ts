import type { Breach, Policy, Resource } from "../model.ts";
import { containersOf, podMetadata, podOf, securityOf, workloadPatchTypes, workloadTypes } from "../pods.ts";
import { isGiven, record, records, shown, text } from "../read.ts";

/** Settings of the kernel that hold for the pod alone. */
const safeSysctls =
  /^(kernel\.shm_rmid_forced|net\.ipv4\.(ip_local_port_range|tcp_syncookies|ping_group_range|ip_unprivileged_port_start|ip_local_reserved_ports|tcp_keepalive_(time|intvl|probes)|tcp_fin_timeout|tcp_rmem|tcp_wmem))$/;

/** Types of SELinux that keep a container to itself. */
const seLinuxTypes = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

const kernelDefaults: Policy = {
  id: "k8s-kernel-defaults",
  title: "Pods leave the other guards of the kernel as the runtime sets them",
  severity: "medium",
  why: "Switching off AppArmor, choosing a label of SELinux that is not made for containers, unmasking /proc or changing settings of the kernel opens the node to the container, or changes it for all pods on it.",
  fix: "Components never ask for it; on a raw pod take out procMount, an appArmorProfile of type Unconfined or its annotation, seLinuxOptions other than the types for containers, and sysctls that are not those of the pod alone.",
  types: [...workloadTypes, ...workloadPatchTypes],
  scope: "resource",
  references: ["PSS baseline", "KSV-0002", "KSV-0025", "KSV-0026", "KSV-0027"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  *check(resource) {
    yield* unsafeSysctls(resource);
    yield* unconfined(resource);
    for (const { path, value } of securityOf(resource, "seLinuxOptions")) {
      const { type, user, role } = record(value);
      if (!seLinuxTypes.includes(String(type ?? ""))) yield { path: `${path}.type`, is: `${shown(type)}, which is none of the types for containers` };
      for (const [field, set] of Object.entries({ user, role })) {
        if ((set ?? "") !== "") yield { path: `${path}.${field}`, is: `${shown(set)}: what the container may do is no longer what its type says` };
      }
    }
    for (const { path, value } of securityOf(resource, "appArmorProfile")) {
      if (record(value).type === "Unconfined") yield { path: `${path}.type`, is: "is Unconfined: AppArmor is switched off" };
    }
    for (const { path, spec } of containersOf(resource)) {
      const { procMount } = record(spec.securityContext);
      if (procMount === "Unmasked") yield { path: `${path}.securityContext.procMount`, is: "is Unmasked: what the runtime hides of /proc is open" };
    }
  },
};

const appArmor = "container.apparmor.security.beta.kubernetes.io/";

/** The older way to set AppArmor, which clusters still read. */
function* unconfined(resource: Resource): Generator<Breach> {
  for (const [path, entries] of podMetadata(resource)) {
    if (!path.endsWith("annotations")) continue;
    for (const [key, value] of Object.entries(entries)) {
      if (!key.startsWith(appArmor) || /^(runtime\/default|localhost\/.+)?$/.test(text(value) ?? "")) continue;
      yield { path: `${path}["${key}"]`, is: `${shown(value)}: AppArmor is switched off for the container` };
    }
  }
}

function* unsafeSysctls(resource: Resource): Generator<Breach> {
  const { path, spec } = podOf(resource);
  for (const [index, { name }] of records(record(spec.securityContext).sysctls)) {
    if (!safeSysctls.test(text(name) ?? ""))
      yield { path: `${path}.securityContext.sysctls[${index}].name`, is: `${shown(name)}, which is not a setting of the pod alone` };
  }
}

/** Kinds of volumes that come from the cluster's own storage, or live as long as the pod; hostPath is a matter of another policy. */
const volumeKinds = [
  ...["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"],
  ...["hostPath", "name"],
];

const volumeTypes: Policy = {
  id: "k8s-volume-types",
  title: "Pods mount only volumes that the cluster manages",
  severity: "medium",
  why: "A pod that names a server or a disk by itself passes the rights and quotas of claims, mounts what belongs to others, and brings the credentials of the storage into its specification.",
  fix: "Components keep data in claims; on a raw pod replace nfs, iscsi, the disks of clouds and the like by a persistentVolumeClaim of a class or of a PersistentVolume, and gitRepo by a container that prepares.",
  types: [...workloadTypes, ...workloadPatchTypes],
  scope: "resource",
  references: ["PSS restricted", "KSV-0028"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  *check(resource) {
    const { path, spec } = podOf(resource);
    for (const [index, volume] of records(spec.volumes)) {
      for (const kind of Object.keys(volume)) {
        if (volumeKinds.includes(kind) || !isGiven(volume, kind)) continue;
        yield { path: `${path}.volumes[${index}].${kind}`, is: "is a volume that the cluster does not manage" };
      }
    }
  },
};

export const kubernetesPodGuardPolicies: readonly Policy[] = [kernelDefaults, volumeTypes];
