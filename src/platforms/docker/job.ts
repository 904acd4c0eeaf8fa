import { Container } from "@pulumi/docker/container.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Ready } from "../../core/connection.ts";
import { labelKeys } from "../../core/labels.ts";
import type { SystemScope } from "../../core/platform.ts";
import { quietly } from "../../core/quietly.ts";
import { allReady, boundReady, readyOf } from "../../core/realise.ts";
import type { JobSpec } from "../../core/workload.ts";
import { containerArgs, replaceOnChanges } from "./container.ts";
import type { DockerContext } from "./context.ts";
import { exited } from "./exited.ts";
import { filesVolume } from "./files.ts";
import { imageOf } from "./images.ts";
import { otherNetworks } from "./membership.ts";
import { filesMount, mountVolumes } from "./mounts.ts";
import { wayOut } from "./outside.ts";

/** Runs a step to its end. With `when: "verify"` the container is made but left for `groundplan verify` to start. */
export function dockerJob(context: DockerContext, parent: pulumi.Resource, spec: JobSpec, scope: SystemScope): Ready {
  const image = imageOf(context, spec.image, scope.system);
  const files = filesVolume(context, parent, scope.system, spec.name, image, spec.files, scope.secrets);
  const mounts = mountVolumes(context, parent, scope.system, spec, spec.name);
  const check = spec.when === "verify";
  const joined = spec.joins === undefined ? [] : [{ workload: spec.joins, port: "" }];
  const networks = otherNetworks({ bindings: spec.bindings ?? [], reaches: [...joined, ...(spec.reaches ?? [])] }, scope);
  const out = wayOut(context, spec.bindings, false);
  const attached = [...networks.map((name) => ({ name })), ...out.networks];
  const container = quietly(
    () =>
      new Container(
        spec.name,
        {
          ...containerArgs(spec, scope.secrets),
          name: context.physical(spec.name),
          image,
          ...(attached.length > 0 ? { networksAdvanced: attached } : { networkMode: "none" }),
          ...out.hosts,
          volumes: [...filesMount(files), ...mounts.volumes],
          restart: "no",
          mustRun: false,
          ...(check ? { start: false } : { attach: true, logs: true }),
          labels: context.labels(scope.system, check ? "check" : "job", spec.title ? { [labelKeys.title]: spec.title } : {}),
        },
        context.place(parent, {
          deleteBeforeReplace: true,
          replaceOnChanges,
          customTimeouts: { create: `${spec.timeoutSeconds}s` },
          dependsOn: allReady([
            ...boundReady(spec.bindings),
            ...spec.after.map((name) => readyOf(scope, name)),
            ...mounts.ready,
            files ? [files.carrier] : [],
          ]),
        }),
      ),
  );
  return check ? [container] : exited(container, scope.system, `job ${spec.name}`);
}
