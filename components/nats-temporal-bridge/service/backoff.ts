const firstMs = 500;
const longestMs = 30_000;

/** Milliseconds before the next try: doubled each time, up to half a minute; up to a quarter less, so that replicas spread. */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const full = Math.min(longestMs, firstMs * 2 ** Math.max(0, Math.min(attempt - 1, 20)));
  return Math.round(full * (1 - random() / 4));
}

/**
 * The delivery after which the bridge gives a message up: at least one before the server would, so that one is left for
 * a bridge that ends while it decides.
 */
export function lastDelivery(wanted: number, ofConsumer: number | undefined): number {
  if (ofConsumer === undefined || ofConsumer < 1) return wanted;
  return Math.max(1, Math.min(wanted, ofConsumer - 1));
}

/** Waits, or less when the signal comes. */
export const pause = (ms: number, until?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      until?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, until?.aborted ? 0 : ms);
    until?.addEventListener("abort", done);
  });
