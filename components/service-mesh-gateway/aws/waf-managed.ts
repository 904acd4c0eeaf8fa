import type { ManagedRules } from "../aws-args.ts";

const groups: Readonly<Record<ManagedRules, string>> = {
  "ip-reputation": "AWSManagedRulesAmazonIpReputationList",
  common: "AWSManagedRulesCommonRuleSet",
  "known-bad-inputs": "AWSManagedRulesKnownBadInputsRuleSet",
  sqli: "AWSManagedRulesSQLiRuleSet",
};

/** A group of rules that AWS keeps up to date; it stops what it finds, or only counts it. */
export function managedRule(group: ManagedRules, countOnly: boolean) {
  return {
    name: group,
    overrideAction: countOnly ? { count: {} } : { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: "AWS",
        name: groups[group],
        // It stops every body over 8 KiB; the routes say what is too large.
        ...(group === "common" ? { ruleActionOverrides: [{ name: "SizeRestrictions_BODY", actionToUse: { count: {} } }] } : {}),
      },
    },
  };
}
