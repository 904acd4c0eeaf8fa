import { type ErrorCode, errors, explainCommand, type ProblemCode } from "../core/errors.ts";
import { codeOf, formatProblems, type Problem } from "../core/problems.ts";

/** What the command's exit code says; 130 is what shells have for Ctrl-C. */
export const exitCodes = { done: 0, findings: 1, couldNotRun: 2, badConfiguration: 3, interrupted: 130 } as const;

/** Ends the command with a message for a person; never a stack trace. */
export class CommandError extends Error {
  /** Its row in the catalogue of errors. */
  readonly code: ErrorCode;
  /** Exit code of the command, as the catalogue has it. */
  readonly exit: number;
  /** What the message lists, each by itself. */
  readonly problems: readonly Problem[] | undefined;

  constructor(code: ErrorCode, message: string, problems?: readonly Problem[]) {
    super(message);
    this.name = "CommandError";
    this.code = code;
    this.exit = errors[code].exit;
    this.problems = problems;
  }
}

export const couldNotRun = (code: Exclude<ErrorCode, ProblemCode>, message: string) => new CommandError(code, message);

/** Everything that is wrong with a plan or with what it needs; the code of the one kind that they are, or of several. */
export function badConfiguration(problems: readonly Problem[], where?: string): CommandError {
  const kinds = new Set(problems.map(codeOf));
  const [kind = "GP301"] = kinds;
  const code = kinds.size === 1 ? kind : "GP301";
  return new CommandError(code, formatProblems(problems, where, code), problems);
}

/** As for a plan, for the files of the policies. */
export const badFiles = (problems: readonly Problem[]) =>
  new CommandError("GP302", formatProblems(problems, "in the files of the policies; nothing was checked"), problems);

/** The last line of every error: its code, and where more is said of it. */
export const codeLine = (code: ErrorCode) => `  ${code}  ${explainCommand(code)}`;

/** What a person reads of an error. */
export const errorText = (code: ErrorCode, message: string) => `${message}\n${codeLine(code)}`;
