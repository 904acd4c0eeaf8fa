import type { Policy, Resource } from "../model.ts";
import { fits } from "../stack.ts";

/** Resources that take their content along as a chart, a template or in the words of another provider. */
const opaque: readonly (readonly [types: readonly string[], is: string])[] = [
  [["kubernetes:helm.sh/v3:Release"], "is a Helm release, whose objects no plan shows"],
  [["aws-native:*", "aws:cloudcontrol/resource:Resource"], "is of the provider for Cloud Control, whose inputs no policy knows"],
  [["aws:cloudformation/stack:Stack", "aws:cloudformation/stackSet:StackSet"], "makes what a template says, which no plan shows"],
];

/** Components that make an object of each document; with a provider that does so out of sight they have no children in a plan. */
const rendering = ["kubernetes:helm.sh/*", "kubernetes:yaml*", "kubernetes:kustomize*"];

const unread: Policy = {
  id: "unread-resources",
  title: "Policies read the content of every resource",
  severity: "low",
  why: "What is in a chart, a template or in a resource of another provider may break every policy of this catalogue, and the gate is silent all the same.",
  fix: "Write it as resources of the providers aws, kubernetes and docker, or render a chart with helm.v3.Chart, whose objects stand in the plan; else waive it naming what else looks at it.",
  types: [...opaque.flatMap(([types]) => types), ...rendering],
  scope: "stack",
  references: ["NIST SP 800-53 CM-6"],
  levels: { dev: "disabled", staging: "advisory", prod: "advisory" },
  *check(stack) {
    for (const resource of stack.resources) {
      const is = reasonOf(resource) ?? (fits(resource.type, rendering) && stack.children(resource).length === 0 ? outOfSight : undefined);
      if (is) yield { resource, path: "", is: `${is}: the other policies are silent about it` };
    }
  },
};

const outOfSight = "has no objects below it in this plan";

const reasonOf = ({ type }: Resource): string | undefined => opaque.find(([types]) => fits(type, types))?.[1];

export const unreadPolicies: readonly Policy[] = [unread];
