import type { StackValidationArgs, StackValidationPolicy } from "@pulumi/policy";
import { type FileRule, fileRules, subjectOf } from "./file-rules.ts";
import { weakenings } from "./overrides.ts";
import type { PackOptions } from "./pack.ts";
import { evaluationOf, type Seen } from "./seen.ts";
import { applyWaivers } from "./waivers.ts";

/** What is said of waivers and overrides, after everything has been looked at: a policy for each rule, and one that lists what they cover. */
export function waiverPolicies(options: PackOptions, seen: Seen): StackValidationPolicy[] {
  // The configuration of the pack may have set the stage, of each policy by itself.
  const applied = ({ resources }: StackValidationArgs) => {
    const urns = new Set(resources.map(({ urn }) => urn));
    const stages = new Set(seen.called.size > 0 ? seen.called.values() : [options.stage]);
    return [...stages].map((stage) => {
      const { waived, waiverFindings } = applyWaivers(evaluationOf(seen, stage, urns), options.waivers, options.policies, options.day);
      return { waived, waiverFindings: [...waiverFindings, ...weakenings(stage, options.overrides)] };
    });
  };
  const onFiles = (args: StackValidationArgs, rule: FileRule) => {
    const told = applied(args).flatMap(({ waiverFindings }) => waiverFindings.filter((found) => found.rule === rule));
    return new Set(told.map((found) => `${subjectOf(found)} ${found.message} (${found.file}:${found.line})`));
  };
  const rules = Object.entries(fileRules).map(
    ([name, { title, fix, level }]): StackValidationPolicy => ({
      name,
      displayName: title,
      description: `${title}. ${fix}`,
      enforcementLevel: level,
      remediationSteps: fix,
      validateStack: (args, reportViolation) => {
        for (const message of onFiles(args, name as FileRule)) reportViolation(message);
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
