import type { Policy } from "../model.ts";
import { containersOf, isWindows, podOf, securityOf, workloadPatchTypes, workloadTypes } from "../pods.ts";
import { below, isTrue, list, number, record, records, shown, text } from "../read.ts";

const runtimeSocket = /(docker|containerd|crio|podman)\.sock$/;

const noHostAccess: Policy = {
  id: "k8s-no-host-access",
  title: "Pods share no namespace, no folder and no port with their node",
  severity: "critical",
  why: "Whoever breaks into a privileged container, or into one that sees the node's network, processes or files, owns the node and every pod on it.",
  fix: "Components never ask for it; on a raw pod take out privileged, hostNetwork, hostPID, hostIPC, hostPort and hostPath: name the capability that is really needed, reach it by a Service, keep files in a claim.",
  types: [...workloadTypes, ...workloadPatchTypes],
  scope: "resource",
  references: [
    "PSS baseline",
    "KSV-0006",
    "KSV-0008",
    "KSV-0009",
    "KSV-0010",
    "KSV-0017",
    "KSV-0023",
    "KSV-0024",
    "CKV_K8S_16",
    "CKV_K8S_17",
    "CKV_K8S_18",
  ],
  levels: { dev: "mandatory", staging: "mandatory", prod: "mandatory" },
  *check(resource) {
    const { path, spec } = podOf(resource);
    for (const field of ["hostNetwork", "hostPID", "hostIPC"]) {
      if (isTrue(spec[field])) yield { path: `${path}.${field}`, is: "is true: it is shared with the node" };
    }
    if (isTrue(below(spec, "securityContext.windowsOptions.hostProcess"))) {
      yield { path: `${path}.securityContext.windowsOptions.hostProcess`, is: "is true: its processes are processes of the node" };
    }
    for (const [index, { hostPath }] of records(spec.volumes)) {
      if (hostPath === undefined || hostPath === null) continue;
      const folder = record(hostPath).path;
      const what = runtimeSocket.test(text(folder) ?? "") ? "the container runtime, which starts containers with any rights" : "files of the node";
      yield { path: `${path}.volumes[${index}].hostPath`, is: `${shown(folder)}: ${what}` };
    }
    for (const container of containersOf(resource)) {
      const context = record(container.spec.securityContext);
      if (isTrue(context.privileged)) {
        yield { path: `${container.path}.securityContext.privileged`, is: "is true: the container may do all that root of the node may" };
      }
      if (isTrue(below(context, "windowsOptions.hostProcess"))) {
        yield { path: `${container.path}.securityContext.windowsOptions.hostProcess`, is: "is true: its processes are processes of the node" };
      }
      for (const [index, { hostPort }] of records(container.spec.ports)) {
        if (number(hostPort))
          yield { path: `${container.path}.ports[${index}].hostPort`, is: `${shown(hostPort)}: a port of the node, past every Service` };
      }
    }
  },
};

