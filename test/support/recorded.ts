import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Plan, shownPlan } from "../../src/preview/plan.ts";
import { record } from "../../src/preview/recorder.ts";

export const repository = resolve(import.meta.dirname, "..", "..");

export interface RecordedOptions {
  readonly stack?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Module with the `run` of another program. @default the repository's own */
  readonly program?: string;
}

/** Images that a test ground puts in place of those of the table. */
const withoutImages = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) => name.startsWith("GROUNDPLAN_IMAGES__"))
    .map((name) => [name, undefined]),
);

/** The repository's own program, recorded without a daemon; the same on every machine. */
export async function recorded({
  stack = "dev",
  environment = {},
  settings = {},
  program = join(repository, "stacks", "index.ts"),
}: RecordedOptions = {}): Promise<Plan> {
  const document = { topology: "starter", target: "docker", profile: "dev", ...settings };
  const root = withoutState(program);
  try {
    const result = await record({
      root,
      main: "stacks/main.js",
      project: "groundplan",
      stack,
      config: { "groundplan:stack": JSON.stringify(document) },
      environment: {
        ...withoutImages,
        GROUNDPLAN_IMAGE_MIRROR: "",
        GROUNDPLAN_ISOLATION: "",
        DOCKER_HOST: "unix:///var/run/docker.sock",
        ...environment,
      },
    });
    if (!("plan" in result)) throw new Error(JSON.stringify(result));
    return result.plan;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** A folder that runs the repository's program and remembers no port or subnet of an earlier `up` on this machine. */
function withoutState(program: string): string {
  const root = mkdtempSync(join(tmpdir(), "groundplan-recorded-"));
  mkdirSync(join(root, "stacks"));
  cpSync(join(repository, "Pulumi.yaml"), join(root, "Pulumi.yaml"));
  cpSync(join(repository, "stacks", "main.js"), join(root, "stacks", "main.js"));
  writeFileSync(join(root, "package.json"), '{ "type": "module" }\n');
  writeFileSync(join(root, "stacks", "index.ts"), `export { run } from ${JSON.stringify(pathToFileURL(program).href)};\n`);
  symlinkSync(join(repository, "node_modules"), join(root, "node_modules"));
  symlinkSync(join(repository, "stacks", "gitguard"), join(root, "stacks", "gitguard"));
  return root;
}

/** The plan as it may be shown, with what differs between machines and runs taken out: where the repository is, and the recorded project. */
export const portable = (plan: Plan, checkout = repository) =>
  JSON.parse(
    JSON.stringify(shownPlan(plan))
      .replaceAll(join(checkout, ""), "<repository>/")
      .replaceAll(new RegExp(`${join(tmpdir(), "groundplan-recorded-")}\\w+`, "g"), "<project>"),
  ) as ReturnType<typeof shownPlan>;

/** The program of test/fixtures/watched.ts on a ground; `telemetry` are further arguments of its stack. */
export const watchedOn = (target: string, profile: string, { telemetry = {}, ...settings }: Readonly<Record<string, unknown>>): Promise<Plan> =>
  recorded({
    stack: profile,
    program: join(repository, "test", "fixtures", "watched.ts"),
    settings: {
      topology: "watched",
      target,
      profile,
      images: { api: "groundplan-lab/echo:1" },
      components: { api: { env: { PORT: "8000" } }, telemetry },
      ...settings,
    },
  });
