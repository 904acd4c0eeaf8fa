import { createHash } from "node:crypto";
import type { Check } from "./checks.ts";
import { matching } from "./checks.ts";

/** Component names become DNS labels and, on AWS, parts of names of at most 32 characters. */
export const componentName: Check = matching(
  /^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,23}$/,
  "1 to 24 lower-case letters, digits and single hyphens, starting with a letter and not ending with a hyphen",
  "rename the component, e.g. order-api",
);

/** Identity of one running copy of a stack. */
export interface StackIdentity {
  readonly project: string;
  readonly env: string;
  /** Key of a second copy beside the first; empty for the first. */
  readonly isolation: string;
}

/** `groundplan-dev`, or `groundplan-dev-two` for the isolated copy "two". */
export const stackPrefix = (id: StackIdentity) => [id.project, id.env, id.isolation].filter(Boolean).join("-");

/** Name of the folder below `.groundplan` and of the engine's stack. */
export const stackName = (env: string, isolation: string) => (isolation ? `${env}-${isolation}` : env);

export const physicalName = (id: StackIdentity, name: string) => `${stackPrefix(id)}-${name}`;

export const replicaName = (name: string, identity: "stable" | "any", replicas: number, index: number) =>
  identity === "stable" || replicas > 1 ? `${name}-${index}` : name;

/** Short content hash: the same text gives the same name. */
export const shortHash = (content: string) => createHash("sha256").update(content).digest("hex").slice(0, 10);
