import { existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { unknownSecret } from "../../core/given-secret.ts";
import type { CredentialValues } from "../../preview/fixtures.ts";
import type { Plan } from "../../preview/plan.ts";
import type { EnvironmentProject } from "../project.ts";
import { ownerOf } from "../state.ts";
import { credentialStore } from "./compose.ts";
import { prepareStack, pulumiEnvironment } from "./pulumi-state.ts";

/** Value of each generated credential by its name, as the environment has it. */
export type RealCredentials = Readonly<Record<string, string>>;

/**
 * The credentials of an environment that was brought up, from where its engine keeps them: the file of engine compose, or
 * the outputs of the stack. Undefined when they cannot be read here, because nothing was brought up or the engine is not there.
 */
export async function realCredentials(project: EnvironmentProject): Promise<RealCredentials | undefined> {
  const docker = project.settings.target === "docker";
  const stored = join(project.state, "credentials.json");
  if (docker && ownerOf(project) !== "pulumi" && existsSync(stored)) return credentialStore(project).all();
  if (docker && !existsSync(join(project.state, "pulumi"))) return undefined;
  await prepareStack(project);
  const { exitCode, stdout } = await execa(
    "pulumi",
    ["stack", "output", "credentials", "--show-secrets", "--json", "--stack", project.stack, "--non-interactive"],
    { cwd: project.root, reject: false, stdin: "ignore", env: pulumiEnvironment(project) },
  );
  return exitCode === 0 ? (JSON.parse(String(stdout)) as RealCredentials) : undefined;
}

/**
 * Their values, for whoever only hides them: no stack is made to ask for them, and where they cannot be read there are none.
 */
export async function hiddenCredentials(project: EnvironmentProject): Promise<string[]> {
  const broughtUp = ["credentials.json", join("init", "made")].some((file) => existsSync(join(project.state, file)));
  if (!broughtUp || !["docker", "kubernetes"].includes(project.settings.target)) return [];
  return Object.values((await realCredentials(project).catch(() => undefined)) ?? {});
}

/** For the recorder: a credential that the environment does not have yet is a word that opens nothing. */
export const valuesOf =
  (credentials: RealCredentials): CredentialValues =>
  (name) =>
    credentials[name] ?? notMade(name);

const notMade = (name: string) => `not-made-yet-${name}`;

/** Whether a part of the plan holds the stand-in for a secret that somebody gives, because its value is not at hand here. */
export const holdsUnknown = ({ resources }: Pick<Plan, "resources">): boolean =>
  resources.some(({ inputs }) => JSON.stringify(inputs).includes(unknownSecret));

/** Names of credentials that only the next `up` makes. */
export const notMadeYet = ({ credentials }: Pick<Plan, "credentials">): string[] =>
  credentials.filter(({ name, value }) => value === notMade(name)).map(({ name }) => name);
