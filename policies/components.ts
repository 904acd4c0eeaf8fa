import { ecsService } from "./ecs-task.ts";
import type { Resource, Stack } from "./model.ts";
import { list, record, text } from "./read.ts";

/** The digests of components: what each of them runs, and who connects where. */

export const components = "groundplan:index:*";
export const kind = (name: string): string => `groundplan:index:${name}`;
export const isKind = (component: Resource, kinds: readonly string[]): boolean => kinds.some((name) => component.type === kind(name));

/** Kinds that hold data which nothing else has. */
export const dataKinds = ["PostgresDb", "RedisCache", "NatsCluster", "MessageQueue"] as const;

/** Whether the replicas of a component are resources of Kubernetes or ECS, where policies of those look at them. */
export const isOrchestrated = (stack: Stack, component: Resource): boolean =>
  stack.children(component).some(({ type }) => type.startsWith("kubernetes:apps/") || type === ecsService);

export const workloadsOf = ({ inputs }: Resource): readonly string[] => Object.keys(record(inputs.probes));

export interface Reach {
  readonly workload: string;
  /** Workload and port: `db:5432`. */
  readonly address: string;
  /** The component that the address belongs to. */
  readonly to: Resource;
}

/** Connections of a component to other components of the stack. */
export function reachesOf(stack: Stack, component: Resource): readonly Reach[] {
  const owner = (address: string) =>
    stack.ofType(components).find((other) => other !== component && workloadsOf(other).includes(address.replace(/:[^:]*$/, "")));
  return Object.entries(record(component.inputs.reaches)).flatMap(([workload, addresses]) =>
    list(addresses).flatMap((entry) => {
      const address = text(entry) ?? "";
      const to = owner(address);
      return to ? [{ workload, address, to }] : [];
    }),
  );
}
