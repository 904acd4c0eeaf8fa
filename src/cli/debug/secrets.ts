import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plan, PlanResource } from "../../preview/plan.ts";
import { hiddenCredentials } from "../engines/real-credentials.ts";
import type { EnvironmentProject } from "../project.ts";
import { secretValues } from "../secret-values.ts";

/**
 * Every value that this machine knows to be secret: of the plan, of what is kept below .groundplan, of the environment, and the
 * credentials that the engine keeps.
 */
export async function knownSecrets(
  project: EnvironmentProject | undefined,
  plan: Plan | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<string[]> {
  return [
    ...secretValues(environment),
    ...(plan ? [...plan.credentials.map(({ value }) => value), ...plan.resources.flatMap(markedValues)] : []),
    ...(project ? [...keptSecrets(project.state), ...configSecrets(project.config), ...(await hiddenCredentials(project))] : []),
  ];
}

/** What a resource marks as secret; of a variable its value. */
function markedValues({ inputs, outputs, secretInputs, secretOutputs }: PlanResource): string[] {
  const marked = [...secretInputs.map((path) => at(inputs, path)), ...secretOutputs.map((path) => at(outputs, path))];
  return marked.flatMap((value) => (typeof value === "string" ? [value, ...(/^\w+=/.test(value) ? [value.slice(value.indexOf("=") + 1)] : [])] : []));
}

const at = (value: unknown, path: string): unknown =>
  path
    .split(/[.[\]]+/)
    .filter(Boolean)
    .reduce<unknown>((inner, key) => (typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>)[key] : undefined), value);

/** The files in which credentials and keys of an environment are kept. */
function keptSecrets(state: string): string[] {
  const read = (name: string) => (existsSync(join(state, name)) ? readFileSync(join(state, name), "utf8").trim() : "");
  const credentials = read("credentials.json");
  const dotenv = read("compose/.env").split("\n");
  return [
    read("passphrase"),
    ...(credentials ? Object.values(JSON.parse(credentials) as Record<string, string>) : []),
    ...dotenv.flatMap((line) => (/^\w+=/.test(line) ? [line.slice(line.indexOf("=") + 1).replace(/^(['"])(.*)\1$/, "$2")] : [])),
  ];
}

/** Encrypted values of the stack file are no secret to a reader, and nothing that one needs. */
const configSecrets = (config: EnvironmentProject["config"]): string[] =>
  Object.values(config).flatMap((value) => /^\{"secure":"(.+)"\}$/.exec(value)?.[1] ?? []);

/** Names of what is kept below .groundplan, with sizes: what is in it stays there. */
export function keptFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted();
}
