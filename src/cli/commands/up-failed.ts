import { copyArguments } from "../../core/naming.ts";
import { shownLog } from "../../core/problems.ts";
import { pingDaemon } from "../../platforms/docker/daemon.ts";
import { diagnose } from "../../platforms/docker/diagnose.ts";
import { masker, type Plan } from "../../preview/plan.ts";
import type { Daemon } from "../daemon.ts";
import { beforeAnything, causeLines, causeOf } from "../engines/causes.ts";
import { CommandError, couldNotRun } from "../exit.ts";
import type { Followed } from "../progress.ts";
import type { EnvironmentProject } from "../project.ts";
import { diagnosisText } from "../text.ts";

/** What did not come up, with its last health output and log lines: neither engine tells by itself. */
export async function failedUp(project: EnvironmentProject, plan: Plan, daemon: Daemon, said: string): Promise<CommandError> {
  const silence = () => pingDaemon(daemon.docker, daemon.endpoint);
  const silent = await silence();
  if (silent) return wentAway(project, "up", silent.message);
  const diagnoses = await diagnose(daemon.docker, project.prefix).catch(async (error: unknown) => {
    if (!isDaemonGone(error)) throw error;
    // One that is being stopped gives a last sign of life.
    return (await silence()) ?? [];
  });
  if ("message" in diagnoses) return wentAway(project, "up", diagnoses.message);
  return didNotComeUp(project, plan, diagnoses.map(diagnosisText), said, diagnoses.flatMap(({ log, health }) => [...log, ...health]).join("\n"));
}

/** The same for every target: the cause first when it is known, then what the target and the engine tell. */
export function didNotComeUp({ prefix }: EnvironmentProject, plan: Plan, diagnoses: readonly string[], said: string, logs = ""): CommandError {
  // A service may write anything into its log; that its disk is full is believed.
  const cause = causeOf(said) ?? [causeOf(logs)].find((told) => told?.code === "GP405");
  if (cause && beforeAnything.includes(cause.code))
    return couldNotRun(cause.code, [`the state of ${prefix} was not touched`, ...causeLines(cause)].join("\n"));
  const mask = masker(plan.credentials);
  const text = [
    `${prefix} did not come up`,
    ...(cause ? causeLines(cause) : []),
    ...diagnoses,
    ...(said ? ["  the engine said", ...complaintsIn(said).map((line) => `    ${line}`)] : []),
  ].join("\n");
  return couldNotRun(cause?.code ?? "GP401", shownLog(mask(text)));
}

/** A warning of the engine helps where it says nothing else; beside an error it hides that. */
export function complaintsIn(said: string): string[] {
  const lines = said.split("\n");
  if (!lines.some((line) => /\berror\b/i.test(line))) return lines;
  return lines.filter((line) => !/^\s*(?:time="[^"]*" level=warning|warning:|WARN(?:ING)?\b|(?:\S+\s+){0,3}Warning\b)/.test(line));
}

/** The daemon answered when the command began, and does not any more. */
export const wentAway = ({ prefix, env, settings }: EnvironmentProject, verb: "up" | "down", silence: string) =>
  couldNotRun(
    "GP407",
    `${prefix} did not ${verb === "up" ? "come up" : "come down"}: the Docker daemon went away on the way\n  ${silence}\n  Data is kept. When it answers again, go on: groundplan ${verb} ${copyArguments(env, settings.isolation)}`,
  );

/**
 * Whether an error may come from the daemon: its socket is closed, or was while it was asked. Others have such codes, too: a
 * missing file is no missing socket, and who reads the output may be gone. So whoever sees one asks the daemon before saying so.
 */
export function isDaemonGone(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const { code = "", syscall = "" } = error as NodeJS.ErrnoException;
  if (["ENOENT", "EACCES"].includes(code)) return syscall === "connect";
  return ["ECONNREFUSED", "ECONNRESET", "EPIPE"].includes(code) || /socket hang up/.test(error.message);
}

/** Ctrl-C: what is there by now, and the two ways on. */
export function interrupted({ prefix, env, settings }: EnvironmentProject, parts?: Pick<Followed, "ready" | "behind">): CommandError {
  const copy = copyArguments(env, settings.isolation);
  return new CommandError(
    "GP406",
    [
      `${prefix} was interrupted; data, and what opens it, is kept`,
      ...(parts ? [`  ready      ${parts.ready.join(", ") || "nothing"}`] : []),
      ...(parts && parts.behind.length > 0 ? [`  not ready  ${parts.behind.join(", ")}`] : []),
      `  go on      groundplan up ${copy}`,
      `  take down  groundplan down ${copy}`,
    ].join("\n"),
  );
}
