import { CommanderError } from "commander";
import { missingPeer, notInstalled } from "../core/peers.ts";
import { CommandError, exitCodes } from "./exit.ts";
import { program } from "./program.ts";

try {
  process.exitCode = exitCodes.done;
  await program().parseAsync();
} catch (error) {
  process.exitCode = told(error);
}

function told(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.couldNotRun;
  if (error instanceof CommandError) {
    console.error(error.message);
    return error.exit;
  }
  const missing = missingPeer(String(error));
  if (missing) {
    console.error(notInstalled([missing], "groundplan"));
    return exitCodes.couldNotRun;
  }
  const text = error instanceof Error ? error : new Error(String(error));
  console.error(
    process.env.GROUNDPLAN_DEBUG ? text.stack : `groundplan failed: ${text.message}\n  Run with GROUNDPLAN_DEBUG=1 for the whole message.`,
  );
  return exitCodes.couldNotRun;
}
