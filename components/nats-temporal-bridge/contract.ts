/** What the component writes for its program, and the rules on subjects that both of them follow. */
export interface BridgeConfig {
  readonly stream: string;
  readonly consumer: string;
  /** The first one whose subject matches has the message. */
  readonly routes: readonly Route[];
  /** Deliveries of a message after which it is a dead letter. */
  readonly maxDeliver: number;
  /** Messages that one replica works on at a time. */
  readonly maxInFlight: number;
  /** Seconds from the stop signal until the process must be gone. */
  readonly stopSeconds: number;
  /** Port of health and metrics. */
  readonly port: number;
  /** Subject of the message that a check sends through. */
  readonly verifySubject: string;
}

export interface Route {
  readonly subject: string;
  readonly workflow: string;
  readonly taskQueue: string;
  /** Workflow id, from `{id}`, `{subject}` and `{sequence}`. */
  readonly id: string;
  readonly executionTimeoutSeconds?: number;
  /** Whether what is no JSON is a dead letter at once. */
  readonly json: boolean;
}

const verifyWord = "groundplan-verify";

/** The workflow that a check starts and completes by itself, away from everybody's workers. */
export const verifyRoute = (subject: string): Route => ({
  subject,
  workflow: "GroundplanVerify",
  taskQueue: verifyWord,
  id: "{id}",
  executionTimeoutSeconds: 120,
  json: true,
});

/** A subject beside, or within, that of a route: `gh.>` and `gh.push` give `gh.groundplan-verify`. */
export function verifySubjectOf(route: string): string {
  const words = route.split(".");
  if (!words.includes("*") && !words.includes(">")) return [...words.slice(0, -1), verifyWord].join(".");
  return words.map((word) => (word === "*" || word === ">" ? verifyWord : word)).join(".");
}

/** Whether everything that `narrow` matches is matched by `wide`, too; a plain subject matches itself. */
export function covers(wide: string, narrow: string): boolean {
  const outer = wide.split(".");
  const inner = narrow.split(".");
  for (const [index, word] of outer.entries()) {
    const other = inner[index];
    if (other === undefined) return false;
    if (word === ">") return true;
    if (other === ">" || (word !== "*" && word !== other)) return false;
  }
  return outer.length === inner.length;
}

/** `{id}` and the like in the workflow id of a route. */
export const placeholders = ["id", "subject", "sequence"] as const;
