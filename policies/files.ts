import { existsSync, readFileSync } from "node:fs";
import { isAbsolute, join, relative, sep } from "node:path";
import type { FileProblem } from "./document.ts";
import type { Policy } from "./model.ts";
import { noOverrides, type Overrides, parseOverrides } from "./overrides.ts";
import { parseWaivers, type Waiver } from "./waivers.ts";

export interface PolicyFiles {
  readonly waivers: readonly Waiver[];
  readonly overrides: Overrides;
}

/** Files that were named; those that were not are looked for in `policies/`, and need not be there. */
export interface NamedFiles {
  readonly waivers?: string | undefined;
  readonly overrides?: string | undefined;
}

/** Waivers and overrides of a project, or everything that is wrong with either file. Relative names start at `root`. */
export function readPolicyFiles(
  root: string,
  named: NamedFiles,
  policies: readonly Policy[],
): PolicyFiles | { readonly problems: readonly FileProblem[] } {
  const waivers = read(root, "waivers", named.waivers, [], (text, file) => parseWaivers(text, file, policies));
  const overrides = read(root, "overrides", named.overrides, noOverrides, (text, file) => parseOverrides(text, file, policies));
  const problems = [waivers, overrides].flatMap((result) => ("problems" in result ? result.problems : []));
  if ("problems" in waivers || "problems" in overrides) return { problems };
  return { waivers, overrides };
}

function read<Value>(
  root: string,
  what: string,
  named: string | undefined,
  none: Value,
  parse: (text: string, file: string) => Value,
): Value | Problems {
  const path = isAbsolute(named ?? "") ? (named ?? "") : join(root, named ?? join("policies", `${what}.yaml`));
  // Reports name the file as seen from the project: they leave this machine.
  const file = relative(root, path).split(sep).join("/");
  if (!existsSync(path)) return named === undefined ? none : { problems: [unreadable(file, what, named, "it is not there")] };
  try {
    return parse(readFileSync(path, "utf8"), file);
  } catch (error) {
    return { problems: [unreadable(file, what, path, (error as NodeJS.ErrnoException).code ?? "unreadable")] };
  }
}

interface Problems {
  readonly problems: readonly FileProblem[];
}

function unreadable(file: string, what: string, value: string, reason: string): FileProblem {
  return { file, line: 1, path: "", value, rule: `a file with the ${what}; ${reason}`, fix: `correct --${what}, or leave it out` };
}
