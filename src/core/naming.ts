import { createHash } from "node:crypto";
import type { Check } from "./checks.ts";
import { matching } from "./checks.ts";

const label = matching(
  /^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,23}$/,
  "1 to 24 lower-case letters, digits and single hyphens, starting with a letter and not ending with a hyphen",
  "rename the component, e.g. order-api",
  "GP315",
);

/** Names that a platform gives to its own parts, and endings of the parts of a component: `db-check` belongs to `db`, and `api-to-db` is a path. */
const taken =
  /^(default|edge|egress|docker|kubernetes|aws|jobs|endpoints|internet|s3|flow)$|-(check|runner|carrier|prober|owner|files|env|data|nodes|network|proxy|streams|databases|queues|\d+)$|-to-/;

/** Component names become DNS labels and, on AWS, parts of names of at most 32 characters. */
export const componentName: Check = (value, at) =>
  typeof value === "string" && taken.test(value)
    ? [
        {
          path: at,
          value,
          rule: "a name that is not kept for parts of the platform or of another component",
          fix: "rename the component",
          code: "GP314",
        },
      ]
    : label(value, at);

/** Identity of one running copy of a stack. */
export interface StackIdentity {
  readonly project: string;
  readonly env: string;
  /** Key of a second copy beside the first; empty for the first. */
  readonly isolation: string;
}

/** `groundplan-dev`, or `groundplan-dev-two` for the isolated copy "two". */
export const stackPrefix = (id: StackIdentity) => [id.project, id.env, id.isolation].filter(Boolean).join("-");

/** Folder below the project where the state of its environments is, and what opens it. */
export const stateFolder = ".groundplan";

/** Name of the folder below `.groundplan` and of the engine's stack. */
export const stackName = (env: string, isolation: string) => (isolation ? `${env}-${isolation}` : env);

/** How the command is told which copy: `dev`, or `dev --isolation two`. */
export const copyArguments = (env: string, isolation: string) => (isolation ? `${env} --isolation ${isolation}` : env);

export const physicalName = (id: StackIdentity, name: string) => `${stackPrefix(id)}-${name}`;

export const replicaName = (name: string, identity: "stable" | "any", replicas: number, index: number) =>
  identity === "stable" || replicas > 1 ? `${name}-${index}` : name;

/** Short content hash: the same text gives the same name. */
export const shortHash = (content: string) => createHash("sha256").update(content).digest("hex").slice(0, 10);
