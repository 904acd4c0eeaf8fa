import { isWorking } from "./interrupt.ts";

/** What decides about colours, as it is handed on to libraries and to programs that are started. */
interface ColourVariables {
  readonly NO_COLOR: string | undefined;
  readonly FORCE_COLOR: string | undefined;
}

/**
 * Colours are for terminals. `NO_COLOR` with any value takes them away, `FORCE_COLOR` asks for them elsewhere, and of both the
 * first wins; `FORCE_COLOR=0` is no. That this runs in continuous integration asks for nothing.
 */
export function colourVariables({ NO_COLOR, FORCE_COLOR, TERM }: NodeJS.ProcessEnv, terminal: boolean): ColourVariables {
  const refused = Boolean(NO_COLOR) || FORCE_COLOR === "0" || FORCE_COLOR === "false";
  const wanted = !refused && (FORCE_COLOR !== undefined || (terminal && TERM !== "dumb"));
  // Libraries differ in what they make of both, and of neither: each gets one answer.
  return wanted ? { NO_COLOR: undefined, FORCE_COLOR: FORCE_COLOR || "1" } : { NO_COLOR: "1", FORCE_COLOR: undefined };
}

/** Settles colours, before a library decides by itself, and ends quietly when nobody reads on: `groundplan preview | head`. */
export function settleTerminal(): void {
  const terminal = Boolean(process.stdout.isTTY && process.stderr.isTTY);
  for (const [name, value] of Object.entries(colourVariables(process.env, terminal))) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      // Whoever reads has seen enough; what has begun is brought to its end all the same.
      if (!isWorking()) process.exit();
    });
  }
}
