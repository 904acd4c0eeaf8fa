import type { Socket } from "node:net";
import type { Problem } from "../core/problems.ts";
import { openDoor } from "./door.ts";
import type { CredentialValues } from "./fixtures.ts";
import type { Monitor } from "./monitor.ts";
import type { Recording } from "./monitor-service.ts";
import { type Plan, planVersion } from "./plan.ts";
import { canAnswerItself, type EndedProgram, runProgram, whyFailed } from "./program.ts";

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
 * what there is of both; one that is carried out must hold all of it. One that is handed over to an engine, which runs the
 * program again, needs the variables that the program will read, and writes nothing.
 */
export type Purpose = "look" | "compare" | "hand-over" | "carry-out";

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

/** Runs a stack program through the SDK's own host against a monitor that makes nothing, and keeps what it asked for. */
export async function record(options: RecordOptions): Promise<RecordResult> {
  const program = await heard(options);
  const { report, recording } = program;
  if (report && report.problems.length > 0) return { problems: report.problems, warnings: report.warnings };
  if (program.code !== 0) return { failure: whyFailed(program) };
  if (!recording?.complete)
    return { failure: "the program ended before everything was registered; it must not end the process itself, as process.exit() does" };
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
}

async function heard(options: RecordOptions): Promise<EndedProgram> {
  return (canAnswerItself(options) && (await heardByItself(options))) || heardHere(options);
}

/** The program with its own monitor; undefined when some of it has another copy of the SDK, which connects instead. */
async function heardByItself(options: RecordOptions): Promise<EndedProgram | undefined> {
  let connected = false;
  const turnAway = (connection: Socket) => {
    connected = true;
    connection.destroy();
  };
  const door = await openDoor(async () => ({ accept: turnAway }));
  try {
    const program = await runProgram(options, door.address, true);
    return connected ? undefined : program;
  } finally {
    door.close();
  }
}

async function heardHere(options: RecordOptions): Promise<EndedProgram> {
  let started: Promise<Monitor> | undefined;
  const load = async () => (await import("./monitor.ts")).startMonitor(options.project, options.stack, options.credentials);
  const monitor = () => (started ??= load());
  const door = await openDoor(monitor);
  try {
    // The program first: while it loads its SDK, the monitor is loaded here.
    const [program, { recording }] = await Promise.all([runProgram(options, door.address, false), monitor()]);
    return { ...program, recording };
  } finally {
    door.close();
    (await started)?.stop();
  }
}

/** Registration is concurrent; the order by dependencies, then by name, is the same in every run. */
function inTopologyOrder(resources: Recording["resources"]): Recording["resources"] {
  return resources.toSorted((a, b) => a.urn.localeCompare(b.urn));
}
