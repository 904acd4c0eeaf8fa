/** One part of a plan, and what became of it; the same on every target. */
export interface PartStatus {
  readonly component: string;
  readonly part: string;
  /** `server` serves until it is taken down, `job` runs to its end, `volume` holds data, `other` is not in the plan. */
  readonly kind: "server" | "job" | "volume" | "other";
  /** In a few words: `healthy`, `restarting (3 times, last code 1)`, `missing`, `2 of 3 ready`. */
  readonly state: string;
  /** It is as planned. */
  readonly ok: boolean;
  /** Nothing of it is there. */
  readonly missing: boolean;
  /** When it got into this state, ISO 8601. */
  readonly since?: string;
  /** Reference of the image that the plan names. */
  readonly image?: string;
  /** Ports of the machine; empty where nothing is published. */
  readonly ports: readonly string[];
  /** Starts again since it was made. */
  readonly restarts: number;
  /** What differs from the plan. */
  readonly drift: readonly string[];
}

/** Everything that `status` tells of one copy of an environment. */
export interface StackStatus {
  readonly stack: string;
  readonly target: string;
  readonly engine: string;
  /** Anything of it is there. */
  readonly running: boolean;
  readonly asPlanned: boolean;
  /** What of the plan cannot be compared with what runs. */
  readonly notCompared: readonly string[];
  readonly parts: readonly PartStatus[];
}

export function stackStatus(head: Pick<StackStatus, "stack" | "target" | "engine" | "notCompared">, parts: readonly PartStatus[]): StackStatus {
  const running = parts.some(({ kind, missing }) => !missing && kind !== "volume");
  return { ...head, running, asPlanned: running && parts.every(({ ok }) => ok), parts };
}

/** `5 of 6 parts are as planned; not: db (missing), api (drift)`, or that nothing runs and how to start it. */
export function summaryOf({ stack, running, asPlanned, parts }: StackStatus, start: string): string {
  if (!running) return `${stack} is not running; start it: ${start}`;
  if (asPlanned) return `all ${parts.length} parts are as planned`;
  const odd = parts.filter(({ ok }) => !ok);
  const told = odd.map(({ part, state, drift }) => `${part} (${drift.length > 0 ? "not as planned" : state})`);
  return `${parts.length - odd.length} of ${parts.length} parts are as planned; not: ${told.join(", ")}`;
}

/** How long ago, in its largest unit: `40 s`, `12 min`, `3 h`, `9 d`. */
export function ago(since: string, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(since)) / 1000));
  if (seconds < 100) return `${seconds} s`;
  if (seconds < 100 * 60) return `${Math.round(seconds / 60)} min`;
  return seconds < 48 * 3600 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}
