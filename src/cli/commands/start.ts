import pc from "picocolors";
import { openDaemon, pingDaemon } from "../../platforms/docker/daemon.ts";
import { resolveEndpoint } from "../../platforms/docker/endpoint.ts";
import { composeVersion } from "../engines/compose.ts";
import { pulumiVersion } from "../engines/pulumi.ts";
import { printJson } from "../json.ts";
import { openProject } from "../project.ts";
import { preview } from "./preview.ts";
import { type UpOptions, up } from "./up.ts";

/** The first command of a newcomer: everything that this machine can do. */
export async function start(options: Pick<UpOptions, "timings" | "json">): Promise<void> {
  const missing = await whatIsMissing();
  if (!missing) return up("dev", options);
  if (options.json) return printJson({ started: false, stack: openProject("dev").prefix, missing });
  await preview("dev", {});
  if (options.timings) console.log("\nTimings\n  nothing was started");
  console.log(`\n${pc.yellow("not started")}  ${missing}; this was the preview. With it, the same command brings everything up.`);
}

async function whatIsMissing(): Promise<string | undefined> {
  try {
    const endpoint = resolveEndpoint();
    const docker = openDaemon(endpoint);
    const silent = await pingDaemon(docker, endpoint);
    if (silent) return silent.message;
    if (!(await composeVersion({ docker, endpoint })) && !(await pulumiVersion())) return "neither Docker Compose nor the Pulumi CLI is installed";
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
