import type { Finding } from "../evaluate.ts";
import { fileRules } from "../file-rules.ts";
import { type Outcome, stops } from "../run.ts";
import { byComponent, byWorst, countsOf, countsText, plain, policyOf } from "./order.ts";

/** A comment may have 65,536 characters on GitHub: none of the six lists takes more than this. The other reports have everything. */
const longestList = 10_000;
const longestCell = 300;

/** For a comment on a pull request: what stops it in sight, the rest folded. */
export function markdownReport(outcome: Outcome): string {
  const { subject, stage, open, waived, notRun, waiverFindings, policies } = outcome;
  const state = stops(outcome) ? "stopped" : "passed";
  const fixes = [...new Set(open.toSorted(byWorst).map(({ policy }) => policy))].map((id) => policyOf(outcome, id));
  const notHere = policies.filter((policy) => policy.state === "not-here");
  const blocks = [
    `### Policies of ${escaped(subject.stack)}, stage ${stage}: ${state}`,
    `${countsText(countsOf(outcome))}.`,
    table(
      ["component", "level", "policy", "resource", "finding"],
      byComponent(open).flatMap(([component, findings]) => findings.map((found) => [component, ...row(found)])),
    ),
    table(
      ["waiver or policy", "level", "rule", "at", "finding", "fix"],
      waiverFindings.map(({ waiver, level, rule, file, line, message }) => [waiver, level, rule, `${file}:${line}`, message, fileRules[rule].fix]),
    ),
    details(`How to repair it (${fixes.length})`, listOf(fixes.map(({ id, why, fix }) => `**${escaped(id)}**: ${escaped(`${why} ${fix}`)}`))),
    details(
      `Waived (${waived.length})`,
      table(
        ["component", "policy", "resource", "finding", "waiver", "owners", "until"],
        waived.toSorted(byWorst).map((found) => {
          const { id, owners, expires } = found.waiver;
          return [found.component, found.policy, found.name, found.message, id, owners.join(", "), expires];
        }),
      ),
    ),
    details(
      `Not run (${notRun.length})`,
      table(
        ["level", "policy", "resource", "reason"],
        notRun.map(({ level, policy, urn, reason }) => [level, policy, urn ?? "the whole stack", reason]),
      ),
    ),
    details(`Not in this way of running (${notHere.length})`, listOf(notHere.map(({ id }) => escaped(id)))),
  ];
  return blocks.filter((block) => block !== "").join("\n\n");
}

const row = ({ level, policy, name, message }: Finding) => [level, policy, name, message];

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const { shown, more } = fitting(rows.map((cells) => line(cells.map(escaped))));
  return [line(head), line(head.map(() => "---")), ...shown, ...(more ? ["", more] : [])].join("\n");
}

function listOf(entries: readonly string[]): string {
  const { shown, more } = fitting(entries.map((entry) => `- ${entry}`));
  return [...shown, ...(more ? ["", more] : [])].join("\n");
}

/** The first lines that a comment has room for, and how many more there are. */
function fitting(lines: readonly string[]): { readonly shown: readonly string[]; readonly more: string | undefined } {
  let length = 0;
  const shown = lines.filter((line) => {
    length += line.length + 1;
    return length <= longestList;
  });
  const left = lines.length - shown.length;
  return { shown, more: left > 0 ? `and ${left} more: see the other reports` : undefined };
}

const details = (summary: string, body: string) => (body === "" ? "" : `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`);

/** Text as such: no markup, no HTML, no link, nobody mentioned, no cell ended. */
const escaped = (text: string) =>
  cut(plain(text))
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("@", "&#64;")
    .replaceAll(/[\\`*_[\]|~#!]/g, "\\$&")
    .replaceAll("://", ":&#47;&#47;");

const cut = (text: string) => (text.length > longestCell ? `${text.slice(0, longestCell - 1).toWellFormed()}…` : text);
