import { explainCommand } from "../core/errors.ts";

/** Groups of the engines that run at this moment. */
const engines = new Set<number>();

let told: AbortController | undefined;
/** Whether something has begun that must be brought to its end. */
export const isWorking = () => told !== undefined;

/** Signals that ask the command to end: Ctrl-C, a pipeline that is cancelled, a terminal that is closed. */
const asked = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * From here on a signal does not end the command in the middle of its work: it is told through the AbortSignal, and whoever
 * works stops in order. The second one ends the command at once, with what it runs.
 */
export function heedSignals(): AbortSignal {
  // A verb that goes on after another one stops for the same wish.
  if (told) return told.signal;
  const asking = new AbortController();
  told = asking;
  for (const name of asked) {
    process.on(name, () => {
      if (asking.signal.aborted) {
        for (const pid of engines) endGroup(pid);
        console.error(`ended at once; what was being made may be half there\n  GP406  ${explainCommand("GP406")}`);
        process.exit(130);
      }
      console.error("\nstopping: what has begun is brought to its end; once more ends it at once");
      asking.abort();
    });
  }
  return asking.signal;
}

/**
 * How the process of an engine runs: in a group of its own, so that Ctrl-C in a terminal reaches it once and through the
 * command. It is asked with SIGINT, which engines take as the wish to stop in order, and gets all the time that it wants.
 */
export const stoppable = (signal: AbortSignal | undefined) =>
  signal ? ({ detached: true, killSignal: "SIGINT", forceKillAfterDelay: false, cancelSignal: signal } as const) : {};

function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGINT");
  } catch {
    // It has just ended, or runs in the group of the command, which got the signal by itself.
  }
}

/** Remembers the process of an engine for as long as it runs, to end it together with the command. */
export function engine<P extends Promise<unknown> & { readonly pid?: number }>(process: P): P {
  const { pid } = process;
  if (pid === undefined) return process;
  engines.add(pid);
  const over = () => engines.delete(pid);
  process.then(over, over);
  return process;
}
