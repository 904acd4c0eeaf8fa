import { LineCounter, parseDocument } from "yaml";
import type { ZodType } from "zod";

/** One thing that is wrong with a file of the gate. It holds what was written there: show it as a value of a configuration is shown. */
export interface FileProblem {
  readonly file: string;
  readonly line: number;
  /** Path within the file, e.g. `waivers[0].expires`. */
  readonly path: string;
  /** Undefined when it is missing. */
  readonly value: unknown;
  readonly rule: string;
  readonly fix: string;
}

/** A file that has its form, with the lines on which its parts begin. */
export interface Document<Value> {
  readonly file: string;
  readonly value: Value;
  readonly lineOf: (path: Path) => number;
}

export type Path = readonly PropertyKey[];

type Read<Value> = Document<Value> | { readonly problems: readonly FileProblem[] };

/** A YAML file by its schema, or everything that is wrong with it. An empty file is an empty map. */
export function readDocument<Value>(text: string, file: string, schema: ZodType<Value>): Read<Value> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const broken = (line: number, message: string): FileProblem => ({
    file,
    line,
    path: "",
    value: message,
    rule: "valid YAML",
    fix: "correct the line that the message names",
  });
  if (document.errors.length > 0) return { problems: document.errors.map(({ message, pos }) => broken(lines.linePos(pos[0]).line, message)) };
  const lineOf = (path: Path): number => {
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true) as { readonly range?: readonly number[] } | undefined;
      if (node?.range) return lines.linePos(node.range[0] ?? 0).line;
    }
    return 1;
  };
  let written: unknown;
  try {
    written = document.toJS() ?? {};
  } catch (error) {
    return { problems: [broken(1, error instanceof Error ? error.message : String(error))] };
  }
  const parsed = schema.safeParse(written);
  if (parsed.success) return { file, value: parsed.data, lineOf };
  return {
    problems: parsed.error.issues.flatMap((issue) => {
      const problem = (path: Path, rule: string, fix: string): FileProblem => {
        return { file, line: lineOf(path), path: pathText(path), value: valueAt(written, path), rule, fix };
      };
      if (issue.code === "unrecognized_keys") return issue.keys.map((key) => problem([...issue.path, key], "a known key", "remove it"));
      if (issue.code === "invalid_value") {
        const allowed = issue.values.map(String).join(", ");
        return [problem(issue.path, `one of ${allowed}`, `choose one of ${allowed}`)];
      }
      const missing = valueAt(written, issue.path) === undefined;
      return [problem(issue.path, issue.message, missing ? `give ${pathText(issue.path)}` : `change it to ${issue.message}`)];
    }),
  };
}

export const pathText = (path: Path): string =>
  path.reduce<string>((text, key) => (typeof key === "number" ? `${text}[${key}]` : text === "" ? String(key) : `${text}.${String(key)}`), "");

const valueAt = (value: unknown, path: Path): unknown => path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown>)?.[key], value);

/** Ids that begin as one that is not known, for whoever mistyped it. */
export function knownLike(id: string, known: readonly string[]): string {
  const family = known.filter((other) => other.split("-")[0] === id.split("-")[0]);
  return family.length > 0 ? `a policy of the catalogue; those that begin so: ${family.join(", ")}` : "a policy of the catalogue";
}
