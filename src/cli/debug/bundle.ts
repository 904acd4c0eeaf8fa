import { stripVTControlCharacters } from "node:util";
import type { ArchivedFile } from "../../core/archive.ts";
import { redactedJson, redactor } from "./redact.ts";
import type { RawFile } from "./running.ts";

/** What each file of the bundle is, for whoever opens it. */
const about: readonly (readonly [RegExp, string])[] = [
  [/^versions\.json$/, "versions of groundplan, Node, the operating system and the tools"],
  [/^doctor\.json$/, "what groundplan doctor found"],
  [/^config\.json$/, "settings with their origins"],
  [/^plan\.json$/, "the plan, credentials masked"],
  [/^problems\.txt$/, "why there is no plan"],
  [/^containers\.json$/, "containers of the environment, with what their health checks said"],
  [/^pods\.json$/, "pods of the environment"],
  [/^events\.txt$/, "what the cluster noted"],
  [/^kept\.json$/, "names of the files below .groundplan, nothing of what is in them"],
  [/^running\.txt$/, "why nothing is known of what runs"],
  [/^logs\//, "the last lines of a log"],
];

export const aboutFile = (path: string): string => about.find(([name]) => name.test(path))?.[1] ?? "";

/** The files of the bundle with everything hidden in them that is or looks secret, in names too; with a list of them. Pure. */
export function bundleOf(raw: readonly RawFile[], secrets: readonly string[]): ArchivedFile[] {
  const redact = redactor(secrets);
  const files = raw.map(({ path, content }) => ({
    path: redact(path),
    content: typeof content === "string" ? redact(stripVTControlCharacters(content)) : redactedJson(content, redact),
  }));
  const list = files.map(({ path }) => `  ${path}  ${aboutFile(path)}`).join("\n");
  const readme = `For an issue report. Passwords, tokens and keys were replaced by [hidden]; look through it before you hand it on.\n\n${list}\n`;
  return [{ path: "README.txt", content: readme }, ...files];
}
