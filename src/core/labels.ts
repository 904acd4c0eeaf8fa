import { type StackIdentity, stackPrefix } from "./naming.ts";

/** Label keys on everything the library makes. They never hold a secret. */
export const labelKeys = {
  /** Which copy of which stack it belongs to: `groundplan-dev`. */
  stack: "io.groundplan.stack",
  /** Component that made it. */
  component: "io.groundplan.component",
  /** Workload or job of that component, where its objects are selected by labels. */
  part: "io.groundplan.part",
  /** What it is: server, job, check, prober, files, data ... */
  role: "io.groundplan.role",
  /** Engine that owns the environment. */
  engine: "io.groundplan.engine",
  /** Format of the data on a volume, e.g. `postgres-16`. */
  format: "io.groundplan.format",
  /** What `verify` calls a check, where it has a name of its own; on Kubernetes an annotation. */
  title: "io.groundplan.title",
} as const;

export type Role = "server" | "job" | "check" | "prober" | "files" | "owner" | "gate" | "data" | "network" | "image";

export function labelsFor(id: StackIdentity, component: string, role: Role): Record<string, string> {
  return { [labelKeys.stack]: stackPrefix(id), [labelKeys.component]: component, [labelKeys.role]: role };
}
