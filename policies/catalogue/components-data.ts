import { takenByTag } from "../backup-plans.ts";
import { components, isKind } from "../components.ts";
import { container, labelOf, staysUp, volume } from "../docker.ts";
import type { Policy, Resource, Stack } from "../model.ts";
import { below, list, number, record, records } from "../read.ts";

const disk = "aws:ebs/volume:Volume";

const backup: Policy = {
  id: "component-backup",
  title: "Data of components is backed up",
  severity: "high",
  why: "Replicas and protected volumes do not help against a wrong statement, a bad release or a lost disk: without a copy apart from it the data is gone.",
  fix: "Take a target that backs it up (PostgresDb, RedisCache and NatsCluster on AWS); else run a backup beside it that mounts the volume, or a schedule of snapshots of the disks, or waive it naming the backup outside of the stack.",
  types: [components],
  scope: "stack",
  references: ["Well-Architected REL09-BP01", "RDS.11"],
  levels: { dev: "disabled", staging: "advisory", prod: "mandatory" },
  check: function* (stack) {
    for (const resource of stack.ofType(components)) {
      // What telemetry keeps is no source of truth, and ages out by itself.
      if ((number(resource.inputs.storageGiB) ?? 0) <= 0 || isKind(resource, ["ObservabilityStack"])) continue;
      const bare = stack.children(resource).filter((child) => isStore(child) && !isBackedUp(stack, child, resource));
      if (bare.length === 0) continue;
      yield {
        resource,
        path: "storageGiB",
        is: `is ${number(resource.inputs.storageGiB)}, and nothing in the stack copies ${bare.map(({ name }) => name).join(", ")}`,
      };
    }
  },
};

/** Storage that nobody copies unless somebody says so; managed databases and StatefulSets have policies of their own. */
const isStore = ({ type, inputs }: Resource) => type === disk || (type === volume && labelOf(inputs, "io.groundplan.role") === "data");

function isBackedUp(stack: Stack, store: Resource, owner: Resource): boolean {
  if (store.type === volume) {
    // A container of somebody else that has the volume has it to copy it.
    const others = stack.ofType(container).filter(({ parent, inputs }) => parent !== owner.urn && staysUp(inputs));
    const mounts = ({ inputs }: Resource) => records(inputs.volumes).some(([, { volumeName }]) => volumeName === store.inputs.name);
    return others.some((other) => mounts(other) || stack.referring(store, [container], "volumes").includes(other));
  }
  const plans = ["aws:backup/selection:Selection", "aws:dlm/lifecyclePolicy:LifecyclePolicy"];
  const byTag = ({ inputs }: Resource) =>
    list(inputs.selectionTags).length > 0 || Object.keys(record(below(inputs, "policyDetails.targetTags"))).length > 0;
  return stack.referring(store, plans).length > 0 || stack.ofType(...plans).some((plan) => byTag(plan) || takenByTag(plan, store));
}

export const componentDataPolicies: readonly Policy[] = [backup];
