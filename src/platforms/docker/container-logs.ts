import { createInterface } from "node:readline";
import { PassThrough } from "node:stream";
import type Docker from "dockerode";
import { plainLog } from "./diagnose.ts";

export interface LogWindow {
  /** Moment from which on, ISO 8601 with fractions; undefined from the first line. */
  readonly since: string | undefined;
  /** Lines from the end; undefined for all. */
  readonly tail: number | undefined;
}

/** As the daemon takes it: seconds and nanoseconds, of which a Date would lose the last six digits. */
function unixTime(moment: string): string {
  const [, whole = moment, fraction = ""] = /^(.+?)(?:\.(\d+))?Z$/.exec(moment) ?? [];
  return `${Math.floor(Date.parse(`${whole}Z`) / 1000)}.${fraction.padEnd(9, "0").slice(0, 9)}`;
}

const query = ({ since, tail }: LogWindow) => ({
  stdout: true,
  stderr: true,
  timestamps: true,
  ...(since === undefined ? {} : { since: unixTime(since) }),
  ...(tail === undefined ? {} : { tail }),
});

/** What a container has printed, each line with its time in front; the daemon answers from its cache when logs go elsewhere. */
export async function readLog(docker: Docker, id: string, window: LogWindow): Promise<string[]> {
  const raw = await docker.getContainer(id).logs({ ...query(window), follow: false });
  const text = plainLog(raw as unknown as Buffer);
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

/** Lines as they are printed, until the container ends. */
export async function followLog(docker: Docker, id: string, window: LogWindow, onLine: (line: string) => void): Promise<void> {
  const stream = await docker.getContainer(id).logs({ ...query(window), follow: true });
  const sides = [new PassThrough(), new PassThrough()] as const;
  docker.modem.demuxStream(stream, ...sides);
  stream.on("end", () => {
    for (const side of sides) side.end();
  });
  stream.on("error", () => {
    for (const side of sides) side.end();
  });
  await Promise.all(
    sides.map(async (input) => {
      for await (const line of createInterface({ input })) onLine(line);
    }),
  );
}
