import { labelKeys } from "../../core/labels.ts";
import type { Kubectl } from "../kubernetes/kubectl.ts";
import type { RunningPart } from "./parts.ts";

export interface PodPart extends RunningPart {
  readonly pod: string;
  /** Another one after each start. */
  readonly id: string;
}

interface PodOfPart {
  readonly metadata: { readonly name: string; readonly uid: string; readonly labels?: Readonly<Record<string, string>> };
  readonly status?: { readonly phase?: string; readonly containerStatuses?: readonly { readonly restartCount: number }[] };
}

/** Pods of servers and jobs of a stack. */
export async function podParts(kubectl: Kubectl, stack: string): Promise<PodPart[]> {
  const pods = await kubectl.list<PodOfPart>("pods", `${labelKeys.stack}=${stack},${labelKeys.role} in (server,job)`);
  return pods
    .map(({ metadata, status }) => {
      const { [labelKeys.component]: component = "", [labelKeys.part]: part = "", [labelKeys.role]: role = "" } = metadata.labels ?? {};
      const starts = status?.containerStatuses?.[0]?.restartCount ?? 0;
      return {
        pod: metadata.name,
        id: `${metadata.uid} ${starts}`,
        component,
        role,
        part: partName(part, metadata.name),
        live: status?.phase === "Running",
      };
    })
    .toSorted((a, b) => a.pod.localeCompare(b.pod, "en", { numeric: true }));
}

/** A replica that has a name of its own is called so; other pods by their workload. */
const partName = (part: string, pod: string) => (/^\d+$/.test(pod.slice(part.length + 1)) ? pod : part);
