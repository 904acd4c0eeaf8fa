import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { stringify } from "yaml";

const repository = resolve(import.meta.dirname, "..", "..");

/** What the command did: its exit code and everything it printed. */
export interface Ran {
  readonly code: number;
  readonly output: string;
}

/** A project of its own in a temporary folder, so that tests touch no stack of the machine. */
export interface TempProject {
  readonly root: string;
  /** Name of the project; the prefix of the stack is `<name>-dev-<isolation>`. */
  readonly name: string;
  /** Prefix of everything that the stack makes. */
  readonly prefix: string;
  /** Runs `groundplan` in the project. */
  run(args: readonly string[], environment?: Record<string, string>): Promise<Ran>;
  /** Body of the topology function; `AppService, NatsCluster, PostgresDb, RedisCache, http, tcp, exec, bind` and `platform, images` are in reach. */
  topology(body: string): void;
  /** Settings of Pulumi.dev.yaml. */
  settings(settings: Record<string, unknown>): void;
  remove(): void;
}

const settled = { topology: "starter", target: "docker", profile: "dev" };

/** The repository's starter topology in a copy of its own; `isolation` keeps its ports apart. */
export function tempProject(isolation = "t"): TempProject {
  const root = mkdtempSync(join(tmpdir(), "groundplan-"));
  const name = `gp${basename(root).slice(-6).toLowerCase().replace(/[^a-z0-9]/g, "x")}`;
  mkdirSync(join(root, "stacks"));
  writeFileSync(join(root, "Pulumi.yaml"), stringify({ name, runtime: { name: "nodejs", options: { typescript: false } }, main: "stacks/main.js" }));
  writeFileSync(join(root, "package.json"), '{ "type": "module" }\n');
  symlinkSync(join(repository, "node_modules"), join(root, "node_modules"));
  cpSync(join(repository, "stacks", "main.js"), join(root, "stacks", "main.js"));
  const library = pathToFileURL(join(repository, "src", "index.ts")).href;
  const docker = pathToFileURL(join(repository, "src", "docker.ts")).href;
  const starter = pathToFileURL(join(repository, "stacks", "starter.ts")).href;
  const index = (head: string, topology: string) =>
    writeFileSync(
      join(root, "stacks", "index.ts"),
      `import { runStack } from ${JSON.stringify(library)};\n${head}\nexport const run = () => runStack({ topologies: { starter: ${topology} }, grounds: { docker: () => import(${JSON.stringify(docker)}) } });\n`,
    );
  index(`import { starter } from ${JSON.stringify(starter)};`, "starter");
  const project: TempProject = {
    root,
    name,
    prefix: [name, "dev", isolation].filter(Boolean).join("-"),
    async run(args, environment = {}) {
      const { exitCode, all } = await execa(process.execPath, [join(repository, "bin", "groundplan.js"), ...args], {
        cwd: root,
        reject: false,
        all: true,
        stdin: "ignore",
        env: { ...(isolation ? { GROUNDPLAN_ISOLATION: isolation } : {}), NO_COLOR: "1", ...environment },
      });
      return { code: exitCode ?? -1, output: all };
    },
    topology: (body) =>
      index(
        `import { AppService, bind, exec, http, NatsCluster, PostgresDb, RedisCache, tcp } from ${JSON.stringify(library)};\nvoid [AppService, bind, exec, http, NatsCluster, PostgresDb, RedisCache, tcp];\nconst topology = ({ platform, images }) => {\n${body}\n};`,
        "topology",
      ),
    settings: (settings) =>
      writeFileSync(join(root, "Pulumi.dev.yaml"), stringify({ config: { "groundplan:stack": { ...settled, ...settings } } })),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
  project.settings({});
  return project;
}
