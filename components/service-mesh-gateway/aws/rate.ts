import type { Route } from "../model.ts";

/** Windows in seconds over which WAF counts, and its least limit, November 2026. */
const windows = [60, 120, 300, 600] as const;
const leastLimit = 10;

export interface RateWindow {
  readonly evaluationWindowSec: (typeof windows)[number];
  readonly limit: number;
}

/** As many requests as the rate and the burst let through in the shortest window that WAF takes for them. */
export function rateWindow({ requestsPerSecond, burst }: NonNullable<Route["rateLimit"]>): RateWindow {
  const limitIn = (seconds: number) => Math.ceil(requestsPerSecond * seconds + burst);
  const evaluationWindowSec = windows.find((seconds) => limitIn(seconds) >= leastLimit) ?? 600;
  return { evaluationWindowSec, limit: Math.max(leastLimit, limitIn(evaluationWindowSec)) };
}
