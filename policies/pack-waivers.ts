import type { StackValidationArgs, StackValidationPolicy } from "@pulumi/policy";
import type { PackOptions } from "./pack.ts";
import { evaluationOf, type Seen } from "./seen.ts";
import { type Applied, applyWaivers, type WaiverRule, waiverRules } from "./waivers.ts";

/** What is said of waivers, after everything has been looked at: a policy for each rule, and one that lists what they cover. */
export function waiverPolicies(options: PackOptions, seen: Seen): StackValidationPolicy[] {
  const applied = ({ resources }: StackValidationArgs): Applied => {
    const evaluation = evaluationOf(seen, options.stage, new Set(resources.map(({ urn }) => urn)));
    return applyWaivers(evaluation, options.waivers, options.policies, options.day);
  };
  const rules = Object.entries(waiverRules).map(
    ([name, { title, fix, level }]): StackValidationPolicy => ({
      name,
      displayName: title,
      description: `${title}. ${fix}`,
      enforcementLevel: level,
      remediationSteps: fix,
      validateStack: (args, reportViolation) => {
        for (const found of applied(args).waiverFindings)
          if (found.rule === (name as WaiverRule)) reportViolation(`waiver ${found.waiver} ${found.message} (${found.file}:${found.line})`);
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
        for (const { policy, urn, message, waiver } of applied(args).waived)
          reportViolation(`${policy}: ${message} (waiver ${waiver.id} until ${waiver.expires}: ${waiver.reason})`, urn);
      },
    },
  ];
}
