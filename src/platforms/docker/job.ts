import { Container } from "@pulumi/docker/container.js";
import * as pulumi from "@pulumi/pulumi";
import type { Ready } from "../../core/connection.ts";
import type { RunningWorkload, SystemScope } from "../../core/platform.ts";
import { quietly } from "../../core/quietly.ts";
import { allReady } from "../../core/realise.ts";
import type { JobSpec } from "../../core/workload.ts";
import { containerArgs, replaceOnChanges } from "./container.ts";
import type { DockerContext } from "./context.ts";
import { openEndpoint } from "./endpoints.ts";
import { exited } from "./exited.ts";
import { filesVolume } from "./files.ts";
import { imageOf } from "./images.ts";
import { filesMount, mountVolumes } from "./mounts.ts";

/** Runs a step to its end. With `when: "verify"` the container is made but left for `groundplan verify` to start. */
export function dockerJob(
  context: DockerContext,
  parent: pulumi.Resource,
  spec: JobSpec,
  scope: SystemScope,
  after: readonly RunningWorkload[],
  joins?: RunningWorkload,
): Ready {
  const image = imageOf(context, spec.image, scope.system);
  const files = filesVolume(context, parent, scope.system, spec.name, image, spec.files, scope.secrets);
  const mounts = mountVolumes(context, parent, scope.system, spec, spec.name);
  const check = spec.when === "verify";
  const network = joins && openEndpoint(joins.endpoint).network;
  const container = quietly(
    () =>
      new Container(
        spec.name,
        {
          ...containerArgs(spec, scope.secrets),
          name: context.physical(spec.name),
          image,
          ...(network ? { networksAdvanced: [{ name: network.name }] } : { networkMode: "none" }),
          volumes: [...filesMount(files), ...mounts.volumes],
          restart: "no",
          mustRun: false,
          ...(check ? { start: false } : { attach: true, logs: true }),
          labels: context.labels(scope.system, check ? "check" : "job"),
        },
        context.place(parent, {
          deleteBeforeReplace: true,
          replaceOnChanges,
          customTimeouts: { create: `${spec.timeoutSeconds}s` },
          dependsOn: allReady([...after.map((a) => a.ready), ...mounts.ready, pulumi.output(files ? [files.carrier] : [])]),
        }),
      ),
  );
  return check ? pulumi.output([container]) : exited(container, scope.system, `job ${spec.name}`);
}
