import { type ErrorEntry, errorGroups, explainCommand, isErrorCode } from "../src/core/errors.ts";

const heading = `# Errors

Generated from \`src/core/errors\` by \`npm run docs:errors\`; do not edit.

The last line of every error is its code and the command that says more of it, without a network: \`groundplan explain GP101\`. Problems of a plan have a code each, in their line \`code\`; when all are of one kind, it is the code of the error, too. A code keeps its meaning in all versions. Commands in angle brackets take what the message names.

| exit code | means |
| --- | --- |
| 0 | done |
| 1 | findings: what was checked is not as it should be |
| 2 | could not run |
| 3 | bad configuration; nothing was created |
| 130 | interrupted |
`;

/** The text of docs/errors.md. */
export function errorsText(): string {
  const groups = errorGroups.map(({ title, rows }) => ({ title, rows: Object.entries<ErrorEntry>(rows) }));
  return `${[
    heading,
    ...groups.flatMap(({ title, rows }) => [
      `**${title}**\n`,
      "| code | says | exit code |",
      "| --- | --- | --- |",
      ...rows.map(([code, entry]) => `| [${code}](#${code.toLowerCase()}) | ${entry.title} | ${entry.exit} |`),
      "",
    ]),
    ...groups.flatMap(({ title, rows }) => [`## ${title}\n`, ...rows.map(([code, entry]) => section(code, entry))]),
  ]
    .join("\n")
    .trimEnd()}\n`;
}

/** The heading is the code alone, so that its anchor stays when the title is worded better. */
function section(code: string, { title, meaning, causes, fix, exit, since }: ErrorEntry): string {
  if (!isErrorCode(code)) throw new Error(`${code} is in a group of the catalogue, and not in the catalogue`);
  const list = (items: readonly string[]) => items.map((item) => `- ${escaped(item)}`);
  return [
    `### ${code}\n`,
    `**${title}.** ${escaped(meaning)}\n`,
    "It usually comes from:\n",
    ...list(causes),
    "\nWhat to do:\n",
    ...list(fix),
    `\nExit code ${exit}; since ${since}; \`${explainCommand(code)}\`.\n`,
  ].join("\n");
}

/** Angle brackets outside of code would be taken for HTML. */
const escaped = (text: string) => text.replace(/`[^`]*`|<([a-z]+)>/g, (found, word?: string) => (word === undefined ? found : `\\<${word}\\>`));

if (import.meta.main) process.stdout.write(errorsText());
