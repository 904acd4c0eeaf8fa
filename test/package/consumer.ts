import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { execa } from "execa";
import { inject } from "vitest";
import type { Peer } from "../../src/core/peers.ts";

const repository = resolve(import.meta.dirname, "..", "..");
const manifest = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as { devDependencies: Record<string, string> };

/** A project in a folder of its own that has the package installed, as somebody else's would. */
export interface Consumer {
  readonly root: string;
  /** Runs a program of the project with the Node of these tests; fails only by its exit code. */
  run(program: string, args: readonly string[], environment?: Record<string, string>): Promise<{ code: number; output: string }>;
  /** JavaScript modules that `groundplan preview` of an environment loads in the program: the paths in the cache of `require`. */
  modulesOfPreview(env: string): Promise<readonly string[]>;
  remove(): void;
}

/** A copy of a folder of consumers/, with the tarball and these SDKs installed by npm. */
export async function consumer(folder: string, sdks: readonly Peer[]): Promise<Consumer> {
  const root = mkdtempSync(join(tmpdir(), "groundplan-consumer-"));
  cpSync(join(import.meta.dirname, "consumers", folder), root, { recursive: true });
  return install(inFolder(root), [inject("tarball"), ...sdks.map((sdk) => `${sdk}@${manifest.devDependencies[sdk]}`)]);
}

/** What `init` of the tarball writes, with the tarball in place of the version that a registry would have. */
export async function newProject(): Promise<Consumer> {
  const folder = mkdtempSync(join(tmpdir(), "groundplan-consumer-"));
  await execa("tar", ["-xzf", inject("tarball"), "-C", folder]);
  // The libraries of the command; the code itself is that of the tarball.
  symlinkSync(join(repository, "node_modules"), join(folder, "package", "node_modules"));
  await execa(process.execPath, [join(folder, "package", "bin", "groundplan.js"), "init", "shop"], { cwd: folder });
  rmSync(join(folder, "package"), { recursive: true });
  const file = join(folder, "shop", "package.json");
  writeFileSync(file, readFileSync(file, "utf8").replace(/("groundplan": )"[^"]+"/, `$1"file:${inject("tarball")}"`));
  return inFolder(join(folder, "shop"));
}

/** `npm install`, which must do; what is in npm's cache comes from there. */
export async function install(project: Consumer, packages: readonly string[] = []): Promise<Consumer> {
  const { code, output } = await project.run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", ...packages]);
  if (code !== 0) throw new Error(`npm install in ${project.root} ended with ${code}\n${output}`);
  return project;
}

function inFolder(root: string): Consumer {
  const run: Consumer["run"] = async (program, args, environment = {}) => {
    const { exitCode, all } = await execa(program, args, {
      cwd: root,
      reject: false,
      all: true,
      stdin: "ignore",
      timeout: 200_000,
      preferLocal: true,
      localDir: root,
      env: {
        GROUNDPLAN_ISOLATION: "",
        GROUNDPLAN_IMAGE_MIRROR: "",
        NO_COLOR: "1",
        PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
        ...environment,
      },
    });
    return { code: exitCode ?? -1, output: all };
  };
  return {
    root,
    run,
    async modulesOfPreview(env) {
      const [hook, list] = [join(root, `hook-${env}.cjs`), join(root, `modules-${env}.json`)];
      // The command is a process of Node, too; the host of the program is the last to end.
      writeFileSync(
        hook,
        `if (/cmd.run.index/.test(process.argv[1])) process.on("exit", () => require("node:fs").writeFileSync(${JSON.stringify(list)}, JSON.stringify(Object.keys(require.cache))));\n`,
      );
      const { code, output } = await run("groundplan", ["preview", env], { NODE_OPTIONS: `--require=${hook}` });
      if (code !== 0 || !existsSync(list)) throw new Error(`preview ${env} ended with ${code}\n${output}`);
      return JSON.parse(readFileSync(list, "utf8")) as string[];
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
