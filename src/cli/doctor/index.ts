import { madeIn } from "../../preview/plan.ts";
import { type Check, notLookedAt, ok, problem } from "./check.ts";
import { dockerChecks } from "./docker.ts";
import type { Examined } from "./examined.ts";
import { hostedChecks } from "./hosted.ts";
import { leftoverChecks } from "./leftovers.ts";
import { machineChecks } from "./machine.ts";
import { mirrorCheck } from "./mirror.ts";
import { routeCheck } from "./routes.ts";
import { stateCheck } from "./state-folder.ts";
import { toolChecks } from "./tools.ts";

const planCheck: Check<Examined> = {
  id: "plan",
  title: "Settings and plan",
  look: ({ env, project, plan, refusal }) => {
    if (plan) return ok(`${project?.prefix} on ${project?.settings.target}, ${madeIn(plan)} resources`);
    if (!project && refusal?.startsWith("no Pulumi.yaml")) return notLookedAt("no project here; only the machine was looked at");
    return problem(refusal ?? "there is none", `groundplan preview ${env} has the whole of it`);
  },
};

/** Everything that `doctor` looks at, in the order in which it is shown. */
export const allChecks: readonly Check<Examined>[] = [
  planCheck,
  ...toolChecks,
  ...dockerChecks,
  ...machineChecks,
  ...leftoverChecks,
  mirrorCheck,
  routeCheck,
  stateCheck,
  ...hostedChecks,
];
