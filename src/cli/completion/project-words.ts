import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { errors } from "../../core/errors.ts";
import { stackName, stateFolder } from "../../core/naming.ts";
import { containersOf } from "../../preview/containers.ts";
import { jobsOf, serversOf } from "../../preview/kubernetes.ts";
import { componentsOf, type Plan } from "../../preview/plan.ts";
import type { KnownWords, Typed } from "./candidates.ts";

/** What a shell is offered of a plan: its components, by name. */
type PlanWords = Readonly<Record<string, { readonly kind: string; readonly parts: readonly string[] }>>;

const fileName = "words.json";

const wordsFile = (root: string, stack: string) => join(root, stateFolder, stack, fileName);

/** Folders of copies that hold more than such words: a copy that was only previewed has nothing else. */
export function foldersWithState(root: string): string[] {
  const all = (read(() => readdirSync(join(root, stateFolder), { withFileTypes: true })) ?? []).filter((entry) => entry.isDirectory());
  return (
    all
      // One that cannot be read may hold anything.
      .filter(({ name }) => (read(() => readdirSync(join(root, stateFolder, name))) ?? ["state"]).some((file) => file !== fileName))
      .map(({ name }) => name)
  );
}

/**
 * Keeps the names of a plan for completion: running the program takes too long at a keystroke. They are a convenience, so a
 * folder that cannot be written is left as it is.
 */
export function rememberWords(root: string, stack: string, plan: Plan): void {
  const words: PlanWords = Object.fromEntries(
    componentsOf(plan).map(({ name, outputs }) => [name, { kind: String(outputs.kind), parts: partsOf(plan, name) }]),
  );
  const file = wordsFile(root, stack);
  const text = `${JSON.stringify(words, null, 2)}\n`;
  try {
    if (existsSync(file) && readFileSync(file, "utf8") === text) return;
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, text, { mode: 0o600 });
  } catch {
    // A folder of somebody else, or one that is read-only.
  }
}

/** As `--part` takes them: workloads, and the jobs of `up`. */
function partsOf(plan: Plan, component: string): string[] {
  const containers = containersOf(plan).filter(({ role }) => role === "server" || role === "job");
  const parts = [...containers.map((part) => ({ component: part.component, name: part.resource.name })), ...serversOf(plan), ...jobsOf(plan)];
  return parts.filter((part) => part.component === component).map(({ name }) => name);
}

/**
 * Words of the project above a folder. Environments by their files; components by the plan that `preview` or `up` recorded
 * last, and before the first of them by the stack file and the ports that are remembered.
 */
export function projectWords(from: string, environment: NodeJS.ProcessEnv): KnownWords {
  const root = rootAbove(from);
  return (name, typed) => {
    if (name === "code") return Object.keys(errors);
    return root === undefined ? [] : (words[name]?.(root, typed, environment) ?? []);
  };
}

const words: Readonly<Record<string, (root: string, typed: Typed, environment: NodeJS.ProcessEnv) => readonly string[]>> = {
  environment: (root) => environmentsOf(root),
  component: (root, typed, environment) => Object.keys(componentsIn(root, typed, environment)),
  service: (root, typed, environment) =>
    Object.entries(componentsIn(root, typed, environment)).flatMap(([name, { kind }]) => (kind === "" || kind === "AppService" ? [name] : [])),
  part: (root, typed, environment) =>
    Object.entries(componentsIn(root, typed, environment)).flatMap(([name, { parts }]) => (name === (typed.component ?? name) ? parts : [])),
  key: (root, { environment: env = "dev" }) => copiesOf(root, env),
};

const environmentsOf = (root: string): string[] =>
  readdirSync(root)
    .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [])
    .toSorted();

/** Isolated copies of an environment that have a folder here. */
function copiesOf(root: string, env: string): string[] {
  const folders = read(() => readdirSync(join(root, stateFolder))) ?? [];
  const others = environmentsOf(root);
  return folders.filter((folder) => folder.startsWith(`${env}-`) && !others.includes(folder)).map((folder) => folder.slice(env.length + 1));
}

/** Components of the environment that is typed; of all where none is, and the verb has no default. */
function componentsIn(root: string, typed: Typed, environment: NodeJS.ProcessEnv): PlanWords {
  const envs = typed.environment === undefined ? environmentsOf(root) : [typed.environment];
  const found = envs.flatMap((env) => Object.entries(componentsOfOne(root, env, typed.key ?? environment.GROUNDPLAN_ISOLATION)));
  return Object.fromEntries(found.toSorted(([a], [b]) => a.localeCompare(b)));
}

function componentsOfOne(root: string, env: string, isolation: string | undefined): PlanWords {
  const document = read(() => (parse(readFileSync(join(root, `Pulumi.${env}.yaml`), "utf8")) as StackFile).config["groundplan:stack"]);
  const stack = stackName(env, isolation ?? document?.isolation ?? "");
  const keptOf = (name: string) => read(() => JSON.parse(readFileSync(wordsFile(root, name), "utf8")) as PlanWords);
  const kept = keptOf(stack) ?? keptOf(env);
  if (kept) return kept;
  const ports = read(() => (JSON.parse(readFileSync(join(root, stateFolder, stack, "allocations.json"), "utf8")) as Remembered).ports);
  const names = [...Object.keys(document?.components ?? {}), ...Object.keys(ports ?? {}).map((port) => port.split(".")[0] ?? "")];
  return Object.fromEntries(names.map((name) => [name, { kind: "", parts: [] }]));
}

interface StackFile {
  readonly config: Readonly<Record<string, { readonly components?: object; readonly isolation?: string } | undefined>>;
}

interface Remembered {
  readonly ports: object;
}

/** What cannot be read has nothing to offer: the verb itself says what is wrong with it. */
function read<T>(from: () => T): T | undefined {
  try {
    return from();
  } catch {
    return undefined;
  }
}

function rootAbove(folder: string): string | undefined {
  if (existsSync(join(folder, "Pulumi.yaml"))) return folder;
  return dirname(folder) === folder ? undefined : rootAbove(dirname(folder));
}
