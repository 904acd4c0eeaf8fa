import type Docker from "dockerode";
import { stackContainers } from "./daemon.ts";

/** Why a container is not as it should be: its last health output and its last log lines. */
export interface Diagnosis {
  readonly container: string;
  readonly component: string;
  readonly state: string;
  readonly health: readonly string[];
  readonly log: readonly string[];
}

const jobRoles = ["job", "owner"];

/** Looks at everything that failed: ended with an error, keeps restarting, or never became healthy. */
export async function diagnose(docker: Docker, prefix: string, only?: readonly string[]): Promise<Diagnosis[]> {
  const all = await stackContainers(docker, prefix);
  const containers = all.filter((c) => !only || only.includes(c.name));
  const looked = await Promise.all(
    containers.map(async (container) => {
      const info = await docker.getContainer(container.id).inspect();
      const { State } = info;
      const failedJob = jobRoles.includes(container.role) && State.Status === "exited" && State.ExitCode !== 0;
      const failedServer =
        container.role === "server" && (State.Status !== "running" || State.Health?.Status === "unhealthy" || info.RestartCount > 2);
      const failedStart = State.Status === "created" && container.role === "server" && State.Error !== "";
      // One that ends and is started again is found starting most of the time.
      const again = info.RestartCount > 0 || (State.Health?.FailingStreak ?? 0) > 0;
      const starting = container.role === "server" && State.Health?.Status === "starting" && again;
      const failedProbe = container.role === "prober" && State.Health?.Status === "unhealthy";
      if (!failedJob && !failedStart && !starting && !failedProbe && (!failedServer || State.Status === "created")) return undefined;
      const code = State.Status === "exited" || State.Status === "restarting" ? ` with code ${State.ExitCode}` : "";
      const restarts = info.RestartCount > 0 ? `, restarted ${info.RestartCount} times` : "";
      const error = State.Error ? `: ${State.Error}` : "";
      // A prober has no log; what it asks has one.
      const asked = failedProbe ? all.find(({ name }) => `${name}-prober` === container.name) : undefined;
      return {
        container: container.name,
        component: container.component,
        state: `${State.Health?.Status ?? State.Status}${code}${restarts}${error}`,
        health: lines(State.Health?.Log?.at(-1)?.Output ?? "", 8),
        // The run that has just begun says nothing yet of why the one before it ended.
        log: lines(await tail(docker, asked?.id ?? container.id, starting && info.RestartCount > 0 ? State.FinishedAt : undefined), 15),
      };
    }),
  );
  return looked.filter((d) => d !== undefined);
}

/** The last lines of a log, or of what was in it at a moment. */
async function tail(docker: Docker, id: string, moment?: string): Promise<string> {
  const until = moment === undefined ? {} : { until: (Date.parse(moment) + 1) / 1000 };
  const raw = await docker.getContainer(id).logs({ stdout: true, stderr: true, tail: 15, follow: false, ...until });
  return plainLog(raw as unknown as Buffer);
}

/** Takes off the eight-byte head of each piece of a log without a terminal. */
export function plainLog(raw: Buffer): string {
  let text = "";
  for (let at = 0; at + 8 <= raw.length; ) {
    const length = raw.readUInt32BE(at + 4);
    text += raw.subarray(at + 8, at + 8 + length).toString("utf8");
    at += 8 + length;
  }
  return text;
}

const lines = (text: string, most: number) =>
  text
    .trimEnd()
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-most);
