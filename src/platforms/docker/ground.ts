import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { stackName } from "../../core/naming.ts";
import type { StackSettings } from "../../core/settings.ts";
import type { SystemSpec } from "../../core/system.ts";
import { writeAllocations } from "./allocations.ts";
import { resolveEndpoint } from "./endpoint.ts";
import { DockerPlatform } from "./platform.ts";

interface GroundContext {
  readonly settings: StackSettings;
  readonly root: string;
  readonly report: (report: Pick<SystemSpec, "name" | "kind" | "problems" | "warnings">) => void;
}

/** Opens the Docker ground for one stack run. */
export function openGround({ settings, root, report }: GroundContext) {
  const allocationsFile = allocationsPath(root, settings);
  const platform = new DockerPlatform("docker", { settings, root, endpoint: resolveEndpoint(), allocationsFile, report });
  return {
    platform,
    complete: () => {
      // A recorded program changes nothing; whoever carries the plan out writes what it settled.
      if (!process.env.GROUNDPLAN_RECORDING && !pulumi.runtime.isDryRun()) writeAllocations(allocationsFile, platform.allocations);
    },
    remember: () => platform.allocations,
    credentials: () => platform.credentials,
  };
}

export const stateFolder = (root: string, settings: Pick<StackSettings, "env" | "isolation">) =>
  join(root, ".groundplan", stackName(settings.env, settings.isolation));

export const allocationsPath = (root: string, settings: Pick<StackSettings, "env" | "isolation">) =>
  join(stateFolder(root, settings), "allocations.json");
