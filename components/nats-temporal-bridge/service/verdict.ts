import { codes } from "./temporal.ts";

/**
 * What a failed start means: `duplicate` the workflow is there, `refused` it never can be, `held` nobody's can be for now,
 * `busy` some have to wait, whichever they are, `again` this one failed and others may not.
 */
export type Verdict = "duplicate" | "refused" | "held" | "busy" | "again";

/** CANCELLED, DEADLINE_EXCEEDED, NOT_FOUND (namespace), PERMISSION_DENIED, UNAVAILABLE, UNAUTHENTICATED. */
const outage = [1, 4, 5, 7, 14, 16];

export function verdictOf(error: unknown): Verdict {
  const { code, message = "" } = error as { code?: unknown; message?: string };
  if (code === codes.alreadyExists) return "duplicate";
  if (code === codes.invalidArgument || code === codes.outOfRange) return "refused";
  // What is over the limit of one request is refused with the code of a busy server.
  if (code === codes.resourceExhausted) return /larger than max/.test(message) ? "refused" : "busy";
  return typeof code === "number" && outage.includes(code) ? "held" : "again";
}
