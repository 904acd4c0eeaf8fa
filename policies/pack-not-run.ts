import type { StackValidationPolicy } from "@pulumi/policy";
import type { Level, Stage } from "./model.ts";
import type { Seen } from "./seen.ts";

export const notRunPolicy = "policy-not-run";

/** As `groundplan policy` ends: what was not looked at stops prod alone. */
export const notRunLevel = (stage: Stage): Level => (stage === "prod" ? "mandatory" : "advisory");

const title = "Every mandatory policy could look at everything";
const fix =
  "Give the value plainly, or check the plan with `groundplan policy`, where every value is known; a preview of resources of which nothing is known yet may lower this policy by --policy-pack-config.";

/** Asked last: the engine itself tells only advice of a policy that met a value that is not known. */
export const policyNotRun = (stage: Stage, { looks }: Seen): StackValidationPolicy => ({
  name: notRunPolicy,
  displayName: title,
  description: `${title}. ${fix}`,
  enforcementLevel: notRunLevel(stage),
  remediationSteps: fix,
  validateStack: ({ resources }, reportViolation) => {
    const urns = new Set(resources.map(({ urn }) => urn));
    for (const { policy, urn, level, reason } of looks.values()) {
      const missed = reason !== undefined && level === "mandatory" && (urn === undefined || urns.has(urn));
      if (missed) reportViolation(`${policy} could not look at ${urn === undefined ? "the whole stack" : "everything here"}: ${reason}`, urn);
    }
  },
});
