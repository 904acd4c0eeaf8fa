import { randomInt } from "node:crypto";
import { labelKeys } from "../../core/labels.ts";
import { checksOf, objectsOf, serversOf } from "../../preview/kubernetes.ts";
import type { Plan } from "../../preview/plan.ts";
import { couldNotRun } from "../exit.ts";
import type { Kubectl } from "../kubernetes/kubectl.ts";
import { type CheckRow, checkName } from "./checks.ts";
import type { HealthRow } from "./health.ts";

interface Workload {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: { readonly replicas?: number };
  readonly status: { readonly readyReplicas?: number; readonly numberReady?: number; readonly desiredNumberScheduled?: number };
}

/** Every planned workload: as many replicas ready as it wants now; an autoscaler may want more than the plan, and nodes want one each. */
export async function workloadHealth(kubectl: Kubectl, plan: Plan): Promise<HealthRow[]> {
  const servers = serversOf(plan);
  const namespaces = [...new Set(servers.map(({ namespace }) => namespace))];
  const now = await Promise.all(
    namespaces.map(
      async (namespace) => [namespace, await kubectl.list<Workload>("deployments,statefulsets,daemonsets", undefined, namespace)] as const,
    ),
  );
  return servers.map(({ name, namespace, kind, replicas, resource }) => {
    const [, there = []] = now.find(([other]) => other === namespace) ?? [];
    const found = there.find((workload) => workload.kind === kind && workload.metadata.name === name);
    if (!found) return { part: resource.name, state: "missing", ok: false };
    const { readyReplicas, numberReady, desiredNumberScheduled } = found.status;
    const [ready, wanted] = [readyReplicas ?? numberReady ?? 0, found.spec.replicas ?? desiredNumberScheduled ?? 1];
    return { part: resource.name, state: `${ready} of ${wanted} ready`, ok: ready === wanted && wanted >= replicas };
  });
}

interface Served {
  readonly metadata: { readonly name: string };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[] };
}

/** Every planned gateway whose controller makes its proxies: it must have taken it, and given it an address. */
export async function gatewayHealth(kubectl: Pick<Kubectl, "list">, plan: Plan): Promise<HealthRow[]> {
  const planned = objectsOf(plan).filter(({ kind, manifest }) => kind === "Gateway" && manifest.apiVersion === "gateway.networking.k8s.io/v1");
  if (planned.length === 0) return [];
  const now = await kubectl.list<Served>("gateways.gateway.networking.k8s.io");
  return planned.map(({ name, resource }) => {
    const found = now.find(({ metadata }) => metadata.name === name);
    if (!found) return { part: resource.name, state: "missing", ok: false };
    const programmed = found.status?.conditions?.find(({ type }) => type === "Programmed");
    const ok = programmed?.status === "True";
    return { part: resource.name, state: ok ? "programmed" : `not programmed: ${programmed?.message ?? "no controller has taken it"}`, ok };
  });
}

/** Makes a Job out of each check that waits in the cluster, waits for it, and takes it away again. */
export async function kubernetesChecks(kubectl: Kubectl, plan: Plan): Promise<CheckRow[]> {
  return Promise.all(
    checksOf(plan).map(async ({ name, component, manifest }) => {
      const title = manifest.metadata.annotations?.[labelKeys.title];
      const row = (ok: boolean, said: string): CheckRow => ({ name: checkName(component, title), ok, said });
      const stored = await kubectl.try(["get", "cronjob", name, "-o", "json"]);
      if (stored === undefined) return row(false, `${name} is missing`);
      const { spec } = JSON.parse(stored) as { spec: { jobTemplate: { metadata?: { labels?: Record<string, string> }; spec: object } } };
      const { metadata, spec: jobSpec } = spec.jobTemplate;
      const { ok, output } = await runJob(kubectl, { name, labels: metadata?.labels ?? {}, spec: jobSpec });
      return row(ok, output ?? (ok ? "done; it left no log" : "failed, and left no log"));
    }),
  );
}

export interface JobToRun {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: object;
}

export interface JobResult {
  readonly ok: boolean;
  /** Its log; undefined when there is none to be had. */
  readonly output: string | undefined;
}

interface JobState {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[] };
}

const patienceSeconds = 180;

/** Runs a Job under a name of its own to its end and deletes it, whatever happens. */
export async function runJob(kubectl: Kubectl, { name, labels, spec }: JobToRun): Promise<JobResult> {
  const own = `${name.slice(0, 50)}-${randomInt(36 ** 5)
    .toString(36)
    .padStart(5, "0")}`;
  const manifest = { apiVersion: "batch/v1", kind: "Job", metadata: { name: own, labels }, spec };
  await kubectl.run(["create", "-f", "-"], JSON.stringify(manifest));
  try {
    const deadline = Date.now() + patienceSeconds * 1000;
    for (;;) {
      const { status } = JSON.parse(await kubectl.run(["get", "job", own, "-o", "json"])) as JobState;
      const ended = status?.conditions?.find(({ type, status: holds }) => holds === "True" && (type === "Complete" || type === "Failed"));
      if (ended || Date.now() > deadline) {
        const log = (await kubectl.try(["logs", `job/${own}`, "--tail", "-1"]))?.trim();
        const reason = ended ? ended.message : `not done after ${patienceSeconds} s`;
        const ok = ended?.type === "Complete";
        return { ok, output: log || (ok ? undefined : reason) };
      }
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  } finally {
    await kubectl.try(["delete", "job", own, "--wait=false", "--cascade=foreground"]);
  }
}

export function nothingRuns(health: readonly HealthRow[], prefix: string, copy: string): void {
  if (health.every(({ state }) => state === "missing")) throw couldNotRun("GP403", `${prefix} is not running; start it: groundplan up ${copy}`);
}
