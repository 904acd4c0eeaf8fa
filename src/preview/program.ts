import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { Problem } from "../core/problems.ts";
import { keepsStackTraces } from "../core/quietly.ts";
import type { Recording } from "./monitor-service.ts";
import type { Purpose, RecordOptions } from "./recorder.ts";

/** What the program says by itself: of its topology, before it registers it. */
interface ProgramReport {
  readonly type: "groundplan";
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
  readonly remember?: unknown;
}

/** What a monitor in the process of the program heard. */
export interface RecordingReport {
  readonly type: "recording";
  readonly recording: Recording;
}

export interface EndedProgram {
  readonly code: number | null;
  readonly report: ProgramReport | undefined;
  readonly recording: Recording | undefined;
  readonly stderr: string;
}

/** As the program reads it. */
const recordingFor: Readonly<Record<Purpose, string>> = {
  look: "to-look-at",
  compare: "to-compare",
  "hand-over": "to-hand-over",
  "carry-out": "to-carry-out",
};

const host = () => createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run/index.js");

/** Loaded before the host, see there. Where the files are not, as beside a bundle, a recording is only slower. */
const leanHost = (file: string) => join(import.meta.dirname, "lean-host", `${file}${extname(import.meta.filename)}`);

const isLean = ({ environment }: RecordOptions) => !keepsStackTraces({ ...process.env, ...environment }) && existsSync(leanHost("index"));

/** Whether the monitor may be in the process of the program: what the command knows of credentials stays with the command. */
export const canAnswerItself = (options: RecordOptions): boolean => isLean(options) && !options.credentials;

function preloaded(options: RecordOptions, ownMonitor: boolean): string[] {
  if (!isLean(options)) return [];
  const files = [...(ownMonitor ? ["own-monitor"] : []), "index"];
  // With room for the young objects of a whole recording, most of which do not outlive it.
  return [...files.flatMap((file) => ["--require", leanHost(file)]), "--max-semi-space-size=64"];
}

/** Runs the SDK's host; its monitor is in its own process, or at the address. */
export function runProgram(options: RecordOptions, address: string, ownMonitor: boolean): Promise<EndedProgram> {
  const { root, project, stack, runtime } = options;
  const main = join(root, options.main);
  const here = options.main === "." ? root : join(main, "..");
  const args = ["--monitor", address, "--project", project, "--stack", stack, "--root-directory", root, "--pwd", here];
  const child = spawn(
    process.execPath,
    [...preloaded(options, ownMonitor), ...(runtime?.nodeargs ?? []), host(), ...args, options.main === "." ? "." : main],
    {
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
    },
  );
  const release = endWithCommand(child);
  return new Promise<EndedProgram>((resolve, reject) => {
    let report: ProgramReport | undefined;
    let recording: Recording | undefined;
    let stderr = "";
    child.on("message", (message: ProgramReport | RecordingReport) => {
      if (message.type === "groundplan") report = message;
      if (message.type === "recording") recording = message.recording;
    });
    child.stderr?.on("data", (data: Buffer) => {
      stderr += data.toString();
    });
    child.stdout?.on("data", (data: Buffer) => process.stderr.write(data));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, report, recording, stderr }));
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
export function whyFailed({ stderr, code }: EndedProgram): string {
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
