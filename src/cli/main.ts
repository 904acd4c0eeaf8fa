<<<<<<< HEAD
import { CommanderError } from "commander";
import { CommandError, codeLine, errorText, exitCodes } from "./exit.ts";
=======
import { exitCodes } from "./exit.ts";
import { failureJson, failureOf } from "./failure.ts";
import { printJson, wantsJson } from "./json.ts";
>>>>>>> verbs
import { program } from "./program.ts";
import { settleTerminal } from "./terminal.ts";

settleTerminal();
try {
  process.exitCode = exitCodes.done;
  await program().parseAsync();
} catch (error) {
<<<<<<< HEAD
  process.exitCode = told(error);
}

function told(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : misused();
  if (error instanceof CommandError) {
    console.error(errorText(error.code, error.message));
    return error.exit;
  }
  const text = error instanceof Error ? error : new Error(String(error));
  const shown = process.env.GROUNDPLAN_DEBUG ? text.stack : undefined;
  console.error(errorText("GP000", shown ?? `groundplan failed: ${text.message}\n  Run with GROUNDPLAN_DEBUG=1 for the whole message.`));
  return exitCodes.couldNotRun;
}

/** The parser has said what it did not understand. */
function misused(): number {
  console.error(codeLine("GP504"));
  return exitCodes.couldNotRun;
=======
  const failure = failureOf(error, Boolean(process.env.GROUNDPLAN_DEBUG));
  if (failure) {
    process.exitCode = failure.exit;
    // A program reads one value from the output, whatever became of the command.
    if (wantsJson(process.argv.slice(2))) printJson(failureJson(failure));
    else if (!failure.told) console.error(failure.message);
  }
>>>>>>> verbs
}
