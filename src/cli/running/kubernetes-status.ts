import { labelKeys } from "../../core/labels.ts";
import { jobsOf, objectsOf, type PodMaker, serversOf } from "../../preview/kubernetes.ts";
import type { Plan } from "../../preview/plan.ts";
import type { PodContainer } from "../../preview/pod.ts";
import type { Pod } from "../kubernetes/diagnose.ts";
import type { Kubectl } from "../kubernetes/kubectl.ts";
import type { PartStatus } from "./status.ts";

type Labels = Readonly<Record<string, string>>;

/** What is read of an object of the cluster. */
export interface ClusterObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Labels; readonly creationTimestamp?: string };
  readonly spec?: { readonly replicas?: number; readonly template?: { readonly spec: { readonly containers: readonly PodContainer[] } } };
  readonly status?: Omit<Pod["status"], "conditions"> & {
    readonly readyReplicas?: number;
    readonly numberReady?: number;
    readonly desiredNumberScheduled?: number;
    readonly succeeded?: number;
    readonly failed?: number;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly lastTransitionTime?: string }[];
    readonly capacity?: { readonly storage?: string };
  };
}

const kinds = "deployments,statefulsets,daemonsets,jobs,pods,persistentvolumeclaims";

/** Everything of the stack in the namespaces of its workloads. */
export async function seeCluster(kubectl: Kubectl, plan: Plan, stack: string): Promise<ClusterObject[]> {
  const namespaces = [...new Set([kubectl.namespace, ...serversOf(plan).map(({ namespace }) => namespace)])];
  const all = await Promise.all(namespaces.map((namespace) => kubectl.list<ClusterObject>(kinds, `${labelKeys.stack}=${stack}`, namespace)));
  return all.flat();
}

/** Every workload, job and claim of the plan, and workloads of the stack that it does not have. */
export function kubernetesStatus(plan: Plan, seen: readonly ClusterObject[]): PartStatus[] {
  const servers = serversOf(plan);
  const find = (kind: string, name: string, namespace: string) =>
    seen.find((other) => other.kind === kind && other.metadata.name === name && (other.metadata.namespace ?? namespace) === namespace);
  const claims = objectsOf(plan).filter(({ kind }) => kind === "PersistentVolumeClaim");
  return [
    ...servers.map((server) => serverStatus(server, find(server.kind, server.name, server.namespace), seen)),
    ...jobsOf(plan).map((job) => jobStatus(job, seen)),
    ...claims.map(({ resource, component, name, namespace }): PartStatus => {
      const now = find("PersistentVolumeClaim", name, namespace);
      const state = now
        ? `${now.status?.phase?.toLowerCase() ?? "unknown"}${now.status?.capacity?.storage ? `, ${now.status.capacity.storage}` : ""}`
        : "missing";
      return { ...blank(component, resource.name, "volume"), state, ok: now?.status?.phase === "Bound", missing: !now };
    }),
    ...seen
      .filter(
        ({ kind, metadata }) =>
          ["Deployment", "StatefulSet", "DaemonSet"].includes(kind) && !servers.some((s) => s.kind === kind && s.name === metadata.name),
      )
      .map(({ metadata }) => ({
        ...blank(metadata.labels?.[labelKeys.component] ?? "", metadata.name, "other"),
        state: "running, not in the plan",
        ok: false,
        missing: false,
      })),
  ];
}

const blank = (component: string, part: string, kind: PartStatus["kind"]) => ({ component, part, kind, ports: [], restarts: 0, drift: [] });

const partOf = ({ metadata }: ClusterObject) => metadata.labels?.[labelKeys.part];

