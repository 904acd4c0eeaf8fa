import { stripVTControlCharacters } from "node:util";
import { shownLog } from "../../core/problems.ts";

export interface LogLine {
  /** RFC 3339 with nine digits after the point, so that the order of the text is the order in time. */
  readonly at: string;
  readonly part: string;
  readonly text: string;
}

/** `2026-01-01T00:00:00.5Z text`, as Docker and Kubernetes print it. Undefined for what has no time, e.g. a word of the daemon about the log itself. */
export function lineOf(part: string, raw: string): LogLine | undefined {
  const [, seconds, fraction = "", text = ""] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?Z ?(.*)$/s.exec(raw) ?? [];
  return seconds === undefined ? undefined : { at: `${seconds}.${fraction.padEnd(9, "0")}Z`, part, text: text.replace(/\r$/, "") };
}

/** Lines of several parts in the order of time; lines of one moment stay as they were. */
export const inOrder = (lines: readonly LogLine[]): LogLine[] => lines.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));

/**
 * `10m`, `1h30m`, `45s`, `2d`, or a moment in ISO 8601, as a moment. Undefined when it is neither.
 */
export function sinceOf(text: string, now: number): string | undefined {
  const seconds = { d: 86_400, h: 3600, m: 60, s: 1 } as const;
  if (/^(\d+[dhms])+$/.test(text)) {
    const back = [...text.matchAll(/(\d+)([dhms])/g)].reduce(
      (sum, [, count, unit]) => sum + Number(count) * seconds[unit as keyof typeof seconds],
      0,
    );
    return new Date(now - back * 1000).toISOString();
  }
  const moment = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(moment) ? undefined : new Date(moment).toISOString();
}

/** A line as it may be shown: without secrets, and without the control characters of its program, which could be taken for those of this one. */
export function shownText(text: string, secrets: readonly string[]): string {
  const masked = secrets.reduce((shown, secret) => shown.replaceAll(secret, "[hidden]"), stripVTControlCharacters(text));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken away
  return shownLog(masked).replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "");
}
