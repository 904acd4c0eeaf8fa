import { codeLine, errorText, exitCodes } from "./exit.ts";
import { failureJson, failureOf } from "./failure.ts";
import { printJson, wantsJson } from "./json.ts";
import { program } from "./program.ts";
import { settleTerminal } from "./terminal.ts";

settleTerminal();
try {
  process.exitCode = exitCodes.done;
  await program().parseAsync();
} catch (error) {
  const failure = failureOf(error, Boolean(process.env.GROUNDPLAN_DEBUG));
  if (failure) {
    process.exitCode = failure.exit;
    // A program reads one value from the output, whatever became of the command.
    if (wantsJson(process.argv.slice(2))) printJson(failureJson(failure));
    else console.error(failure.told ? codeLine(failure.code) : errorText(failure.code, failure.message));
  }
}
