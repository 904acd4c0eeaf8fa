import { randomInt } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { stringify } from "yaml";
import { stackName, stackPrefix } from "../../src/core/naming.ts";
import { portBlock } from "../../src/platforms/docker/allocations.ts";

const repository = resolve(import.meta.dirname, "..", "..");

/** What the command did: its exit code and everything it printed. */
export interface Ran {
  readonly code: number;
  readonly output: string;
}

/** A project of its own in a temporary folder, so that tests touch no stack of the machine. */
export interface TempProject {
  readonly root: string;
  /** Name of the project; the prefix of the stack is `<name>-<env>-<isolation>`. */
  readonly name: string;
  /** Environment that the tests bring up. */
  readonly env: string;
  /** Prefix of everything that the stack makes. */
  readonly prefix: string;
  /** What the command keeps of this stack. */
  readonly state: string;
  /** Runs `groundplan` in the project. */
  run(args: readonly string[], environment?: Record<string, string>, patienceMs?: number): Promise<Ran>;
  /** Body of the topology function; `AppService, MessageQueue, NatsCluster, PostgresDb, RedisCache, http, tcp, exec, bind` and `platform, images` are in reach. */
  topology(body: string): void;
  /** Settings of the environment's stack file. */
  settings(settings: Record<string, unknown>): void;
  /** The same project as another isolated copy. */
  beside(isolation: string): TempProject;
  /** Another environment of the same project; `settings` writes its stack file. */
  environment(env: string): TempProject;
  remove(): void;
}

/** With a pool so wide that copies which run side by side do not meet in it. */
const settled = { topology: "starter", target: "docker", profile: "dev", subnetPool: "10.64.0.0/10" };
/** Longest that a command may take before the test is told. */
const patienceMs = 200_000;

/** The repository's starter topology in a copy of its own; `isolation` keeps its ports apart. */
export function tempProject(isolation = "t"): TempProject {
  const name = freeName(isolation);
  const root = mkdtempSync(join(tmpdir(), `groundplan-${name}-${isolation}-`));
  mkdirSync(join(root, "stacks"));
  writeFileSync(join(root, "Pulumi.yaml"), stringify({ name, runtime: { name: "nodejs", options: { typescript: false } }, main: "stacks/main.js" }));
  writeFileSync(join(root, "package.json"), '{ "type": "module" }\n');
  symlinkSync(join(repository, "node_modules"), join(root, "node_modules"));
  cpSync(join(repository, "stacks", "main.js"), join(root, "stacks", "main.js"));
  writeIndex(root, `import { starter } from ${source("stacks", "starter.ts")};`, "starter");
  const project = copyOf(root, name, isolation);
  project.settings({});
  return project;
}

/** First ports of the blocks in which somebody listens, such as the API server of a test ground. */
function takenBlocks(): number[] {
  const tables = ["/proc/net/tcp", "/proc/net/tcp6"].filter(existsSync).map((file) => readFileSync(file, "utf8"));
  // Columns of the kernel: local address and port in hexadecimal, then those of the peer, then the state; 0A listens.
  const ports = tables.flatMap((table) =>
    [...table.matchAll(/:([0-9A-F]{4}) [0-9A-F]+:0000 0A /g)].map(([, port = ""]) => Number.parseInt(port, 16)),
  );
  return ports.map((port) => Math.floor(port / 100) * 100);
}

/** A name whose block of ports nobody has: no other temporary project, as far as their folders tell, and nobody who listens. */
function freeName(isolation: string): string {
  const others = readdirSync(tmpdir()).flatMap((folder) => {
    const [, name = "", key = ""] = /^groundplan-(gp\w+)-(\w*)-\w+$/.exec(folder) ?? [];
    return name ? [blockOf(name, key)] : [];
  });
  const taken = [...others, ...takenBlocks()];
  const names = Array.from({ length: 50 }, () => `gp${randomInt(36 ** 5).toString(36)}`);
  return names.find((name) => !taken.includes(blockOf(name, isolation))) ?? `gp${randomInt(36 ** 5).toString(36)}`;
}

const blockOf = (project: string, isolation: string) => portBlock(stackPrefix({ project, env: "dev", isolation }), isolation);

const source = (...path: string[]) => JSON.stringify(pathToFileURL(join(repository, ...path)).href);

const grounds = ["docker", "kubernetes", "aws"].map((target) => `${target}: () => import(${source("src", `${target}.ts`)})`).join(", ");

const writeIndex = (root: string, head: string, topology: string) =>
  writeFileSync(
    join(root, "stacks", "index.ts"),
    `import { runStack } from ${source("src", "index.ts")};\n${head}\nexport const run = () => runStack({ topologies: { starter: ${topology} }, grounds: { ${grounds} } });\n`,
  );

const inReach =
  "AppService, bind, exec, http, MessageQueue, NatsCluster, NatsTemporalBridge, ObservabilityStack, OpaServer, PostgresDb, RedisCache, ServiceMeshGateway, tcp, telemetryOf, TemporalServer";

function copyOf(root: string, name: string, isolation: string, env = "dev"): TempProject {
  return {
    root,
    name,
    env,
    prefix: stackPrefix({ project: name, env, isolation }),
    state: join(root, ".groundplan", stackName(env, isolation)),
    async run(args, environment = {}, patience = patienceMs) {
      const { exitCode, all } = await execa(process.execPath, [join(repository, "bin", "groundplan.js"), ...args], {
        cwd: root,
        reject: false,
        all: true,
        stdin: "ignore",
        timeout: patience,
        env: { ...(isolation ? { GROUNDPLAN_ISOLATION: isolation } : {}), NO_COLOR: "1", ...environment },
      });
      return { code: exitCode ?? -1, output: all };
    },
    topology: (body) =>
      writeIndex(
        root,
        `import { ${inReach} } from ${source("src", "index.ts")};\nvoid [${inReach}];\nconst topology = ({ platform, images }) => {\n${body}\n};`,
        "topology",
      ),
    settings: (settings) =>
      writeFileSync(join(root, `Pulumi.${env}.yaml`), stringify({ config: { "groundplan:stack": { ...settled, ...settings } } })),
    beside: (other) => copyOf(root, name, other, env),
    environment: (other) => copyOf(root, name, isolation, other),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
