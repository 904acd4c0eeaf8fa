import { codes } from "./temporal.ts";

/**
 * What a failed start means: `duplicate` the workflow is there, `refused` it never can be, `held` nobody's can be for now,
 * `again` this one failed and others may not.
 */
export type Verdict = "duplicate" | "refused" | "held" | "again";

/** CANCELLED, DEADLINE_EXCEEDED, NOT_FOUND (namespace), PERMISSION_DENIED, RESOURCE_EXHAUSTED, UNAVAILABLE, UNAUTHENTICATED. */
const outage = [1, 4, 5, 7, 8, 14, 16];

export function verdictOf(error: unknown): Verdict {
  const { code, message = "" } = error as { code?: unknown; message?: string };
  if (code === codes.alreadyExists) return "duplicate";
  if (code === codes.invalidArgument || code === codes.outOfRange) return "refused";
  // What is over the limit of one request is refused with the code of a busy server.
  if (code === codes.resourceExhausted && /larger than max/.test(message)) return "refused";
  return typeof code === "number" && outage.includes(code) ? "held" : "again";
}
