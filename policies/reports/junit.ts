import { isOnOverride } from "../file-rules.ts";
import { isMandatory, type Outcome } from "../run.ts";
import { policyOf } from "./order.ts";

interface Case {
  readonly suite: string;
  readonly name: string;
  /** What became of it; undefined when it passed. */
  readonly result?: { readonly element: "failure" | "error" | "skipped"; readonly message: string; readonly body?: string };
  readonly output?: string;
}

const stackSuite = "the whole stack";
const waiverSuite = "waivers";
const overrideSuite = "overrides";
const unused = "nothing to look at";

/**
 * A suite for each type of resources. A mandatory finding fails, an advisory one passes with a word, a waived one is
 * skipped, and what could not run is an error. A policy that found nothing is one case for each type that it looked at.
 */
export function junitReport(outcome: Outcome): string {
  const { subject, stage } = outcome;
  const suites = [...Map.groupBy(casesOf(outcome), ({ suite }) => suite)].toSorted(([a], [b]) => a.localeCompare(b));
  const all = suites.flatMap(([, cases]) => cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${attribute(`policies of ${subject.stack}, stage ${stage}`)}"${counts(all)}>`,
    ...suites.flatMap(([suite, cases]) => [
      `  <testsuite name="${attribute(suite)}"${counts(cases)}>`,
      ...cases.map((entry) => element(entry)),
      "  </testsuite>",
    ]),
    "</testsuites>",
  ].join("\n");
}

function casesOf(outcome: Outcome): Case[] {
  const { open, waived, notRun, waiverFindings, policies } = outcome;
  const typeOf = (urn: string) => (urn.split("::").at(-2) ?? "").split("$").at(-1) ?? "";
  const findings = open.map((found): Case => {
    const base = { suite: found.type, name: nameOf(found) };
    const body = `${found.message}\n${found.urn}\nfix: ${policyOf(outcome, found.policy).fix}`;
    return isMandatory(found) ? { ...base, result: { element: "failure", message: found.message, body } } : { ...base, output: `advisory: ${body}` };
  });
  const skipped = waived.map((found): Case => {
    const { id, owners, expires, reason } = found.waiver;
    const message = `waived by ${id} (${owners.join(" and ")}) until ${expires}: ${reason}`;
    return { suite: found.type, name: nameOf(found), result: { element: "skipped", message } };
  });
  const errors = notRun.map(({ policy, urn, reason }): Case => {
    return {
      suite: urn === undefined ? stackSuite : typeOf(urn),
      name: urn === undefined ? policy : `${policy}: ${urn}`,
      result: { element: "error", message: reason },
    };
  });
  const ofWaivers = waiverFindings.map((found): Case => {
    const base = { suite: isOnOverride(found) ? overrideSuite : waiverSuite, name: `${found.rule}: ${found.waiver}` };
    const body = `${found.message}\n${found.file}:${found.line}`;
    return isMandatory(found) ? { ...base, result: { element: "failure", message: found.message, body } } : { ...base, output: `advisory: ${body}` };
  });
  const told = new Set(
    [...open, ...waived].map(({ policy, type }) => `${policy} ${type}`).concat(notRun.map(({ policy, urn }) => `${policy} ${typeOf(urn ?? "")}`)),
  );
  const missedWhole = new Set(notRun.filter(({ urn }) => urn === undefined).map(({ policy }) => policy));
  const passed = policies.flatMap(({ id, state, looked }) =>
    missedWhole.has(id)
      ? []
      : Object.entries(looked)
          .filter(([type]) => state === "ran" && !told.has(`${id} ${type}`))
          .map(([type, resources]): Case => ({ suite: type, name: id, output: `${resources} looked at` })),
  );
  const idle = policies.flatMap(({ id, state, looked }): Case[] => {
    if (state === "ran" && Object.keys(looked).length > 0) return [];
    const message = { ran: "no resource of its types", disabled: "disabled in this stage", "not-here": "nobody tells here which inputs are secret" }[
      state
    ];
    return [{ suite: unused, name: id, result: { element: "skipped", message } }];
  });
  return [...findings, ...skipped, ...errors, ...ofWaivers, ...passed, ...idle];
}

const nameOf = ({ policy, name, path }: { readonly policy: string; readonly name: string; readonly path: string }) =>
  path === "" ? `${policy}: ${name}` : `${policy}: ${name} ${path}`;

function counts(cases: readonly Case[]): string {
  const of = (kind: string) => cases.filter(({ result }) => result?.element === kind).length;
  return ` tests="${cases.length}" failures="${of("failure")}" errors="${of("error")}" skipped="${of("skipped")}"`;
}

function element({ suite, name, result, output }: Case): string {
  const head = `    <testcase classname="${attribute(suite)}" name="${attribute(name)}"`;
  if (result) {
    const { element: kind, message, body } = result;
    return `${head}><${kind} message="${attribute(message)}"${body === undefined ? "/>" : `>${content(body)}</${kind}>`}</testcase>`;
  }
  return output === undefined ? `${head}/>` : `${head}><system-out>${content(output)}</system-out></testcase>`;
}

/** Text as XML 1.0 may hold it: other control characters, and halves of pairs, have no form there at all. */
const content = (text: string) =>
  text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "\u{FFFD}")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("\r", "&#13;");

const attribute = (text: string) => content(text).replaceAll('"', "&quot;").replaceAll("\n", "&#10;").replaceAll("\t", "&#9;");
