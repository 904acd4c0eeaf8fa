import type { Command } from "commander";
import { candidates, files } from "../completion/candidates.ts";
import { projectWords } from "../completion/project-words.ts";
import { completionScripts, type Shell } from "../completion/scripts.ts";

export const completion = (shell: Shell): void => console.log(completionScripts[shell]);

/** Answers a shell: a line for each word that may stand where the cursor is. */
export function complete(program: Command, words: readonly string[]): void {
  const found = candidates(program, words, projectWords(process.cwd(), process.env));
  const lines = found === files ? [`:${files}`] : found.map(({ value, description }) => `${value}\t${description.split("\n")[0]}`);
  process.stdout.write(lines.map((line) => `${line}\n`).join(""));
}
