import { labelKeys } from "../../core/labels.ts";
import { startAndWait } from "../../platforms/docker/run-once.ts";
import { containersOf } from "../../preview/containers.ts";
import type { Plan } from "../../preview/plan.ts";
import type { Daemon } from "../daemon.ts";
import { compose } from "../engines/compose.ts";

export interface CheckRow {
  readonly name: string;
  readonly ok: boolean;
  readonly said: string;
}

const timeoutSeconds = 120;

export const checkName = (component: string, title = "by its protocol") => `${component} ${title}`;

/** Runs the checks that the components bring: with Compose from its folder, else as the containers that the engine made. `signal` ends them. */
export async function runChecks(plan: Plan, daemon: Daemon, folder: string | undefined, signal?: AbortSignal): Promise<CheckRow[]> {
  const checks = containersOf(plan).filter(({ role }) => role === "check");
  return Promise.all(
    checks.map(async ({ resource, inputs, component }) => {
      const title = inputs.labels.find(({ label }) => label === labelKeys.title)?.value;
      const { code, output } = folder ? await composeCheck(daemon, folder, inputs.name, signal) : await engineCheck(daemon, inputs.name, signal);
      return { name: checkName(component, title), ok: code === 0, said: output || `${resource.name} ended with code ${code}` };
    }),
  );
}

async function composeCheck(daemon: Daemon, folder: string, name: string, signal: AbortSignal | undefined) {
  const { exitCode, stdout, stderr } = await compose(
    daemon,
    folder,
    ["--profile", "verify", "run", "--rm", "--no-TTY", "--quiet-pull", name],
    signal,
  );
  return { code: exitCode ?? 1, output: (stdout || (exitCode === 0 ? "" : lastLines(stderr))).trim() };
}

async function engineCheck(daemon: Daemon, name: string, signal: AbortSignal | undefined) {
  const stop = () =>
    void daemon.docker
      .getContainer(name)
      .kill()
      .catch(() => {});
  signal?.addEventListener("abort", stop, { once: true });
  try {
    return await startAndWait(daemon.docker, name, timeoutSeconds);
  } catch (error) {
    return { code: 1, output: error instanceof Error ? error.message : String(error) };
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

const lastLines = (text: string) => text.trim().split("\n").slice(-3).join("\n");
