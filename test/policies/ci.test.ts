import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { actionlint, actionlintMissing } from "../support/actionlint.ts";
import { repository } from "../support/recorded.ts";

const files = { github: join(repository, "docs", "ci", "github-actions.yml"), gitlab: join(repository, "docs", "ci", "gitlab-ci.yml") };
const read = <T>(file: string) => parse(readFileSync(file, "utf8")) as T;

const folder = mkdtempSync(join(tmpdir(), "groundplan-ci-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a line of a recipe in the repository, with its own command in place of npx, and answers the reports that it wrote. */
function reportsOf(line: string): Record<string, string> {
  const command = line
    .replace(/^npx groundplan/, `"${process.execPath}" "${join(repository, "bin", "groundplan.js")}"`)
    .replaceAll(/=(policies\.\w+)/g, `=${folder}/$1`);
  expect(command, "the recipe calls the command").not.toBe(line);
  const environment = { ...process.env, GROUNDPLAN_PROFILE: undefined, GITHUB_STEP_SUMMARY: join(folder, "summary.md"), NO_COLOR: "1" };
  try {
    execFileSync("sh", ["-c", command], { cwd: repository, stdio: ["ignore", "pipe", "pipe"], env: environment });
  } catch (error) {
    // Findings end it with 1, and then there are reports all the same.
    expect((error as { status: number }).status, String((error as { stderr: Buffer }).stderr)).toBe(1);
  }
  return Object.fromEntries(
    ["policies.sarif", "policies.xml", "summary.md"].flatMap((file) =>
      existsSync(join(folder, file)) ? [[file, readFileSync(join(folder, file), "utf8")]] : [],
    ),
  );
}

interface Workflow {
  readonly on: string;
  readonly permissions: object;
  readonly jobs: Readonly<
    Record<string, { readonly permissions: object; readonly steps: readonly { uses?: string; run?: string; if?: string; with?: object }[] }>
  >;
}

describe("the recipe for GitHub Actions", () => {
  const { on, permissions, jobs } = read<Workflow>(files.github);
  const steps = Object.values(jobs).flatMap((job) => job.steps);

  test("is a workflow in which the linter finds nothing", (context) => {
    const missing = actionlintMissing();
    if (missing) context.skip(`not run: ${missing}`);
    const broken = join(folder, "broken.yml");
    writeFileSync(broken, readFileSync(files.github, "utf8").replace("runs-on:", "runs-at:"));
    expect(actionlint(broken)).toContain("runs-at");
    expect(actionlint(files.github)).toBe("");
  }, 300_000);

  test("runs for pull requests, with no permission that it does not need and no secret", () => {
    expect(on).toBe("pull_request");
    expect(permissions).toEqual({});
    expect(Object.values(jobs).map((job) => job.permissions)).toEqual([{ contents: "read", "security-events": "write", actions: "read" }]);
    expect(readFileSync(files.github, "utf8")).not.toMatch(/secrets\.|pull_request_target|id-token/);
  });

  test("takes actions at full versions, and uploads SARIF also when there are findings", () => {
    const actions = steps.flatMap(({ uses }) => uses ?? []);
    expect(actions.length).toBe(3);
    for (const action of actions) expect(action).toMatch(/@v\d+\.\d+\.\d+$/);
    expect(steps.at(-1)).toMatchObject({ if: expect.stringContaining("!cancelled()"), with: { sarif_file: "policies.sarif" } });
    expect(steps.at(-1)?.uses).toContain("github/codeql-action/upload-sarif@");
  });

  test("its command runs here and writes what is uploaded", () => {
    const lines = steps.flatMap(({ run }) => run ?? []);
    expect(lines[0]).toBe("npm ci");
    const reports = reportsOf(lines[1] ?? "");
    expect(JSON.parse(reports["policies.sarif"] ?? "{}")).toMatchObject({ version: "2.1.0", runs: [{ tool: { driver: { name: "groundplan" } } }] });
    expect(reports["summary.md"]).toContain("|");
  });
});

interface Job {
  readonly rules: readonly { readonly if: string }[];
  readonly image: string;
  readonly script: readonly string[];
  readonly artifacts: { readonly when: string; readonly paths: readonly string[]; readonly reports: Readonly<Record<string, string>> };
}

describe("the recipe for GitLab CI", () => {
  const jobs = read<Readonly<Record<string, Job>>>(files.gitlab);
  const { rules, image, script, artifacts } = jobs.policies ?? expect.fail("no job");

  test("is one job for merge requests, on an image with a full version", () => {
    expect(Object.keys(jobs)).toEqual(["policies"]);
    expect(rules).toEqual([{ if: '$CI_PIPELINE_SOURCE == "merge_request_event"' }]);
    expect(image).toMatch(/^node:\d+\.\d+\.\d+-/);
  });

  test("keeps the reports also when there are findings", () => {
    expect(artifacts).toMatchObject({ when: "always", paths: ["policies.sarif", "policies.xml"], reports: { junit: "policies.xml" } });
  });

  test("its command runs here and writes what is kept", () => {
    expect(script[0]).toMatch(/^npm ci /);
    const reports = reportsOf(script[1] ?? "");
    expect(reports["policies.xml"]).toMatch(/^<\?xml [^>]*>\s*<testsuites/);
    expect(reports["policies.sarif"]).toContain('"2.1.0"');
  });
});
