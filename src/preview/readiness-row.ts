/** How one declared probe was translated, and what starts only after it. */
export interface ReadinessRow {
  readonly workload: string;
  readonly declared: string;
  /** What the target got. */
  readonly translated: string;
  /** What must be so before it starts. */
  readonly waitsFor: readonly string[];
}

/** What a step says in place of a probe, on every target. */
export const stepDeclared = "runs to its end";
export const stepTranslated = "exit code 0, or all behind it stops";
