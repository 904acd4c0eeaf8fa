import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { describeKubernetes } from "./kubernetes-tier.ts";
import type { Ran, TempProject } from "./temp-project.ts";

/** A suite on the real engine with the Kubernetes lab; skipped with the reason where pulumi or its plugins are missing. */
export function describeKubernetesEngine(title: string, suite: () => void): void {
  const missing = whatIsMissing();
  if (!missing) describeKubernetes(title, suite);
  else if (!(process.env.GROUNDPLAN_TEST_REQUIRE ?? "").split(",").includes("engine")) describe.skip(`${title} (skipped: ${missing})`, suite);
  else {
    test(title, () => {
      throw new Error(`GROUNDPLAN_TEST_REQUIRE names engine, and ${missing}`);
    });
  }
}

function whatIsMissing(): string | undefined {
  try {
    const plugins = JSON.parse(execFileSync("pulumi", ["plugin", "ls", "--json"], { encoding: "utf8", timeout: 20_000 })) as { name: string }[];
    const absent = ["kubernetes", "random"].find((name) => !plugins.some((plugin) => plugin.name === name));
    return absent ? `pulumi has no ${absent} plugin` : undefined;
  } catch {
    return "pulumi is not on PATH";
  }
}

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
