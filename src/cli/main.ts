import { CommanderError } from "commander";
import { PlanProblems } from "../core/problems.ts";
import { badConfiguration, CommandError, codeLine, errorText, exitCodes } from "./exit.ts";
import { program } from "./program.ts";

// Whoever reads has seen enough: what has begun is brought to its end all the same.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

try {
  process.exitCode = exitCodes.done;
  await program().parseAsync();
} catch (error) {
  process.exitCode = told(error);
}

function told(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : misused();
  if (error instanceof PlanProblems) return told(badConfiguration(error.problems));
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
}
