import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { Problem } from "../core/problems.ts";
import { keepsStackTraces } from "../core/quietly.ts";
import { openDoor } from "./door.ts";
import type { CredentialValues } from "./fixtures.ts";
import type { Monitor, Recording } from "./monitor.ts";
import { type Plan, planVersion } from "./plan.ts";

export interface RecordOptions {
  /** Directory of Pulumi.yaml. */
  readonly root: string;
  /** The program, relative to the root: `main` of Pulumi.yaml; `.` is what package.json names. */
  readonly main: string;
  /** How the host loads it. @default Node alone */
  readonly runtime?: ProgramRuntime;
  readonly project: string;
  readonly stack: string;
  /** Configuration as the engine would give it: full keys, values as text. */
  readonly config: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  /** Values for the generated credentials, e.g. the real ones. @default tokens that open nothing */
  readonly credentials?: CredentialValues;
  /** What becomes of the plan. @default "look" */
  readonly purpose?: Purpose;
}

/**
 * A plan that is looked at needs no secret that somebody gives, and writes nothing; one that is compared with what runs holds
 * what there is of both; one that is carried out must hold all of it.
 */
export type Purpose = "look" | "compare" | "carry-out";

/** As the program reads it. */
const recordingFor: Readonly<Record<Purpose, string>> = { look: "to-look-at", compare: "to-compare", "carry-out": "to-carry-out" };

/** `runtime.options` of Pulumi.yaml, as the engine hands them to the host of the program. */
export interface ProgramRuntime {
  /** Whether ts-node compiles and checks the program. */
  readonly typescript: boolean;
  /** Its tsconfig.json, from the root. */
  readonly tsconfig?: string;
  /** Arguments for Node. */
  readonly nodeargs?: readonly string[];
}

export type RecordResult =
  | { readonly plan: Plan }
  | { readonly problems: readonly Problem[]; readonly warnings: readonly string[] }
  | { readonly failure: string };

interface ProgramReport {
  readonly type: "groundplan";
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
  readonly remember?: unknown;
}

/** Runs a stack program through the SDK's own host against a monitor that makes nothing, and keeps what it asked for. */
export async function record(options: RecordOptions): Promise<RecordResult> {
  let started: Promise<Monitor> | undefined;
  const load = async () => (await import("./monitor.ts")).startMonitor(options.project, options.stack, options.credentials);
  const monitor = () => (started ??= load());
  const door = await openDoor(monitor);
  try {
    // The program first: while it loads its SDK, the monitor is loaded here.
    const [{ code, report, stderr }, { recording }] = await Promise.all([runProgram(options, door.address), monitor()]);
    if (report && report.problems.length > 0) return { problems: report.problems, warnings: report.warnings };
    if (code !== 0) return { failure: reason(stderr, code) };
    const { resources, credentials, outputs } = recording;
    return {
      plan: {
        version: planVersion,
        project: options.project,
        stack: options.stack,
        resources: inTopologyOrder(resources),
        outputs,
        warnings: report?.warnings ?? [],
        remember: report?.remember,
        credentials: credentials.toSorted((a, b) => a.name.localeCompare(b.name)),
      },
    };
  } finally {
    door.close();
    (await started)?.stop();
  }
}

/** Registration is concurrent; the order by dependencies, then by name, is the same in every run. */
function inTopologyOrder(resources: Recording["resources"]): Recording["resources"] {
  return resources.toSorted((a, b) => a.urn.localeCompare(b.urn));
}

const host = () => createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run/index.js");

/** Less to load and to make, see there. Where the file is not, as beside a bundle, a recording is only slower. */
const leanHost = join(import.meta.dirname, "lean-host", `index${extname(import.meta.filename)}`);

/** With room for the young objects of a whole recording, most of which do not outlive it. */
const lean = [...(existsSync(leanHost) ? ["--require", leanHost] : []), "--max-semi-space-size=64"];

function runProgram(options: RecordOptions, address: string) {
  const { root, project, stack, runtime } = options;
  const main = join(root, options.main);
  const here = options.main === "." ? root : join(main, "..");
  const args = ["--monitor", address, "--project", project, "--stack", stack, "--root-directory", root, "--pwd", here];
  const preload = keepsStackTraces({ ...process.env, ...options.environment }) ? [] : lean;
  const child = spawn(process.execPath, [...preload, ...(runtime?.nodeargs ?? []), host(), ...args, options.main === "." ? "." : main], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: {
      NODE_COMPILE_CACHE: join(root, "node_modules", ".cache", "groundplan"),
      ...process.env,
      ...options.environment,
      GROUNDPLAN_RECORDING: recordingFor[options.purpose ?? "look"],
      PULUMI_CONFIG: JSON.stringify(options.config),
      PULUMI_NODEJS_TYPESCRIPT: String(runtime?.typescript ?? false),
      ...(runtime?.tsconfig ? { PULUMI_NODEJS_TSCONFIG_PATH: join(root, runtime.tsconfig) } : {}),
      // No engine to log to: the SDK sends it every debug message, one after another, which takes a seventh of a preview.
      PULUMI_NODEJS_ENGINE: "",
    },
  });
  const release = endWithCommand(child);
  return new Promise<{ code: number | null; report: ProgramReport | undefined; stderr: string }>((resolve, reject) => {
    let report: ProgramReport | undefined;
    let stderr = "";
    child.on("message", (message: ProgramReport) => {
      if (message.type === "groundplan") report = message;
    });
    child.stderr?.on("data", (data: Buffer) => {
      stderr += data.toString();
    });
    child.stdout?.on("data", (data: Buffer) => process.stderr.write(data));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, report, stderr }));
  }).finally(release);
}

/** A signal to the command alone, e.g. of a pipeline that is cancelled, ends the program with it. Answers how to stop heeding. */
function endWithCommand(child: ChildProcess): () => void {
  const end = () => void child.kill("SIGKILL");
  const signals = (["SIGINT", "SIGTERM", "SIGHUP"] as const).map((name) => {
    const heed = () => {
      end();
      process.off(name, heed);
      // Nobody else heeds it: the command ends of it, as without us.
      if (process.listenerCount(name) === 0) process.kill(process.pid, name);
    };
    process.on(name, heed);
    return () => process.off(name, heed);
  });
  process.on("exit", end);
  return () => {
    for (const off of signals) off();
    process.off("exit", end);
  };
}

/** The first error that was logged, else what was written; stack traces are for developers of the library. */
function reason(stderr: string, code: number | null): string {
  const text = stripVTControlCharacters(stderr).trim();
  if (text === "") return `the program ended with code ${code}`;
  if (process.env.GROUNDPLAN_DEBUG) return text;
  const [before = "", error] = text.split(/^error: \[runtime\] /m);
  // The host prints an error as an inspected object: with its stack and the promise that it broke.
  const lines = (error ?? before)
    .split("\n")
    .filter((line) => !/^\s+at |^\s*promise: Promise|^\s*\}?$|^\w+: \[runtime\]/.test(line))
    .map((line) => line.replace("<ref *1> ", ""));
  return lines.slice(0, 12).join("\n");
}
