import { inMesh, type PodMaker, serversOf } from "../../preview/kubernetes.ts";
import type { Plan } from "../../preview/plan.ts";
import { boundPorts, reachesOf } from "../../preview/reaches.ts";
import type { Kubectl } from "../kubernetes/kubectl.ts";
import { runJob } from "./kubernetes.ts";
import { meshProbe, meshTry } from "./mesh-probe.ts";
import type { PathRow } from "./paths.ts";

interface Try {
  readonly from: PodMaker;
  readonly to: PodMaker;
  readonly port: number;
  /** As the name of the port begins. */
  readonly protocol?: string | undefined;
  readonly bound: boolean;
}

/** Paths that were tried, and those that could not be told. */
export interface Paths {
  readonly rows: readonly PathRow[];
  /** Workloads whose try left no answer. */
  readonly silent: readonly string[];
}

/** For every ordered pair of workloads: a connection by name to each port of the other; open exactly when bound. */
export async function kubernetesPaths(kubectl: Kubectl, plan: Plan, image: string, pullSecrets: readonly string[]): Promise<Paths> {
  const tries = triesOf(plan);
  const mesh = inMesh(plan);
  const clients = [...new Set(tries.map(({ from }) => from))];
  const answered = await Promise.all(
    clients.map(async (from) => {
      const own = tries.filter((entry) => entry.from === from);
      const { output } = await runJob(kubectl, proberJob(from, own, image, pullSecrets, mesh));
      return { from, own, states: output === undefined ? undefined : parseTries(output) };
    }),
  );
  const told = answered.filter(({ own, states }) => states && own.every((entry) => states.has(key(entry))));
  return {
    rows: told.flatMap(({ own, states }) =>
      own.map((entry): PathRow => {
        const connected = states?.get(key(entry)) === "open";
        return { from: entry.from.name, to: entry.to.name, port: entry.port, connected, bound: entry.bound, ok: connected === entry.bound };
      }),
    ),
    silent: answered.filter((entry) => !told.includes(entry)).map(({ from }) => from.name),
  };
}

const key = ({ to, port }: Pick<Try, "to" | "port">) => `${to.name} ${port}`;

export function triesOf(plan: Plan): Try[] {
  const servers = serversOf(plan);
  const reaches = reachesOf(plan);
  return servers.flatMap((from) =>
    servers
      .filter((to) => to !== from)
      .flatMap((to) => {
        const bound = boundPorts(reaches, from.name, to.name);
        return portsOf(to).map(({ name, containerPort: port }) => ({ from, to, port, protocol: name?.split("-")[0], bound: bound.includes(port) }));
      }),
  );
}

const portsOf = ({ pod }: PodMaker) => pod.containers.flatMap(({ ports }) => ports ?? []);

export const parseTries = (output: string): Map<string, string> =>
  new Map(
    output
      .split("\n")
      .map((line) => /^(\S+ \d+) (open|closed)$/.exec(line.trim()))
      .flatMap((found) => (found?.[1] && found[2] ? [[found[1], found[2]] as const] : [])),
  );

/**
 * A pod that counts as the client for every policy, because it carries its labels, and in a mesh its service account, by
 * which servers there know who calls; so a Service would send it traffic, too.
 * Its readiness never succeeds, which keeps it out of all of them.
 */
export function proberJob(from: PodMaker, tries: readonly Try[], image: string, pullSecrets: readonly string[], mesh = false) {
  // All at once: a connection that is dropped takes as long as its patience.
  const lines = tries.map(({ to, port, protocol }) =>
    mesh
      ? meshTry(to.name, port, protocol)
      : `(timeout 6 nc -z -w 5 ${to.name} ${port} >/dev/null 2>&1 && echo ${to.name} ${port} open || echo ${to.name} ${port} closed) &`,
  );
  const labels = from.podLabels;
  const annotations = from.podAnnotations;
  return {
    name: `${from.name}-paths`,
    labels,
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: 120,
      template: {
        metadata: { labels, ...(annotations ? { annotations } : {}) },
        spec: {
          ...(from.pod.serviceAccountName ? { serviceAccountName: from.pod.serviceAccountName } : {}),
          restartPolicy: "Never",
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          ...(pullSecrets.length > 0 ? { imagePullSecrets: pullSecrets.map((name) => ({ name })) } : {}),
          securityContext: { runAsNonRoot: true, runAsUser: 65534, runAsGroup: 65534, seccompProfile: { type: "RuntimeDefault" } },
          containers: [
            {
              name: "paths",
              image,
              // A moment for the policies to know the new pod.
              command: ["sh", "-c", `sleep 3\n${mesh ? `${meshProbe}\n` : ""}${lines.join("\n")}\nwait`],
              readinessProbe: { exec: { command: ["false"] }, periodSeconds: 60 },
              resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { memory: "32Mi" } },
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: true },
            },
          ],
        },
      },
    },
  };
}
