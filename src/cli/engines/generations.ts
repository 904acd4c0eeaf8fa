import type { PlanCredential } from "../../preview/plan.ts";
import type { EnvironmentProject } from "../project.ts";
import type { Engine } from "../state.ts";
import { credentialStore } from "./compose.ts";
import type { EngineState } from "./kept-data.ts";
import { exportState } from "./pulumi.ts";
import { prepareStack } from "./pulumi-state.ts";

/** What tells one value of a credential from the next, by its name; undefined where it was never made. */
export type Generations = Readonly<Record<string, string | undefined>>;

/** Of each credential, as its engine has noted it; undefined when that cannot be read. */
export async function generationsOf(
  project: EnvironmentProject,
  engine: Engine,
  credentials: readonly PlanCredential[],
): Promise<Generations | undefined> {
  if (engine === "compose") {
    const all = credentialStore(project).all();
    return Object.fromEntries(credentials.map(({ name }) => [name, all[name]]));
  }
  await prepareStack(project);
  const state = await exportState(project);
  return state && generationsIn(state, credentials);
}

/** In a state values are encrypted, but a replaced one is made at another time. One that is to be deleted is not the one that counts. */
export function generationsIn({ deployment }: EngineState, credentials: readonly PlanCredential[]): Generations {
  const live = (deployment?.resources ?? []).filter((resource) => resource.delete !== true);
  return Object.fromEntries(credentials.map(({ name, urn }) => [name, live.find((resource) => resource.urn === urn)?.created]));
}

/** Names of the credentials of which another value is noted than before; undefined when it is not known. */
export function renewedSince(before: Generations | undefined, after: Generations | undefined): string[] | undefined {
  if (!before || !after) return undefined;
  return Object.keys(before).filter((name) => after[name] !== undefined && after[name] !== before[name]);
}
