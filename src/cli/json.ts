/** The one thing that a verb with `--json` writes to its output; everything else goes to the error output. */
export const printJson = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);

/** Where a verb speaks to a person: beside its output, when that is for a program. */
export const speaker =
  (json: boolean | undefined) =>
  (text: string): void =>
    json ? console.error(text) : console.log(text);

/** Whether the command line asks for JSON; also one that cannot be parsed. What comes after `--` belongs to another command. */
export const wantsJson = (args: readonly string[]): boolean => (args.includes("--") ? args.slice(0, args.indexOf("--")) : args).includes("--json");
