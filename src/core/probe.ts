/** How a system says that it can serve. One declaration; every platform translates it (see the readiness table). */
export type Probe = HttpProbe | TcpProbe | ExecProbe;

export interface ProbeTimings {
  /** Seconds between checks. @default 5 */
  readonly intervalSeconds?: number;
  /** Seconds until one check counts as failed. @default 3 */
  readonly timeoutSeconds?: number;
  /** Failed checks in a row until the workload counts as unhealthy. @default 6 @unit checks */
  readonly retries?: number;
  /** Seconds after the start during which failures do not count. @default 30 */
  readonly startSeconds?: number;
}

/** GET on a port of the workload; 200 to 399 is healthy. */
export interface HttpProbe extends ProbeTimings {
  /** Which kind it is; `http()` sets it. */
  readonly kind: "http";
  /** Path with a leading slash, e.g. `/health`. */
  readonly path: string;
  /** Name of the port. @default the first one */
  readonly port?: string;
}

/** A connection to a port of the workload. */
export interface TcpProbe extends ProbeTimings {
  /** Which kind it is; `tcp()` sets it. */
  readonly kind: "tcp";
  /** Name of the port. @default the first one */
  readonly port?: string;
}

/** A command inside the container; exit 0 is healthy. The image must hold the program. */
export interface ExecProbe extends ProbeTimings {
  /** Which kind it is; `exec()` sets it. */
  readonly kind: "exec";
  /** Program and arguments, without a shell. */
  readonly command: readonly string[];
}

/** Healthy when a GET on the path answers 200 to 399. */
export const http = (path: string, timings: ProbeTimings & { port?: string } = {}): HttpProbe => ({ kind: "http", path, ...timings });
/** Healthy when the port accepts a connection. */
export const tcp = (timings: ProbeTimings & { port?: string } = {}): TcpProbe => ({ kind: "tcp", ...timings });
/** Healthy when the command ends with 0 inside the container. */
export const exec = (command: readonly string[], timings: ProbeTimings = {}): ExecProbe => ({ kind: "exec", command, ...timings });

export const probeTimings = (probe: Probe): Required<ProbeTimings> => ({
  intervalSeconds: probe.intervalSeconds ?? 5,
  timeoutSeconds: probe.timeoutSeconds ?? 3,
  retries: probe.retries ?? 6,
  startSeconds: probe.startSeconds ?? 30,
});

/** One line for tables: `http GET /health on http`. */
export function describeProbe(probe: Probe): string {
  switch (probe.kind) {
    case "http":
      return `http GET ${probe.path}${probe.port ? ` on ${probe.port}` : ""}`;
    case "tcp":
      return `tcp connect${probe.port ? ` on ${probe.port}` : ""}`;
    case "exec":
      return `exec ${probe.command.at(0) ?? ""}`;
  }
}
