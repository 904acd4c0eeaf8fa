import pc from "picocolors";
import { type ErrorCode, type ErrorEntry, errorGroups, errors, isErrorCode } from "../../core/errors.ts";
import { nearest } from "../../core/problems.ts";
import { badConfiguration } from "../exit.ts";

/** Prints what the catalogue says of an error, or all codes; needs no project, no daemon and no network. */
export function explain(code: string | undefined, { json = false }: { readonly json?: boolean }): void {
  console.log(code === undefined ? listOf(json) : sectionOf(code, json));
}

function sectionOf(code: string, json: boolean): string {
  const wanted = code.toUpperCase();
  if (!isErrorCode(wanted)) throw badConfiguration([unknownCode(code, wanted)], "in the command; nothing was looked up");
  return json ? JSON.stringify({ code: wanted, ...errors[wanted] }, null, 2) : sectionText(wanted, errors[wanted]);
}

const unknownCode = (code: string, wanted: string) => {
  const guess = nearest(wanted, Object.keys(errors));
  const fix = guess ? `did you mean ${guess}?` : "groundplan explain lists them";
  return { component: "explain", path: "code", value: code, rule: "a code of the catalogue, e.g. GP101", fix, code: "GP310" as const };
};

/** All codes, section by section. */
function listOf(json: boolean): string {
  if (json) return JSON.stringify(errors, null, 2);
  const rowsOf = (rows: object) => Object.entries<ErrorEntry>(rows as Record<string, ErrorEntry>).map(([code, { title }]) => `  ${code}  ${title}`);
  return errorGroups.map(({ title, rows }) => [pc.bold(title), ...rowsOf(rows)].join("\n")).join("\n\n");
}

function sectionText(code: ErrorCode, { title, meaning, causes, fix, exit, since }: ErrorEntry): string {
  const list = (items: readonly string[]) => items.map((item) => `  - ${item.replaceAll("`", "")}`);
  return [
    pc.bold(`${code}  ${title}`),
    "",
    meaning.replaceAll("`", ""),
    "",
    "It usually comes from",
    ...list(causes),
    "",
    "What to do",
    ...list(fix),
    "",
    pc.dim(`exit code ${exit}, since ${since}`),
  ].join("\n");
}
