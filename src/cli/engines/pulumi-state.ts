import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { couldNotRun } from "../exit.ts";
import type { EnvironmentProject } from "../project.ts";
import { readYaml } from "../project.ts";
import { hostedBackend, missingBackend } from "./backend.ts";

/** Lines of a stack file with which the engine opens its secrets. */
const encryption = /^(encryptionsalt|encryptedkey|secretsprovider):/;

const configCopy = (project: EnvironmentProject) => join(project.state, `Pulumi.${project.stack}.yaml`);
const passphraseFile = (project: EnvironmentProject) => join(project.state, "passphrase");

/** Docker is one machine, so its state may be, too: a file backend with a generated passphrase. Other targets outlive a machine. */
const ownState = ({ settings }: EnvironmentProject) => settings.target === "docker";

/**
 * The variables with which the CLI uses this environment's state. The stack file is given as a copy, because the engine
 * writes its encryption salt into it. For docker the state is below `.groundplan`; for other targets it is wherever this
 * shell, or Pulumi.yaml, says.
 */
export function pulumiEnvironment(project: EnvironmentProject): Record<string, string> {
  const { state, root } = project;
  return {
    ...(ownState(project) ? { PULUMI_BACKEND_URL: `file://${join(state, "pulumi")}`, PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile(project) } : {}),
    PULUMI_OPTION_CONFIG_FILE: configCopy(project),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    ...(project.settings.isolation ? { GROUNDPLAN_ISOLATION: project.settings.isolation } : {}),
    PATH: [join(root, "node_modules", ".bin"), process.env.PATH ?? ""].join(delimiter),
  };
}

/** Ends the command when it is not said where the state of this environment lives and what encrypts it. */
export function requireBackend(project: EnvironmentProject): void {
  if (ownState(project)) return;
  const missing = missingBackend(project, process.env);
  if (missing) throw couldNotRun("GP202", missing);
}

/** Makes state and stack when they are not there, and brings the copy of the stack file up to date. */
export async function prepareStack(project: EnvironmentProject): Promise<void> {
  requireBackend(project);
  mkdirSync(project.state, { recursive: true, mode: 0o700 });
  chmodSync(project.state, 0o700);
  if (ownState(project)) {
    mkdirSync(join(project.state, "pulumi"), { recursive: true, mode: 0o700 });
    const file = passphraseFile(project);
    if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString("base64url"), { mode: 0o600 });
  }
  const tracked = readFileSync(join(project.root, `Pulumi.${project.env}.yaml`), "utf8");
  const own = tracked.split("\n").some((line) => encryption.test(line));
  const salt = await stackSalt(project);
  writeFileSync(configCopy(project), `${tracked.trimEnd()}\n${own ? "" : `${salt}\n`}`, { mode: 0o600 });
}

/** The stack is made from a folder of its own: the engine writes the salt beside the Pulumi.yaml that it finds there. */
async function stackSalt(project: EnvironmentProject): Promise<string> {
  const folder = join(project.state, "init");
  const written = join(folder, `Pulumi.${project.stack}.yaml`);
  if (!existsSync(join(folder, "made"))) {
    mkdirSync(folder, { recursive: true });
    const { backend } = ownState(project) ? {} : readYaml(join(project.root, "Pulumi.yaml"));
    writeFileSync(join(folder, "Pulumi.yaml"), stringify({ name: project.project, runtime: "nodejs", ...(backend ? { backend } : {}) }));
    const { PULUMI_OPTION_CONFIG_FILE: _, ...clean } = pulumiEnvironment(project);
    const { secretsprovider } = readYaml(join(project.root, `Pulumi.${project.env}.yaml`));
    const provider = typeof secretsprovider === "string" ? ["--secrets-provider", secretsprovider] : [];
    const { exitCode, stderr } = await execa("pulumi", ["stack", "init", project.stack, "--non-interactive", ...provider], {
      cwd: folder,
      env: clean,
      reject: false,
    });
    // Somebody else made it in the shared backend; then the engine makes a salt for this machine.
    if (exitCode !== 0 && !/already exists/.test(stderr)) throw couldNotRun("GP203", `the state of ${project.stack} could not be made\n  ${stderr}`);
    writeFileSync(join(folder, "made"), "");
  }
  const files = [written, configCopy(project)].filter((file) => existsSync(file));
  const salts = files.map((file) =>
    readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => encryption.test(line))
      .join("\n"),
  );
  return salts.find(Boolean) ?? "";
}

/** Where the state is, for a person. */
export const stateNote = (project: EnvironmentProject): string =>
  ownState(project) ? `.groundplan/${project.stack}` : (process.env.PULUMI_BACKEND_URL ?? hostedBackend(project, process.env) ?? "");
