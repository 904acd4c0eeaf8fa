import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect } from "vitest";
import type { Ran, TempProject } from "./temp-project.ts";

/** Bare pulumi at the root of the project, with a backend of its own there. */
export async function pulumi(project: TempProject, ...args: readonly string[]): Promise<Ran> {
  const backend = join(project.root, "backend");
  mkdirSync(backend, { recursive: true });
  const { exitCode, all } = await execa("pulumi", [...args, "--stack", "dev", "--non-interactive", "--color", "never"], {
    cwd: project.root,
    reject: false,
    all: true,
    stdin: "ignore",
    timeout: 200_000,
    env: {
      PULUMI_BACKEND_URL: `file://${backend}`,
      PULUMI_CONFIG_PASSPHRASE: "only for this test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      GROUNDPLAN_IMAGE_MIRROR: "",
      GROUNDPLAN_ISOLATION: "",
    },
  });
  return { code: exitCode ?? -1, output: String(all) };
}

/** Runs `pulumi up` and expects it to end with a code; without a preview, as one into a new namespace checks nothing. */
export async function upped(project: TempProject, code = 0): Promise<string> {
  const { code: ended, output } = await pulumi(project, "up", "--yes", "--skip-preview");
  expect(ended, output).toBe(code);
  return output;
}
