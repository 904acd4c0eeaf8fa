import type { StackValidationArgs, StackValidationPolicy } from "@pulumi/policy";
import type { PackOptions } from "./pack.ts";
import { evaluationOf, type Seen } from "./seen.ts";
import { applyWaivers, type WaiverRule, waiverRules } from "./waivers.ts";

/** What is said of waivers, after everything has been looked at: a policy for each rule, and one that lists what they cover. */
export function waiverPolicies(options: PackOptions, seen: Seen): StackValidationPolicy[] {
  // The configuration of the pack may have set the stage, of each policy by itself.
  const applied = ({ resources }: StackValidationArgs) => {
    const urns = new Set(resources.map(({ urn }) => urn));
    const stages = new Set(seen.called.size > 0 ? seen.called.values() : [options.stage]);
    return [...stages].map((stage) => applyWaivers(evaluationOf(seen, stage, urns), options.waivers, options.policies, options.day));
  };
  const onWaivers = (args: StackValidationArgs, rule: WaiverRule) => {
    const told = applied(args).flatMap(({ waiverFindings }) => waiverFindings.filter((found) => found.rule === rule));
    return new Set(told.map(({ waiver, message, file, line }) => `waiver ${waiver} ${message} (${file}:${line})`));
  };
  const rules = Object.entries(waiverRules).map(
    ([name, { title, fix, level }]): StackValidationPolicy => ({
      name,
      displayName: title,
      description: `${title}. ${fix}`,
      enforcementLevel: level,
      remediationSteps: fix,
      validateStack: (args, reportViolation) => {
        for (const message of onWaivers(args, name as WaiverRule)) reportViolation(message);
      },
    }),
  );
  const title = "Findings that a waiver covers";
  return [
    ...rules,
    {
      name: "waived",
      displayName: title,
      description: title,
      enforcementLevel: "advisory",
      validateStack: (args, reportViolation) => {
        for (const { policy, urn, message, waiver } of applied(args).flatMap(({ waived }) => waived))
          reportViolation(`${policy}: ${message} (waiver ${waiver.id} until ${waiver.expires}: ${waiver.reason})`, urn);
      },
    },
  ];
}
