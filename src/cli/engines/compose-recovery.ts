/** What an attempt of Compose came to. */
export interface Attempt {
  readonly failed: boolean;
  readonly output: string;
}

export interface Recovery {
  /** Starts these containers and all that they wait for; everything when none is named. */
  start(containers: readonly string[]): Promise<Attempt>;
  /** What a container waits for. */
  waitsFor(container: string): readonly string[];
  /** Whether a container that ran before and was left as it is becomes healthy by itself; false for any other container. */
  recovers(container: string): Promise<boolean>;
}

/**
 * Compose gives up as soon as anybody waits for a container that is unhealthy, also when it ran before and is so only
 * because what it needs was away or is being made anew. That gets what it needs first, and the time to find it; then
 * Compose is asked again. Each container is given this once. Answers what Compose said when it failed for good.
 */
export async function startWithRecovery(
  recovery: Recovery,
  containers: readonly string[] = [],
  given = new Set<string>(),
): Promise<string | undefined> {
  for (;;) {
    const { failed, output } = await recovery.start(containers);
    if (!failed) return undefined;
    const unhealthy = unhealthyIn(output);
    if (unhealthy === undefined || given.has(unhealthy)) return output;
    given.add(unhealthy);
    const needs = recovery.waitsFor(unhealthy);
    const failure = needs.length > 0 ? await startWithRecovery(recovery, needs, given) : undefined;
    if (failure !== undefined) return failure;
    if (!(await recovery.recovers(unhealthy))) return output;
  }
}

/** The container that Compose did not want to wait for. */
export const unhealthyIn = (output: string): string | undefined => /\bcontainer (\S+) is unhealthy/.exec(output)?.[1];
