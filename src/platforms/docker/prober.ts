import { Container } from "@pulumi/docker/container.js";
import type { Network } from "@pulumi/docker/network.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Ready } from "../../core/connection.ts";
import { images } from "../../core/images.ts";
import type { SystemScope } from "../../core/platform.ts";
import { quietly } from "../../core/quietly.ts";
import type { WorkloadSpec } from "../../core/workload.ts";
import { confined, replaceOnChanges } from "./container.ts";
import type { DockerContext } from "./context.ts";
import { imageOf } from "./images.ts";
import { healthcheck, probeCommand, probePort, startLimitSeconds } from "./probe.ts";

/**
 * Asks the probe of an image that has no program for it, over the server's network and by its name: this survives a
 * restart of the workload, which sharing its network namespace would not. Healthy exactly when the workload is.
 */
export function prober(
  context: DockerContext,
  parent: pulumi.Resource,
  spec: WorkloadSpec,
  scope: SystemScope,
  replica: string,
  network: Network,
  workload: Container,
): Ready {
  const container = quietly(
    () =>
      new Container(
        `${replica}-prober`,
        {
          ...confined,
          name: context.physical(`${replica}-prober`),
          image: imageOf(context, { table: "toolbox" }, scope.system),
          entrypoints: ["sleep", "2147483647"],
          user: "65534:65534",
          networksAdvanced: [{ name: network.name }],
          healthcheck: healthcheck(spec.probe, probeCommand(spec.probe, images.toolbox.tools, replica, probePort(spec))),
          wait: true,
          waitTimeout: startLimitSeconds(spec.probe),
          restart: "unless-stopped",
          stopSignal: "SIGKILL",
          memory: 32,
          memorySwap: 32,
          cpus: "0.25",
          labels: context.labels(scope.system, "prober"),
        },
        context.place(parent, { deleteBeforeReplace: true, replaceOnChanges, dependsOn: [workload] }),
      ),
  );
  return [container];
}
