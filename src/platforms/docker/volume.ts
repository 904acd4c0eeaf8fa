import { Container } from "@pulumi/docker/container.js";
import { Volume } from "@pulumi/docker/volume.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Ready } from "../../core/connection.ts";
import { type ImageFacts, images } from "../../core/images.ts";
import { labelKeys } from "../../core/labels.ts";
import { quietly } from "../../core/quietly.ts";
import { isRetired } from "../../core/settings.ts";
import type { ContainerSpec, VolumeSpec } from "../../core/workload.ts";
import { confined } from "./container.ts";
import type { DockerContext } from "./context.ts";
import { exited } from "./exited.ts";
import { imageOf } from "./images.ts";

/** A named volume, protected unless its component is retired: `down` leaves it together with the credentials that open it. */
export function namedVolume(context: DockerContext, parent: pulumi.Resource, system: string, name: string, spec: VolumeSpec): Volume {
  context.keepsData({ name: context.physical(name), component: system, format: spec.format ?? "" });
  const format = spec.format ? { [labelKeys.format]: spec.format } : {};
  return quietly(
    () =>
      new Volume(
        name,
        { name: context.physical(name), labels: context.labels(system, "data", format) },
        // Labels cannot change on a volume that exists, and one that the other engine made has a few more: never a reason to replace data.
        context.place(parent, { protect: !isRetired(context.settings, system), ignoreChanges: ["labels"] }),
      ),
  );
}

/** Whether a fresh volume at this path belongs to the process already, because the image made the folder so. */
export function ownedByImage(spec: ContainerSpec, volume: VolumeSpec): boolean {
  if (spec.uid === 0) return true;
  if (!("table" in spec.image)) return false;
  const facts: ImageFacts = images[spec.image.table];
  return facts.uid === spec.uid && facts.ownedDirectories.includes(volume.path);
}

const marker = "/volume/.groundplan";

/** Gives a fresh volume to the user that the workload runs as; only this step has the right to do so. */
export function ownVolume(
  context: DockerContext,
  parent: pulumi.Resource,
  system: string,
  name: string,
  volume: Volume,
  owner: { readonly uid: number; readonly gid: number },
): Ready {
  const container = quietly(
    () =>
      new Container(
        `${name}-owner`,
        {
          ...confined,
          name: context.physical(`${name}-owner`),
          image: imageOf(context, { table: "toolbox" }, system),
          // Docker gives an empty volume to the owner of the image's folder at every mount; a marker keeps it from doing so.
          entrypoints: ["sh", "-c", `[ -e ${marker} ] || touch ${marker}; chown ${owner.uid}:${owner.gid} /volume`],
          user: "0:0",
          capabilities: { drops: ["ALL"], adds: ["CAP_CHOWN"] },
          volumes: [{ volumeName: volume.name, containerPath: "/volume" }],
          networkMode: "none",
          restart: "no",
          mustRun: false,
          attach: true,
          logs: true,
          memory: 32,
          memorySwap: 32,
          labels: context.labels(system, "owner"),
        },
        context.place(parent, { deleteBeforeReplace: true }),
      ),
  );
  return exited(container, system, `the ownership of volume ${name}`);
}
