import type { core } from "@pulumi/kubernetes/types/input.js";
import type { Input } from "@pulumi/pulumi";
import type { ContainerSpec, WorkloadSpec } from "../../../core/workload.ts";
import { checkoutMounts } from "./checkout.ts";
import { filesFolder, plainEnv, secretEnv } from "./config.ts";
import { portName } from "./names.ts";
import { podVolumes } from "./pod-volumes.ts";
import { literal } from "./text.ts";

/** Names of the objects that hold what a container is told; undefined where there is nothing to hold. */
export interface ConfigNames {
  readonly config?: Input<string>;
  readonly secretFiles?: Input<string>;
  readonly secretEnv?: Input<string>;
}

/** Variables that tell a replica about itself. */
export type OwnEnv = Pick<WorkloadSpec, "hostnameEnv" | "addressEnv">;

/** A step has neither; a server may. */
type Contained = ContainerSpec & Pick<Partial<WorkloadSpec>, "sharedMemoryMiB" | "checkouts">;

/** The part of a container that every pod has: nothing to gain, nothing to write to but what is declared. */
export function container(name: string, spec: Contained, image: Input<string>, names: ConfigNames, own: OwnEnv = {}): core.v1.Container {
  const { memoryMiB, cpus } = spec.resources;
  const folder = filesFolder(name, spec.files);
  return {
    name,
    image,
    imagePullPolicy: "IfNotPresent",
    ...(spec.entrypoint ? { command: spec.entrypoint.map(literal) } : {}),
    ...(spec.command ? { args: spec.command.map(literal) } : {}),
    env: variables(spec, names, own),
    // Memory cannot be shared out again once it is used, so the limit is what is reserved. CPU can: a limit would slow a
    // container down on a node that has nothing else to do, and under load the reserved shares divide it fairly.
    resources: { requests: { cpu: cpuQuantity(cpus), memory: `${memoryMiB}Mi` }, limits: { memory: `${memoryMiB}Mi` } },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      readOnlyRootFilesystem: spec.readOnlyRoot,
    },
    volumeMounts: [
      ...(folder ? [{ name: podVolumes.files, mountPath: folder, readOnly: true }] : []),
      ...spec.volumes.map((volume) => ({ name: volume.name, mountPath: volume.path })),
      ...spec.scratch.map((mountPath, index) => ({ name: podVolumes.scratch(index), mountPath })),
      ...(spec.sharedMemoryMiB ? [{ name: podVolumes.sharedMemory, mountPath: "/dev/shm" }] : []),
      ...checkoutMounts(spec),
    ],
  };
}

/** The API server writes it back in this form, and anything else is a difference at every preview. */
export const cpuQuantity = (cpus: number) => (Number.isInteger(cpus) ? String(cpus) : `${Math.round(cpus * 1000)}m`);

export const containerPorts = (ports: WorkloadSpec["ports"]): core.v1.ContainerPort[] =>
  Object.entries(ports).map(([key, port]) => ({ name: portName(key, port), containerPort: port.port, protocol: "TCP" }));

function variables(spec: ContainerSpec, names: ConfigNames, { hostnameEnv, addressEnv }: OwnEnv): core.v1.EnvVar[] {
  const plain = Object.entries(plainEnv(spec.env)).map(([name, value]): core.v1.EnvVar & { name: string } => ({ name, value: literal(value) }));
  const kept = Object.keys(secretEnv(spec.env)).map((name) => ({ name, valueFrom: { secretKeyRef: { name: names.secretEnv ?? "", key: name } } }));
  const field = (name: string | undefined, fieldPath: string) =>
    name === undefined ? [] : [{ name, valueFrom: { fieldRef: { apiVersion: "v1", fieldPath } } }];
  const own = [...field(hostnameEnv, "metadata.name"), ...field(addressEnv, "status.podIP")];
  // Not in the order of a language: on another machine the same pod would be another one.
  return [...plain, ...kept, ...own].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
