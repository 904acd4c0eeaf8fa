import type { Manifest } from "../../../src/preview/kubernetes.ts";

/** The fields of a container that the checks read. */
export interface ContainerObject {
  readonly name: string;
  readonly image: string;
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: {
      readonly secretKeyRef?: { readonly name: string; readonly key: string };
      readonly configMapKeyRef?: { readonly name: string; readonly key: string };
    };
  }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number; readonly hostPort?: number }[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

export interface VolumeObject {
  readonly name: string;
  readonly projected?: {
    readonly sources: readonly Readonly<Record<"configMap" | "secret", { name: string; items?: { key: string }[] } | undefined>>[];
  };
  readonly [source: string]: unknown;
}

/** The fields of a pod that the checks read. */
export interface PodObject {
  readonly containers: readonly ContainerObject[];
  readonly initContainers?: readonly ContainerObject[];
  readonly volumes?: readonly VolumeObject[];
  readonly serviceAccountName?: string;
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly topologySpreadConstraints?: readonly { readonly labelSelector: { readonly matchLabels: Labels } }[];
  readonly [field: string]: unknown;
}

export type Labels = Readonly<Record<string, string>>;

export interface PodTemplate {
  /** Kind and name of what makes the pods. */
  readonly what: string;
  readonly namespace: string;
  readonly labels: Labels;
  readonly pod: PodObject;
  /** Names of the volumes that a StatefulSet claims. */
  readonly claims: readonly string[];
}

interface Template {
  readonly metadata?: { readonly labels?: Labels };
  readonly spec: PodObject;
}

/** Every pod template of a set of objects. */
export function podTemplates(manifests: readonly Manifest[]): PodTemplate[] {
  return manifests.flatMap(({ kind, metadata, spec }): PodTemplate[] => {
    const { template, jobTemplate, volumeClaimTemplates } = (spec ?? {}) as {
      template?: Template;
      jobTemplate?: { spec: { template: Template } };
      volumeClaimTemplates?: readonly { metadata: { name: string } }[];
    };
    const found = jobTemplate?.spec.template ?? template;
    if (!found || !["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"].includes(kind)) return [];
    return [
      {
        what: `${kind} ${metadata.name}`,
        namespace: metadata.namespace ?? "",
        labels: found.metadata?.labels ?? {},
        pod: found.spec,
        claims: (volumeClaimTemplates ?? []).map((claim) => claim.metadata.name),
      },
    ];
  });
}

export const containersOfPod = ({ containers, initContainers = [] }: PodObject) => [...containers, ...initContainers];
