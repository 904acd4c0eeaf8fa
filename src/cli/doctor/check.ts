/** What a check came to. `not looked at`: it does not matter here, or something that it needs is not there. */
export type CheckState = "ok" | "warning" | "problem" | "not looked at";

export interface Verdict {
  readonly state: CheckState;
  /** What is there, with versions and numbers; never the value of a secret. */
  readonly found: string;
  /** What to do; always set for a problem. */
  readonly fix?: string;
}

export interface Finding extends Verdict {
  /** Stable name, for programs. */
  readonly id: string;
  readonly title: string;
}

/** One question to the machine. */
export interface Check<T> {
  readonly id: string;
  readonly title: string;
  readonly look: (about: T) => Promise<Verdict> | Verdict;
}

export const ok = (found: string): Verdict => ({ state: "ok", found });
export const warning = (found: string, fix: string): Verdict => ({ state: "warning", found, fix });
export const problem = (found: string, fix: string): Verdict => ({ state: "problem", found, fix });
export const notLookedAt = (found: string): Verdict => ({ state: "not looked at", found });

/** Longest that one check may take, in milliseconds. */
const patienceMs = 5000;

/** Asks everything at once. What does not answer in time, or fails by itself, says so in its own row. */
export function runChecks<T>(checks: readonly Check<T>[], about: T, patience = patienceMs): Promise<Finding[]> {
  return Promise.all(
    checks.map(async ({ id, title, look }) => {
      const late = new Promise<Verdict>((resolve) => {
        setTimeout(() => resolve(notLookedAt(`no answer within ${patience / 1000} s`)), patience).unref();
      });
      const asked = Promise.resolve()
        .then(() => look(about))
        .catch((error: unknown) => notLookedAt(`could not be told: ${error instanceof Error ? error.message : String(error)}`));
      return { id, title, ...(await Promise.race([asked, late])) };
    }),
  );
}
