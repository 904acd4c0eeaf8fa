import { Container } from "@pulumi/docker/container.js";
import * as pulumi from "@pulumi/pulumi";
import type { External, Ready } from "../../core/connection.ts";
import { replicaName } from "../../core/naming.ts";
import { placeOf, type RunningWorkload, type SystemScope } from "../../core/platform.ts";
import { quietly } from "../../core/quietly.ts";
import { allReady, boundReady, readyOf } from "../../core/realise.ts";
import { outsidePort, type Secrets } from "../../core/text.ts";
import type { PortSpec, WorkloadSpec } from "../../core/workload.ts";
import { containerArgs, replaceOnChanges } from "./container.ts";
import type { DockerContext } from "./context.ts";
import { openEndpoint } from "./endpoints.ts";
import { filesVolume } from "./files.ts";
import { imageOf } from "./images.ts";
import { otherNetworks } from "./membership.ts";
import { filesMount, folderMounts, hiddenState, mountVolumes } from "./mounts.ts";
import { edgeNetwork } from "./networks.ts";
import { wayOut } from "./outside.ts";
import { healthcheck, probeCommand, probePlace, probePort, startLimitSeconds } from "./probe.ts";
import { prober } from "./prober.ts";

type Attachment = { name: pulumi.Output<string>; aliases?: string[] };

/** One container per replica, all behind the workload's name as their alias. */
export function dockerWorkload(
  context: DockerContext,
  parent: pulumi.Resource,
  spec: WorkloadSpec,
  scope: SystemScope,
  external: Readonly<Record<string, External>>,
): RunningWorkload {
  const place = placeOf(scope, spec.name);
  const { network } = openEndpoint(place);
  const image = imageOf(context, spec.image, scope.system);
  const known = { ...scope.secrets, ...outsidePorts(external) };
  const shared = spec.identity === "any" ? filesVolume(context, parent, scope.system, spec.name, image, spec.files, known) : undefined;
  const bound = otherNetworks(spec, scope, network);
  const out = wayOut(context, spec.bindings, spec.egress.length > 0);
  const logs = context.logs.of(scope.system, spec.name);
  const replicas = Array.from({ length: spec.replicas }, (_, index): Ready => {
    const name = replicaName(spec.name, spec.identity, spec.replicas, index);
    const files = shared ?? filesVolume(context, parent, scope.system, name, image, spec.files, known);
    const mounts = mountVolumes(context, parent, scope.system, spec, name);
    const args = containerArgs(spec, scope.secrets, spec.hostnameEnv ? { [spec.hostnameEnv]: name } : {});
    const inside = probePlace(spec) === "inside";
    // One port of the machine cannot be shared: of replicas that have names, the first one has it.
    const published = Object.entries(spec.ports).filter(([, port]) => port.published && index === 0);
    const attachments: Attachment[] = [
      { name: network.name, aliases: [...new Set([spec.name, name])] },
      ...bound.map((name) => ({ name })),
      ...(published.length > 0 ? [{ name: edgeNetwork(context).name }] : []),
      ...out.networks,
    ];
    const container = quietly(
      () =>
        new Container(
          name,
          {
            ...args,
            tmpfs: { ...args.tmpfs, ...hiddenState(context, spec.mounts ?? []) },
            name: context.physical(name),
            // No hostname: Docker makes it an alias on every network, and names must resolve in the server's network alone.
            image,
            networksAdvanced: attachments,
            ports: published.map(([key, port]) => publishedPort(port, external[key])),
            volumes: [...filesMount(files), ...mounts.volumes, ...folderMounts(context, spec.mounts ?? [])],
            ...logs,
            ...out.hosts,
            ...(spec.sharedMemoryMiB ? { shmSize: spec.sharedMemoryMiB } : {}),
            ...(inside ? { healthcheck: healthcheck(spec.probe, probeCommand(spec.probe, spec.tools, "127.0.0.1", probePort(spec))) } : {}),
            wait: inside,
            ...(inside ? { waitTimeout: startLimitSeconds(spec.probe) } : {}),
            restart: "unless-stopped",
            stopSignal: spec.stopSignal,
            stopTimeout: spec.stopSeconds,
            destroyGraceSeconds: spec.stopSeconds,
            labels: context.labels(scope.system, "server"),
          },
          context.place(parent, {
            deleteBeforeReplace: true,
            replaceOnChanges,
            dependsOn: allReady([
              ...boundReady(spec.bindings),
              ...(spec.after ?? []).map((job) => readyOf(scope, job)),
              ...mounts.ready,
              files ? [files.carrier] : [],
            ]),
          }),
        ),
    );
    return inside ? [container] : allReady([[container], prober(context, parent, spec, scope, name, network, container)]);
  });
  return { host: spec.name, endpoint: place, ready: allReady(replicas), external };
}

/** What files may say of the machine: under which number each published port is reached. */
const outsidePorts = (external: Readonly<Record<string, External>>): Secrets =>
  Object.fromEntries(Object.entries(external).map(([name, { port }]) => [outsidePort(name).secret, pulumi.output(String(port))]));

const publishedPort = (port: PortSpec, external: External | undefined) => ({
  internal: port.port,
  external: external?.port ?? port.port,
  ip: external?.host ?? "127.0.0.1",
  protocol: "tcp",
});
