import type { Input } from "@pulumi/pulumi";
import { labelKeys, labelsFor, type Role } from "../../../core/labels.ts";
import { type StackIdentity, shortHash, stackPrefix } from "../../../core/naming.ts";
import type { PortSpec } from "../../../core/workload.ts";

export type Labels = Readonly<Record<string, string>>;

/** Where objects go: the stack that they belong to, and its namespace. */
export interface Place {
  readonly id: StackIdentity;
  readonly namespace: string;
}

/** A workload or job of a system: what its objects are named and labelled after. */
export interface Part {
  readonly system: string;
  readonly name: string;
  readonly role: Role;
  /** Version of the image, for people who list pods. */
  readonly version?: string;
}

/** What selects the pods of a part. Never changes while the part keeps its name: selectors are immutable. */
export const selector = ({ id }: Pick<Place, "id">, { system, name }: Pick<Part, "system" | "name">): Labels => ({
  [labelKeys.stack]: stackPrefix(id),
  [labelKeys.component]: system,
  [labelKeys.part]: name,
});

/** Labels of everything that belongs to a part, its pods included. */
export const labels = (place: Pick<Place, "id">, part: Part): Labels => ({
  "app.kubernetes.io/name": part.name,
  "app.kubernetes.io/instance": stackPrefix(place.id),
  "app.kubernetes.io/component": part.role,
  "app.kubernetes.io/part-of": place.id.project,
  "app.kubernetes.io/managed-by": "groundplan",
  ...(part.version ? { "app.kubernetes.io/version": part.version } : {}),
  ...labelsFor(place.id, part.system, part.role),
  ...selector(place, part),
});

/** Labels of what belongs to the stack as a whole. */
export const stackLabels = (id: StackIdentity): Labels => ({
  "app.kubernetes.io/part-of": id.project,
  "app.kubernetes.io/managed-by": "groundplan",
  [labelKeys.stack]: stackPrefix(id),
});

export const metadata = (place: Place, part: Part, name: Input<string> = part.name, annotations?: Labels) => ({
  name,
  namespace: place.namespace,
  labels: labels(place, part),
  ...(annotations ? { annotations } : {}),
});

/** Why an exception to a rule of the ground is made; an annotation of whatever makes it. */
export const reasonKey = "io.groundplan.reason";

/** The number of replicas that is declared wins over one that a person or a former autoscaler has set; otherwise the update is refused. */
export const declaredWins: Labels = { "pulumi.com/patchForce": "true" };

/** The headless Service whose names lead to single pods. */
export const nodesName = (workload: string) => `${workload}-nodes`;

/** Claim of a replica, as the StatefulSet names it. */
export const claimName = (volume: string, workload: string, index: number) => `${volume}-${workload}-${index}`;

const speaksHttp = (port: PortSpec) => port.protocol === "http" || port.protocol === "sqs";

/** What a mesh takes a port for: calls of gRPC are spread one by one, not by connection. */
export const appProtocol = (port: PortSpec): "http" | "grpc" | "tcp" => (port.protocol === "grpc" ? "grpc" : speaksHttp(port) ? "http" : "tcp");

/** `http-monitor`, `tcp-sql`: the protocol first, as a mesh reads it; at most 15 characters, as a container's port. */
export function portName(key: string, port: PortSpec): string {
  const protocol = appProtocol(port);
  if (key === protocol) return protocol;
  const whole = `${protocol}-${key}`;
  return whole.length <= 15 ? whole : `${whole.slice(0, 10).replace(/-$/, "")}-${shortHash(key).slice(0, 4)}`;
}

/** The version in an image reference, as a label takes it; none when only a digest is named. */
export function versionOf(reference: string): string | undefined {
  const [, tag] = /:([\w.-]+)(?:@sha256:[0-9a-f]{64})?$/.exec(reference) ?? [];
  return tag && /^[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/.test(tag) && !/@sha256:[0-9a-f]{64}$/.test(`@sha256:${tag}`) ? tag : undefined;
}
