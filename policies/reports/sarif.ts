import { createHash } from "node:crypto";
import type { Finding } from "../evaluate.ts";
import { fileRules, subjectOf } from "../file-rules.ts";
import type { Severity } from "../model.ts";
import { isMandatory, type Outcome } from "../run.ts";
import { byWorst } from "./order.ts";

/** As GitHub sorts results: 9 and above is critical, 7 high, 4 medium. */
const securitySeverity: Readonly<Record<Severity, string>> = { critical: "9.5", high: "8.0", medium: "5.5", low: "2.0" };

/**
 * SARIF 2.1.0, for scanners' dashboards: a rule for each policy, waived findings as suppressed, what did not run as
 * notifications. GitHub reads no suppressions: what is waived has no level of a failure either.
 */
export function sarifReport(outcome: Outcome): string {
  const { subject, open, waived, notRun, waiverFindings, policies, stage } = outcome;
  const rules = rulesOf(outcome);
  const ruleOf = (id: string) => ({ ruleId: id, ruleIndex: rules.findIndex((rule) => rule.id === id) });
  const prints = fingerprints();
  const result = (found: Finding) => ({
    ...ruleOf(found.policy),
    level: levelOf(found),
    message: { text: `${found.name}: ${found.message}` },
    locations: [{ ...at(subject.program, 1), logicalLocations: [{ name: found.name, fullyQualifiedName: found.urn, kind: "resource" }] }],
    partialFingerprints: prints(found.policy, found.urn, found.path),
    properties: { component: found.component, path: found.path, severity: found.severity },
  });
  const results = [
    ...open.toSorted(byWorst).map((found) => result(found)),
    ...waiverFindings.map((found) => ({
      ...ruleOf(found.rule),
      level: levelOf(found),
      message: { text: `${subjectOf(found)} ${found.message}` },
      locations: [at(found.file, found.line)],
      partialFingerprints: prints(found.rule, found.file, found.waiver),
    })),
    ...waived.toSorted(byWorst).map((found) => {
      const { id, reason, owners, ticket, expires } = found.waiver;
      const suppression = { kind: "external", status: "accepted", justification: reason, properties: { waiver: id, owners, ticket, expires } };
      return { ...result(found), kind: "informational", level: "none", suppressions: [suppression] };
    }),
  ];
  const missed = notRun.map((entry) => ({
    descriptor: { id: "policy-not-run" },
    associatedRule: { id: entry.policy, index: ruleOf(entry.policy).ruleIndex },
    level: levelOf(entry),
    message: { text: `${entry.policy}: ${entry.urn ?? "the whole stack"}: ${entry.reason}` },
  }));
  const notHere = policies
    .filter(({ state }) => state === "not-here")
    .map(({ id }) => ({
      descriptor: { id: "policy-not-here" },
      associatedRule: { id, index: ruleOf(id).ruleIndex },
      level: "note",
      message: { text: `${id}: nobody tells here which inputs are secret` },
    }));
  const run = {
    tool: { driver: { name: "groundplan", rules } },
    automationDetails: { id: `groundplan/${subject.project}/${subject.stack}/${stage}` },
    invocations: [{ executionSuccessful: notRun.length === 0, toolExecutionNotifications: [...missed, ...notHere] }],
    columnKind: "utf16CodeUnits",
    results,
  };
  return JSON.stringify({ $schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] }, null, 2);
}

function rulesOf({ policies }: Outcome) {
  const ofPolicies = policies.map(({ id, title, severity, level, why, fix, references, state }) => ({
    id,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: {
      text: `${why}\n\nFix: ${fix}\n\nReferences: ${references.join(", ")}`,
      markdown: `${why}\n\n**Fix**: ${fix}\n\n**References**: ${references.join(", ")}`,
    },
    defaultConfiguration: level === "disabled" ? { enabled: false } : { enabled: state === "ran", level: levelOf({ level }) },
    properties: { tags: ["security", severity], "security-severity": securitySeverity[severity] },
  }));
  const ofFiles = Object.entries(fileRules).map(([id, { title, fix, level }]) => ({
    id,
    shortDescription: { text: title },
    fullDescription: { text: title },
    help: { text: `Fix: ${fix}`, markdown: `**Fix**: ${fix}` },
    defaultConfiguration: { enabled: true, level: levelOf({ level }) },
    properties: { tags: ["waivers"] },
  }));
  return [...ofPolicies, ...ofFiles];
}

const levelOf = (found: Pick<Finding, "level">) => (isMandatory(found) ? "error" : "warning");

/** A path of the project as a URI: whatever a name may hold, a separator stays one. */
const at = (file: string, startLine: number) => ({
  physicalLocation: { artifactLocation: { uri: file.split("/").map(encodeURIComponent).join("/"), uriBaseId: "%SRCROOT%" }, region: { startLine } },
});

/**
 * The same finding has the same print in every run; a second one at the same place gets a number. GitHub knows its alerts
 * again by the print of the line alone, and all findings point at line 1 of the program: without ours they would be one.
 */
function fingerprints() {
  const seen = new Map<string, number>();
  return (...parts: readonly string[]) => {
    const hash = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
    const nth = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, nth);
    const print = `${hash}:${nth}`;
    return { "groundplanFinding/v1": print, primaryLocationLineHash: print };
  };
}
