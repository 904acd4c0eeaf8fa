import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { repository } from "./recorded.ts";

/** The linter of GitHub's workflows; built from source, where Go is there. */
const wanted = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12";
const folder = join(repository, "node_modules", ".cache", "groundplan", "actionlint-1.7.12");
const program = join(folder, "actionlint");

/** Why it cannot run; undefined when it can. */
export function actionlintMissing(): string | undefined {
  if (existsSync(program)) return undefined;
  try {
    run("go", "version");
  } catch {
    return "go is not on PATH";
  }
  try {
    mkdirSync(folder, { recursive: true });
    run("go", "install", wanted);
    return undefined;
  } catch (error) {
    return `${wanted} cannot be built: ${String((error as { stderr?: unknown }).stderr ?? error)
      .trim()
      .split("\n")
      .at(-1)}`;
  }
}

/** What it complains about; empty when it complains about nothing. */
export function actionlint(...files: readonly string[]): string {
  try {
    return run(program, "-no-color", "-oneline", ...files);
  } catch (error) {
    return String((error as { stdout?: unknown }).stdout ?? error);
  }
}

const run = (file: string, ...args: string[]) =>
  execFileSync(file, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 240_000,
    env: { ...process.env, GOBIN: folder },
  });