const noEscalation: Policy = {
  id: "k8s-no-escalation",
  title: "Containers gain no privileges and keep no capabilities",
  severity: "high",
  why: "With a setuid program or a left-over capability an intruder gets from the process to root, forges packets or takes over files of others.",
  fix: 'Components set it on every container; on a raw one write securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } } and listen on a port above 1023.',
  types: workloadTypes,
  scope: "resource",
  references: ["PSS restricted", "KSV-0001", "KSV-0003", "KSV-0022", "KSV-0106", "CKV_K8S_20", "CKV_K8S_25", "CKV_K8S_28", "CKV_K8S_37"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  *check(resource) {
    if (isWindows(resource)) return;
    for (const { path, spec } of containersOf(resource)) {
      const { allowPrivilegeEscalation, capabilities } = record(spec.securityContext);
      if (allowPrivilegeEscalation !== false) {
        yield {
          path: `${path}.securityContext.allowPrivilegeEscalation`,
          is: `${shown(allowPrivilegeEscalation)}: a setuid program may make the process root`,
        };
      }
      const { drop, add } = record(capabilities);
      if (!list(drop).some((name) => text(name)?.toUpperCase() === "ALL")) {
        yield {
          path: `${path}.securityContext.capabilities.drop`,
          is: `${shown(drop)}: what the runtime grants by default is kept, it takes ALL to drop it`,
        };
      }
      for (const [index, name] of list(add).entries()) {
        if (name !== "NET_BIND_SERVICE")
          yield { path: `${path}.securityContext.capabilities.add[${index}]`, is: `${shown(name)}: only NET_BIND_SERVICE is harmless` };
      }
    }
  },
};

const nonroot: Policy = {
  id: "k8s-nonroot",
  title: "Containers do not run as root",
  severity: "high",
  why: "Root in a container is root on the node as soon as one fault of the kernel or the runtime lets it out.",
  fix: 'Give AppService a user like "10001:10001"; on a raw pod set runAsNonRoot: true, and runAsUser where the image names its user by name.',
  types: workloadTypes,
  scope: "resource",
  references: ["PSS restricted", "KSV-0012", "KSV-0105", "CKV_K8S_23"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  *check(resource) {
    if (isWindows(resource)) return;
    for (const { path, value } of securityOf(resource, "runAsUser")) if (number(value) === 0) yield { path, is: "is 0, which is root" };
    for (const { path, value } of securityOf(resource, "runAsNonRoot")) {
      if (!isTrue(value)) yield { path, is: `${shown(value)}: an image whose user is root is started as root` };
    }
  },
};

const uidFloor: Policy = {
  id: "k8s-uid-floor",
  title: "User ids of containers are those of no user of the node",
  severity: "low",
  why: "A low id is often that of a real user of the node, whose files and processes are open to a container that gets out.",
  fix: 'Give AppService a user like "10001:10001"; on a raw pod set runAsUser. Images of databases bring low ids of their own: waive those.',
  types: workloadTypes,
  scope: "resource",
  references: ["KSV-0020", "CKV_K8S_40"],
  parameters: {
    floor: { meaning: "lowest user id of a container", default: { dev: 10_000, staging: 10_000, prod: 10_000 }, minimum: 1, maximum: 100_000 },
  },
  levels: { dev: "disabled", staging: "disabled", prod: "advisory" },
  *check(resource, { parameter }) {
    if (isWindows(resource)) return;
    for (const { path, value } of securityOf(resource, "runAsUser")) {
      const uid = number(value);
      if (uid && uid < parameter("floor")) yield { path, is: `is ${uid}, below ${parameter("floor")}: the node may have a user of that id` };
    }
  },
};

const seccomp: Policy = {
  id: "k8s-seccomp",
  title: "Pods run under a seccomp profile",
  severity: "medium",
  why: "Without a profile a process may make every system call of the kernel, among them those that past escapes came through.",
  fix: 'Components set it on every pod; on a raw pod write securityContext: { seccompProfile: { type: "RuntimeDefault" } }.',
  types: workloadTypes,
  scope: "resource",
  references: ["PSS restricted", "KSV-0030", "KSV-0104", "CKV_K8S_31"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  *check(resource) {
    if (isWindows(resource)) return;
    for (const { path, value } of securityOf(resource, "seccompProfile")) {
      const type = record(value).type;
      if (type !== "RuntimeDefault" && type !== "Localhost") yield { path: `${path}.type`, is: `${shown(type)}: every system call is allowed` };
    }
  },
};

const readonlyRootfs: Policy = {
  id: "k8s-readonly-rootfs",
  title: "Containers cannot write to the files of their image",
  severity: "medium",
  why: "An intruder who can write beside the program changes it, or brings tools along; and what is written there is lost without notice.",
  fix: "Leave writableRoot of AppService at false; on a raw container set readOnlyRootFilesystem: true and mount an emptyDir where it must write. Waive images that cannot.",
  types: workloadTypes,
  scope: "resource",
  references: ["KSV-0014", "CKV_K8S_22", "CIS Kubernetes 5.7.3"],
  levels: { dev: "disabled", staging: "advisory", prod: "mandatory" },
  *check(resource) {
    if (isWindows(resource)) return;
    for (const { path, spec } of containersOf(resource)) {
      const value = record(spec.securityContext).readOnlyRootFilesystem;
      if (!isTrue(value))
        yield { path: `${path}.securityContext.readOnlyRootFilesystem`, is: `${shown(value)}: the files of the image are writable` };
    }
  },
};

export const kubernetesPodPolicies: readonly Policy[] = [noHostAccess, noEscalation, nonroot, uidFloor, seccomp, readonlyRootfs];
