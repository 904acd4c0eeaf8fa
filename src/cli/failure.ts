import { CommanderError } from "commander";
import type { ErrorCode } from "../core/errors.ts";
import { missingPeer, notInstalled } from "../core/peers.ts";
import { type Problem, shownValue } from "../core/problems.ts";
import { CommandError, exitCodes } from "./exit.ts";

/** Why a command ended, and with which code. */
export interface Failure {
  readonly exit: number;
  readonly code: ErrorCode;
  readonly message: string;
  /** Each by itself, where the message lists several. */
  readonly problems?: readonly Problem[];
  /** It has been printed already. */
  readonly told: boolean;
}

/** What is to be said of anything that was thrown; undefined for help and the version, which end a command too. */
export function failureOf(error: unknown, debug: boolean): Failure | undefined {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return undefined;
    const message = error.code === "commander.help" ? "no verb is named" : error.message.replace(/^error: /, "");
    return { exit: exitCodes.couldNotRun, code: "GP504", message, told: true };
  }
  if (error instanceof CommandError) {
    const { exit, code, message, problems, stack } = error;
    return { exit, code, message: debug ? (stack ?? message) : message, ...(problems ? { problems } : {}), told: false };
  }
  const missing = missingPeer(String(error));
  if (missing) return { exit: exitCodes.couldNotRun, code: "GP112", message: notInstalled([missing], "groundplan"), told: false };
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const said = debug ? (stack ?? message) : `groundplan failed: ${message}\n  Run with GROUNDPLAN_DEBUG=1 for the whole message.`;
  return { exit: exitCodes.couldNotRun, code: "GP000", message: said, told: false };
}

/** The form for programs: `{ "error": { code, message, problems? } }`. No value is in it that the message would hide. */
export const failureJson = ({ code, message, problems }: Failure) => ({
  error: {
    code,
    message,
    ...(problems ? { problems: problems.map((problem) => ({ ...problem, value: shownValue(problem.path, problem.value) })) } : {}),
  },
});
