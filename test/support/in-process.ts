import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setAllConfig } from "@pulumi/pulumi/runtime/config.js";
import { disconnect, resetOptions } from "@pulumi/pulumi/runtime/settings.js";
import { runInPulumiStack } from "@pulumi/pulumi/runtime/stack.js";
import * as state from "@pulumi/pulumi/runtime/state.js";
import { settleSettings } from "../../src/config/settings.ts";
import type { Ground, GroundContext, Report } from "../../src/core/ground.ts";
import type { Platform, Target } from "../../src/core/platform.ts";
import { formatProblems, type Problem } from "../../src/core/problems.ts";
import { openDoor } from "../../src/preview/door.ts";
import type { CredentialValues } from "../../src/preview/fixtures.ts";
import { startMonitor } from "../../src/preview/monitor.ts";
import type { PlanCredential, PlanResource } from "../../src/preview/plan.ts";

/** What a topology became on a ground, or what was wrong with it. */
export interface InProcess {
  readonly resources: readonly PlanResource[];
  readonly credentials: readonly PlanCredential[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

/** Each recording has a state of its own, as each program of the Automation API has; its types do not tell. */
const { withLocalStorage } = state as unknown as { withLocalStorage<R>(run: () => Promise<R>): Promise<R> };

const grounds: Readonly<Record<Target, () => Promise<{ openGround: (context: GroundContext) => Ground }>>> = {
  docker: () => import("../../src/docker.ts"),
  kubernetes: () => import("../../src/kubernetes.ts"),
  aws: () => import("../../src/aws.ts"),
};

/**
 * Records a topology in this process, one after another: a child process, as the command starts one, takes seconds each.
 * Problems of the topology and of its ground are answered, not thrown.
 */
export async function recordInProcess(
  topology: (platform: Platform) => void,
  document: Readonly<Record<string, unknown>>,
  root?: string,
  values?: CredentialValues,
): Promise<InProcess> {
  const result = settleSettings({ project: "shop", env: "dev", document: { topology: "t", ...document }, file: "Pulumi.dev.yaml", environment: {} });
  if (!("settings" in result)) throw new Error(formatProblems(result.problems));
  const { settings } = result;
  const folder = root ?? mkdtempSync(join(tmpdir(), "groundplan-in-process-"));
  if (!root) writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
  const { openGround } = await grounds[settings.target]();
  const monitor = startMonitor("shop", "dev", values);
  const door = await openDoor(async () => monitor);
  const problems: Problem[] = [];
  const warnings: string[] = [];
  const before = { ...process.env };
  Object.assign(process.env, { GROUNDPLAN_RECORDING: "to-look-at", DOCKER_HOST: "unix:///var/run/docker.sock" });
  try {
    await withLocalStorage(async () => {
      resetOptions("shop", "dev", 16, "", door.address, false, "");
      setAllConfig({}, []);
      await runInPulumiStack(async () => {
        const report = (told: Report) => {
          problems.push(...told.problems);
          warnings.push(...told.warnings.map((warning) => `${told.name}: ${warning}`));
        };
        const ground = openGround({ settings, root: folder, report, promised: () => {} });
        topology(ground.platform);
        problems.push(...(ground.problems?.() ?? []));
        // With problems, too: what was made so far waits for it.
        await ground.complete();
        return {};
      });
      await disconnect();
    });
    const resources = problems.length > 0 ? [] : monitor.recording.resources.toSorted((a, b) => a.urn.localeCompare(b.urn));
    return { resources, credentials: monitor.recording.credentials, problems, warnings };
  } finally {
    door.close();
    monitor.stop();
    for (const name of ["GROUNDPLAN_RECORDING", "DOCKER_HOST"]) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
    if (!root) rmSync(folder, { recursive: true, force: true });
  }
}
