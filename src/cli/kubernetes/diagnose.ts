import type { Kubectl } from "./kubectl.ts";

/** Why a pod is not as it should be. */
export interface PodDiagnosis {
  readonly pod: string;
  readonly state: string;
  /** Conditions that do not hold, and what the cluster noted. */
  readonly notes: readonly string[];
  readonly log: readonly string[];
}

interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly terminated?: { readonly reason?: string; readonly exitCode: number };
}
export interface Pod {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
  readonly status: {
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string; readonly message?: string }[];
    readonly containerStatuses?: readonly {
      readonly restartCount: number;
      readonly state?: ContainerState;
      readonly lastState?: ContainerState;
    }[];
  };
}

interface Event {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
}

const lines = (text: string, most: number) =>
  text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-most);

/** Looks at every pod of the stack that is neither ready nor done. */
export async function diagnosePods(kubectl: Kubectl, selector: string): Promise<PodDiagnosis[]> {
  const pods = await kubectl.list<Pod>("pods", selector);
  return Promise.all(
    pods
      .filter((pod) => !isFine(pod))
      .map(async (pod) => {
        const { name } = pod.metadata;
        const [events, now, before] = await Promise.all([
          kubectl.try(["get", "events", "--field-selector", `involvedObject.name=${name},type=Warning`, "-o", "json"]),
          kubectl.try(["logs", name, "--tail", "15"]),
          kubectl.try(["logs", name, "--previous", "--tail", "15"]),
        ]);
        const noted = events === undefined ? [] : (JSON.parse(events) as { items: Event[] }).items.map((e) => `${e.reason}: ${e.message}`);
        return { pod: name, state: stateOf(pod), notes: [...conditionsOf(pod), ...new Set(noted)].slice(-8), log: lines(now || before || "", 15) };
      }),
  );
}

const isFine = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp !== undefined ||
  status.phase === "Succeeded" ||
  (status.phase === "Running" && (status.conditions ?? []).some(({ type, status: holds }) => type === "Ready" && holds === "True"));

/** `CrashLoopBackOff with code 1, restarted 3 times`. */
function stateOf({ status }: Pod): string {
  const container = status.containerStatuses?.[0];
  const { waiting, terminated } = container?.state ?? {};
  const ended = terminated ?? container?.lastState?.terminated;
  const reason = waiting?.reason ?? terminated?.reason ?? status.phase ?? "unknown";
  const restarts = container?.restartCount ? `, restarted ${container.restartCount} times` : "";
  return `${reason}${ended ? ` with code ${ended.exitCode}` : ""}${restarts}${waiting?.message ? `: ${waiting.message}` : ""}`;
}

const conditionsOf = ({ status }: Pod) =>
  (status.conditions ?? [])
    .filter(({ status: holds, message }) => holds === "False" && message)
    .map(({ type, reason, message }) => `not ${type}${reason ? ` (${reason})` : ""}: ${message}`);

export function podText({ pod, state, notes, log }: PodDiagnosis): string {
  return [
    `  ${pod}  ${state}`,
    ...(notes.length > 0 ? ["    what the cluster says", ...notes.map((line) => `      ${line}`)] : []),
    ...(log.length > 0 ? ["    last log lines", ...log.map((line) => `      ${line}`)] : ["    it wrote no log, or its log is gone"]),
  ].join("\n");
}
