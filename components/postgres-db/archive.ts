import type { Input } from "@pulumi/pulumi";
import { type Check, type Finding, inputOf, integer, mapOf, matching, type Rules, shape } from "../../src/core/checks.ts";
import { egressCheck } from "../../src/core/egress.ts";
import type { EgressRule } from "../../src/core/workload.ts";

/** Where the write-ahead log goes. With a base backup beside it, the server can be brought back to any moment since. */
export interface Archive {
  /**
   * Shell command that the server runs for each finished segment of its log: `%p` is the file, `%f` its name alone. It must end
   * with 0 only when the segment is safely kept elsewhere, and must never overwrite one that is. The program must be in the
   * image (`images` of the stack names one of your own).
   * @change restart
   */
  readonly command: string;
  /**
   * A segment is finished after this many seconds at the latest: what a lost disk costs.
   * @change restart
   * @default 60
   */
  readonly timeoutSeconds?: number;
  /**
   * Environment variables of the command; what is not plain text is kept as a secret where the target has a store for it.
   * @default none
   * @change restart
   */
  readonly env?: Readonly<Record<string, Input<string>>>;
  /** Hosts that the command sends segments to. @default none @change safe */
  readonly egress?: readonly EgressRule[];
}

const rules: Rules<Archive> = {
  command: matching(
    // Tools that archive take the file alone, and its name from that.
    /^(?=.*%p)[^\n\r]+$/,
    "a command in one line with %p, the file",
    "e.g. test ! -f /archive/%f && cp %p /archive/%f",
  ),
  timeoutSeconds: integer(1, 86_400, "seconds"),
  env: mapOf(
    (value, at) =>
      /^(PG|POSTGRES_)/.test(String(value))
        ? [{ path: at, value, rule: "a variable that the server does not read itself", fix: "rename it in the command" }]
        : matching(/^[A-Za-z_][A-Za-z0-9_]*$/, "the name of a variable", "use letters, digits and _")(value, at),
    inputOf(matching(/^/, "text", "quote it")),
  ),
  egress: egressCheck,
};

export const archiveCheck: Check = shape(rules, ["command"]);

/** A log that is enough to restart the server is not enough to restore it. */
export const archiveFindings = (archive: Archive | undefined, settings: Readonly<Record<string, unknown>> = {}): Finding[] =>
  archive && settings.wal_level === "minimal"
    ? [{ path: "settings.wal_level", value: "minimal", rule: "replica or logical where the log is archived", fix: "remove it" }]
    : [];

/** Settings of the server; without an archive it keeps no more of its log than it needs itself. */
export const archiveSettings = (archive: Archive | undefined): Readonly<Record<string, string | number>> =>
  archive ? { archive_mode: "on", archive_command: archive.command, archive_timeout: archive.timeoutSeconds ?? 60 } : {};
