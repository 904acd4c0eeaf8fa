import { existsSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { explainCommand } from "../../core/errors.ts";
import type { GroundContext } from "../../core/ground.ts";
import { stackName, stackPrefix } from "../../core/naming.ts";
import { formatProblems } from "../../core/problems.ts";
import type { StackSettings } from "../../core/settings.ts";
import { writeAllocations } from "./allocations.ts";
import { type CertificateSource, Certificates } from "./certificates.ts";
import { type DockerEndpoint, resolveEndpoint } from "./endpoint.ts";
import { DockerPlatform } from "./platform.ts";

/** Certificates of a plan that is recorded, by what the recorder says that it is for. */
const certificatesFor: Readonly<Record<string, CertificateSource>> = { "to-carry-out": "issued", "to-compare": "kept" };

/** Opens the Docker ground for one stack run. */
export function openGround({ settings, root, report, promised }: GroundContext) {
  const recording = Boolean(process.env.GROUNDPLAN_RECORDING);
  const certificates = new Certificates(root);
  const allocationsFile = allocationsPath(root, settings);
  const endpoint = resolveEndpoint();
  // The provider gets its daemon only when the plan is whole and nothing stands in its way: so with a real engine, too,
  // a taken port or a foreign volume is found before anything is made. Otherwise it gets none, and nothing is made.
  const checked = Promise.withResolvers<DockerEndpoint>();
  const platform = new DockerPlatform("docker", {
    settings,
    root,
    endpoint: recording ? endpoint : checked.promise,
    allocationsFile,
    certificates,
    report,
    promised,
  });
  return {
    platform,
    problems: () => platform.problems(),
    complete: async () => {
      platform.complete();
      // A recorded program changes nothing; whoever carries the plan out checks the machine and writes what was settled.
      // A certificate is no part of that: the authority belongs to the folder, and the plan that is carried out must hold it.
      if (recording) return certificates.release(certificatesFor[process.env.GROUNDPLAN_RECORDING ?? ""] ?? "stand-in");
      const found = await obstacles(platform, settings, endpoint, existsSync(allocationsFile));
      if (found) throw new pulumi.RunError(found);
      if (!pulumi.runtime.isDryRun()) writeAllocations(allocationsFile, platform.allocations);
      certificates.release(pulumi.runtime.isDryRun() ? "kept" : "issued");
      checked.resolve(endpoint);
    },
    publishedPorts: () => platform.wanted.ports.map(({ key }) => key),
    remember: () => platform.allocations,
    credentials: () => platform.credentials,
  };
}

/** What stands in the way of this plan on this machine, as text for a person. */
async function obstacles(
  platform: DockerPlatform,
  settings: StackSettings,
  endpoint: DockerEndpoint,
  remembered: boolean,
): Promise<string | undefined> {
  const { openDaemon, pingDaemon } = await import("./daemon.ts");
  const { preflight } = await import("./preflight.ts");
  const docker = openDaemon(endpoint);
  const silent = await pingDaemon(docker, endpoint);
  if (silent) return `${silent.message}\n  ${silent.fix}\n  ${silent.code}  ${explainCommand(silent.code)}`;
  const problems = await preflight(docker, {
    ...platform.wanted,
    prefix: stackPrefix(settings),
    engine: "pulumi",
    env: settings.env,
    isolation: settings.isolation,
    remembered,
    local: endpoint.host.startsWith("unix://"),
  });
  return problems.length > 0 ? formatProblems(problems) : undefined;
}

const stateFolder = (root: string, settings: Pick<StackSettings, "env" | "isolation">) =>
  join(root, ".groundplan", stackName(settings.env, settings.isolation));

const allocationsPath = (root: string, settings: Pick<StackSettings, "env" | "isolation">) => join(stateFolder(root, settings), "allocations.json");