/** As many replicas ready as it wants now; an autoscaler may want more than the plan, and nodes want one each. */
function serverStatus(
  { resource, component, name, replicas, pod }: PodMaker,
  now: ClusterObject | undefined,
  seen: readonly ClusterObject[],
): PartStatus {
  const [planned] = pod.containers;
  const base = { ...blank(component, resource.name, "server"), ...(planned ? { image: planned.image } : {}) };
  if (!now) return { ...base, state: "missing", ok: false, missing: true };
  const { readyReplicas, numberReady, desiredNumberScheduled, conditions = [] } = now.status ?? {};
  const [ready, wanted] = [readyReplicas ?? numberReady ?? 0, now.spec?.replicas ?? desiredNumberScheduled ?? 1];
  const containers = seen.filter((other) => other.kind === "Pod" && partOf(other) === name).flatMap(({ status }) => status?.containerStatuses ?? []);
  const restarts = containers.reduce((sum, { restartCount }) => sum + restartCount, 0);
  const reason = containers.flatMap(({ state, lastState }) => state?.waiting?.reason ?? lastState?.terminated?.reason ?? []).at(-1);
  const told = [...(restarts > 0 ? [`${restarts} restarts`] : []), ...(reason ? [reason] : [])].join(", ");
  const since = conditions.find(({ type, status }) => type === "Available" && status === "True")?.lastTransitionTime;
  const drift = [
    ...containerDrift(planned, now.spec?.template?.spec.containers),
    ...(wanted < replicas ? [`replicas ${wanted}, planned ${replicas}`] : []),
  ];
  return {
    ...base,
    state: `${ready} of ${wanted} ready${told ? ` (${told})` : ""}`,
    ok: ready === wanted && drift.length === 0,
    missing: false,
    ...(since ? { since } : {}),
    restarts,
    drift,
  };
}

/** A job whose settings changed has another name; the newest of its part counts. */
function jobStatus({ resource, component, podLabels, pod }: PodMaker, seen: readonly ClusterObject[]): PartStatus {
  const [planned] = pod.containers;
  const base = { ...blank(component, resource.name, "job"), ...(planned ? { image: planned.image } : {}) };
  const part = podLabels[labelKeys.part] ?? resource.name;
  const made = ({ metadata }: ClusterObject) => metadata.creationTimestamp ?? "";
  const now = seen
    .filter((other) => other.kind === "Job" && partOf(other) === part)
    .toSorted((a, b) => made(a).localeCompare(made(b)))
    .at(-1);
  if (!now) return { ...base, state: "missing", ok: false, missing: true };
  const ended = now.status?.conditions?.find(({ type, status }) => status === "True" && (type === "Complete" || type === "Failed"));
  const done = ended?.type === "Complete";
  const since = ended?.lastTransitionTime ?? now.metadata.creationTimestamp;
  const drift = containerDrift(planned, now.spec?.template?.spec.containers);
  const state = done ? "done" : ended ? `failed after ${now.status?.failed ?? 1} tries` : "running";
  return { ...base, state, ok: done && drift.length === 0, missing: false, ...(since ? { since } : {}), drift };
}

/**
 * Image, command, arguments and plain variables. Files and secrets are in objects whose names come from their content and a
 * number that only the state of the engine has, so they are not compared.
 */
function containerDrift(planned: PodContainer | undefined, running: readonly PodContainer[] = []): string[] {
  const now = running.find(({ name }) => name === planned?.name);
  if (!planned || !now) return planned ? [`container ${planned.name} is missing`] : [];
  const same = (a: unknown, b: unknown) => JSON.stringify(a ?? []) === JSON.stringify(b ?? []);
  const plain = ({ env = [] }: PodContainer) => new Map(env.map(({ name, value }) => [name, value] as const));
  const [wanted, has] = [plain(planned), plain(now)];
  const names = [...new Set([...wanted.keys(), ...has.keys()])].filter(
    (name) => wanted.has(name) !== has.has(name) || (wanted.get(name) ?? "") !== (has.get(name) ?? ""),
  );
  return [
    ...(planned.image === now.image ? [] : [`image ${now.image}, planned ${planned.image}`]),
    ...(same(planned.command, now.command) ? [] : ["command"]),
    ...(same(planned.args, now.args) ? [] : ["arguments"]),
    ...(names.length > 0 ? [`variables ${names.toSorted().join(", ")}`] : []),
  ];
}
