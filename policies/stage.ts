import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Stage, stages } from "./model.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The stage that a pack starts with: the profile that the environment of the process names, else that of the stack's
 * configuration; else prod, which asks for most. A stack whose configuration says prod stays there, as the library takes
 * no other profile from the environment for it. A policy that is given a stage in `--policy-pack-config` has that one.
 */
export function stageOf({ GROUNDPLAN_PROFILE, PULUMI_CONFIG }: Environment): Stage {
  const written = profileIn(PULUMI_CONFIG);
  return written === "prod" ? written : ([GROUNDPLAN_PROFILE, written].find(isStage) ?? "prod");
}

export const isStage = (value: unknown): value is Stage => stages.some((stage) => stage === value);

/** The engine hands the configuration of the stack to a pack: full keys, with values as JSON text. */
function profileIn(config: string | undefined): unknown {
  try {
    const values = JSON.parse(config ?? "{}") as Record<string, string>;
    return (JSON.parse(values["groundplan:stack"] ?? "{}") as { profile?: unknown }).profile;
  } catch {
    return undefined;
  }
}

/**
 * The project whose waivers and overrides hold: that of the folder in which the engine was called. A pack runs in its
 * own folder, and is told the other by nothing but the shell; without a project nothing is waived.
 */
export function projectOf({ PWD = "" }: Environment): string | undefined {
  if (PWD === "" || existsSync(join(PWD, "Pulumi.yaml"))) return PWD || undefined;
  const parent = dirname(PWD);
  return parent === PWD ? undefined : projectOf({ PWD: parent });
}
