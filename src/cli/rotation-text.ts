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

/** What a rotation has done. */
export function rotatedText({ prefix }: Project, { component, rotated }: ComponentCredentials, rows: readonly CheckRow[]): string {
  const mark = (ok: boolean) => (ok ? pc.green("ok") : pc.red("FAILED"));
  const names = rotated.map(({ name }) => name).join(", ");
  return [
    pc.bold(`${prefix}: ${component} has new credentials, and the old ones open nothing any more`),
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
