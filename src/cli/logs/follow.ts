import { setTimeout as sleep } from "node:timers/promises";
import { inOrder, type LogLine, lineOf } from "./lines.ts";

/** One container that prints: the same on Docker and in a cluster. */
export interface LogSource {
  /** One life of it; a container that was made anew has another. */
  readonly id: string;
  readonly part: string;
  /** It runs, or is about to. */
  readonly live: boolean;
  read(window: LogWindow): Promise<readonly string[]>;
  /** Ends when the container does. */
  follow(window: LogWindow, onLine: (line: string) => void): Promise<void>;
}

export interface LogWindow {
  readonly since: string | undefined;
  readonly tail: number | undefined;
}

type Show = (line: LogLine) => void;

/** How often it is looked for containers that are new or started again. */
const everyMs = 1000;

/** What all have printed so far, in the order of time. */
export async function showLogs(sources: readonly LogSource[], window: LogWindow, show: Show): Promise<void> {
  for (const line of await printed(sources, window)) show(line);
}

/** What they have printed, and what they print from then on: across restarts, and with replicas that come later. Never ends by itself. */
export async function followLogs(list: () => Promise<readonly LogSource[]>, window: LogWindow, show: Show, stopped = () => false): Promise<void> {
  const last = new Map<string, string>();
  const attached = new Set<string>();
  const first = await list();
  const known = new Set(first.map(({ id }) => id));
  const told = (line: LogLine, id: string) => {
    if (line.at <= (last.get(id) ?? "")) return;
    last.set(id, line.at);
    show(line);
  };
  for (const { id, line } of await readAll(first, window)) told(line, id);
  for (let sources = first; !stopped(); sources = await list().catch(() => sources)) {
    for (const source of sources) {
      const { id, part } = source;
      if (attached.has(id) || !(source.live || !known.has(id))) continue;
      // What came later is told from its first line on.
      const from = last.get(id);
      const rest = from === undefined ? (known.has(id) ? window : { since: undefined, tail: undefined }) : { since: from, tail: undefined };
      known.add(id);
      attached.add(id);
      const onLine = (raw: string) => {
        const line = lineOf(part, raw);
        if (line) told(line, id);
      };
      void source
        .follow(rest, onLine)
        .catch(() => {})
        .finally(() => attached.delete(id));
    }
    await sleep(everyMs);
  }
}

const printed = async (sources: readonly LogSource[], window: LogWindow): Promise<LogLine[]> =>
  (await readAll(sources, window)).map(({ line }) => line);

async function readAll(sources: readonly LogSource[], window: LogWindow): Promise<{ id: string; line: LogLine }[]> {
  const all = await Promise.all(
    sources.map(async (source) =>
      (await source.read(window)).flatMap((raw) => {
        const line = lineOf(source.part, raw);
        return line ? [{ id: source.id, line }] : [];
      }),
    ),
  );
  const ids = new Map(all.flat().map(({ id, line }) => [line, id]));
  return inOrder([...ids.keys()]).map((line) => ({ line, id: ids.get(line) ?? "" }));
}
