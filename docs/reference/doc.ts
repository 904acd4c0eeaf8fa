import ts from "typescript";

/** What a change of an argument costs: nothing that runs, a restart, or data and identity that are made anew. */
export const impacts = ["safe", "restart", "replace", "each"] as const;
export type Impact = (typeof impacts)[number];

/** The docstring of an argument: its text, and what its tags say. */
export interface ArgumentDoc {
  readonly text: string;
  /** `@default`; of an argument that must be given, nothing. */
  readonly default: string | undefined;
  /** `@unit`, or what the name ends with. */
  readonly unit: string | undefined;
  /** First word of `@change`. */
  readonly change: Impact | undefined;
  /** What `@change` says after its first word. */
  readonly changeNote: string;
  /** Tags that mean nothing here, or a `@change` of another class: mistakes. */
  readonly strange: readonly string[];
}

/** Units that names of arguments end with. */
const endings: Readonly<Record<string, string>> = {
  MiB: "MiB",
  GiB: "GiB",
  KiB: "KiB",
  Seconds: "seconds",
  Ms: "milliseconds",
  Hours: "hours",
  Days: "days",
  Percent: "percent",
};

function unitOf(name: string): string | undefined {
  const ending = Object.keys(endings).find((end) => name.endsWith(end));
  return ending && endings[ending];
}

/** Reads the last comment before a declaration, as editors do. */
export function docOf(declaration: ts.Node, name = ""): ArgumentDoc {
  const doc = ts.getJSDocCommentsAndTags(declaration).filter(ts.isJSDoc).at(-1);
  const tags = new Map((doc?.tags ?? []).map((tag) => [tag.tagName.text, oneLine(tag.comment)]));
  const [, word = "", changeNote = ""] = /^(\w+)(?:; (.*))?$/.exec(tags.get("change") ?? "") ?? [];
  const change = impacts.find((impact) => impact === word);
  const strange = [...tags.keys()].filter((tag) => !["default", "unit", "change"].includes(tag)).map((tag) => `@${tag}`);
  return {
    text: oneLine(doc?.comment),
    default: tags.get("default"),
    unit: tags.get("unit") ?? unitOf(name),
    change,
    changeNote,
    strange: tags.has("change") && !change ? [...strange, `@change ${tags.get("change")}`] : strange,
  };
}

const oneLine = (comment: Parameters<typeof ts.getTextOfJSDocComment>[0]) => (ts.getTextOfJSDocComment(comment) ?? "").replace(/\s+/g, " ").trim();
