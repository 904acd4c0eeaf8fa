import pc from "picocolors";
import { shownLog } from "../core/problems.ts";
import type { ComponentCredentials, RotationEffect } from "../preview/rotation.ts";
import type { EnvironmentProject } from "./project.ts";
import type { Engine } from "./state.ts";
import { table } from "./table.ts";
import type { CheckRow } from "./verify/checks.ts";

export interface RotationTold {
  readonly chosen: ComponentCredentials;
  readonly engine: Engine;
  readonly effects: readonly RotationEffect[];
}

type Project = Pick<EnvironmentProject, "prefix" | "settings">;

/** What a rotation will do: which credentials, who is made anew or restarted, and how long each is away. */
export function rotationText({ prefix, settings }: Project, { chosen, engine, effects }: RotationTold): string {
  const { component, kind, rotated, lasting } = chosen;
  const mine = effects.filter((effect) => effect.component === component);
  const others = effects.filter((effect) => effect.component !== component);
  const row = ({ component: owner, part, what, awaySeconds }: RotationEffect) => [owner, part, what, estimate(awaySeconds)];
  return [
    `${pc.bold(component)} (${kind}) of ${prefix} on ${settings.target}, engine ${engine}`,
    "",
    `  New values: ${rotated.map(({ name }) => name).join(", ")}`,
    ...Object.entries(lasting).map(([name, reason]) => `  Stays:      ${name} (${reason})`),
    "",
    table(["component", "part", "what happens", "away, estimated"], [...mine, ...others].map(row)),
    "",
    `  ${inPlace(kind, mine)}`,
    "  A client has the old value until it is replaced; from the moment the server has the new one, that client opens no new connection.",
    "  It is carried out by an up: whatever else has changed since the last one goes with it.",
  ].join("\n");
}

const estimate = (seconds: number | undefined) => (seconds === undefined ? "-" : seconds === 0 ? "nothing" : `about ${seconds} s`);

/** What becomes of the system itself. */
function inPlace(kind: string, mine: readonly RotationEffect[]): string {
  const restarts = mine.some(({ what }) => /restart|replaced/.test(what));
  if (!restarts) return `${kind} takes the new values in place: it does not restart, and connections that are open go on.`;
  return `${kind} restarts with the new values and keeps its data; clients lose their connections, and come back with the new values.`;
}

/** What a rotation has done. That the old values are dead is said only where all checks logged in with the new ones. */
export function rotatedText({ prefix }: Project, { component, rotated }: ComponentCredentials, rows: readonly CheckRow[]): string {
  const failed = rows.filter(({ ok }) => !ok).length;
  const outcome =
    failed > 0
      ? `${component} has new credentials, and ${failed} of ${rows.length} checks failed: not everything has them yet`
      : `${component} has new credentials, and the old ones open nothing any more`;
  const mark = (ok: boolean) => (ok ? pc.green("ok") : pc.red("FAILED"));
  const names = rotated.map(({ name }) => name).join(", ");
  return [
    pc.bold(`${prefix}: ${outcome}`),
    `  ${names}`,
    ...(rows.length > 0
      ? [
          "",
          table(
            ["", "what", "result"],
            rows.map(({ name, ok, said }) => [mark(ok), name, shownLog(said)]),
          ),
        ]
      : []),
  ].join("\n");
}

/** A rotation that ended with an error: what is asked again. */
export interface RotationAgain {
  readonly component: string;
  /** Environment and copy, as arguments of the command. */
  readonly copy: string;
  /** Names of all credentials that were to change. */
  readonly names: readonly string[];
  /** Those of which a new value is noted; undefined when that could not be read. */
  readonly noted: readonly string[] | undefined;
}

/** How it goes on after an error: what is noted the next `up` completes, all else has its old value. */
export function unfinishedText({ component, copy, names, noted }: RotationAgain): string {
  const up = `groundplan up ${copy}`;
  const again = (only: readonly string[]) =>
    only.length === names.length
      ? [`groundplan rotate ${component} --env ${copy}`]
      : only.map((name) => `groundplan rotate ${component} --env ${copy} --only ${name}`);
  if (!noted) return `  Whether new values are noted could not be read. What is noted, old or new, holds after ${up}; to be sure, rotate again.`;
  const rest = names.filter((name) => !noted.includes(name));
  if (noted.length === 0)
    return ["  No new value is noted: the old ones are valid. Run it again:", ...again(names).map((line) => `    ${line}`)].join("\n");
  const completes = `  New values are noted for ${noted.join(", ")}, and may not be everywhere yet. ${up} completes that.`;
  return rest.length === 0
    ? completes
    : [completes, `  The old value of ${rest.join(", ")} is valid. After that:`, ...again(rest).map((line) => `    ${line}`)].join("\n");
}

/** The same for programs; `checks` only after it was done. */
export const rotationJson = ({ prefix, settings }: Project, { chosen, engine, effects }: RotationTold, rows?: readonly CheckRow[]) => ({
  stack: prefix,
  target: settings.target,
  engine,
  component: chosen.component,
  credentials: chosen.rotated.map(({ name }) => name),
  stays: chosen.lasting,
  effects,
  done: rows !== undefined,
  ...(rows ? { findings: rows.filter(({ ok }) => !ok).length, checks: rows.map((row) => ({ ...row, said: shownLog(row.said) })) } : {}),
});
