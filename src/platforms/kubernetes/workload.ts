import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { StatefulSet } from "@pulumi/kubernetes/apps/v1/statefulSet.js";
import { HorizontalPodAutoscaler } from "@pulumi/kubernetes/autoscaling/v2/horizontalPodAutoscaler.js";
import { PersistentVolumeClaim } from "@pulumi/kubernetes/core/v1/persistentVolumeClaim.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Ready } from "../../core/connection.ts";
import { imageReference } from "../../core/images.ts";
import { labelKeys } from "../../core/labels.ts";
import { placeOf, type RunningWorkload, type SystemScope } from "../../core/platform.ts";
import { quietly } from "../../core/quietly.ts";
import { boundReady, readyOf } from "../../core/realise.ts";
import { isRetired } from "../../core/settings.ts";
import type { WorkloadSpec } from "../../core/workload.ts";
import { containerConfig } from "./config.ts";
import type { KubernetesContext } from "./context.ts";
import { imageOf } from "./images.ts";
import { autoscaler } from "./manifests/autoscaler.ts";
import { checkoutTokens } from "./manifests/checkout.ts";
import { deployment, placingSeconds } from "./manifests/deployment.ts";
import { disruptionBudget } from "./manifests/disruption-budget.ts";
import { nodesName, type Part } from "./manifests/names.ts";
import { workloadPod } from "./manifests/pod.ts";
import { startLimitSeconds } from "./manifests/probes.ts";
import { clientService, nodesService } from "./manifests/service.ts";
import { serviceAccount } from "./manifests/service-account.ts";
import { claim, statefulSet } from "./manifests/stateful-set.ts";
import { serveInMesh } from "./mesh/paths.ts";
import { boundServers, openPaths, siblingPorts, siblingServers, waysOut } from "./network.ts";

/** A StatefulSet for what has a name or a disk of its own, else a Deployment, with all that belongs to it. */
export function kubernetesWorkload(context: KubernetesContext, parent: pulumi.Resource, spec: WorkloadSpec, scope: SystemScope): RunningWorkload {
  const { place, cluster } = context;
  const { image, version } = imageOf(context, spec.image, scope.system, spec.architecture);
  const part: Part = { system: scope.system, name: spec.name, role: "server", ...(version ? { version } : {}) };
  const account = quietly(() => new ServiceAccount(spec.name, serviceAccount(place, part), context.child(parent)));
  const kept = { ...spec, env: { ...spec.env, ...checkoutTokens(spec.checkouts) } };
  const config = containerConfig(context, parent, part, kept, scope.secrets);
  const paths = openPaths(context, parent, part, {
    servers: [
      ...boundServers(spec.bindings),
      ...siblingServers(
        spec.reaches?.filter(({ workload }) => workload !== spec.name),
        scope,
      ),
    ],
    egress: waysOut(spec.bindings, spec.egress),
    siblings: siblingPorts(spec),
  });
  const template = workloadPod(place, part, spec, {
    ...config.names,
    image,
    pullSecrets: cluster.pullSecrets,
    clusterDomain: cluster.clusterDomain,
    ...(spec.checkouts?.length ? { gitImage: imageReference({ table: "git" }, context.settings.images) } : {}),
    mesh: context.meshPod,
  });
  const before: Ready[] = [[account], config.made, paths, context.beforePods, ...waitsFor(spec, scope)];
  const most = Math.max(spec.replicas, spec.autoscale?.max ?? 1);
  // One after another at the worst; what is stuck is told much sooner, by the deadline of the Deployment's progress.
  const patience = `${(startLimitSeconds(spec.probe) + placingSeconds) * most}s`;
  const customTimeouts = { create: patience, update: patience };
  return quietly(() => {
    const service = new Service(spec.name, clientService(place, part, spec.ports), context.child(parent));
    if (most > 1) {
      new PodDisruptionBudget(spec.name, disruptionBudget(place, part, spec), context.child(parent));
    }
    // One by one: for members that find each other, for peers that are told an address, and for whoever asks each for its figures.
    const single = hasOwnState(spec) || most > 1 || spec.addressEnv !== undefined;
    const mesh = context.mesh !== undefined;
    // After the one that clients use: of several Services with one port a mesh takes the protocol that the oldest says.
    const behind = context.child(parent, [[service]]);
    const nodes = single ? [new Service(nodesName(spec.name), nodesService(place, part, spec.ports, mesh), behind)] : [];
    const served = [service, ...nodes, ...serveInMesh(context, parent, part, spec, single)] as pulumi.Resource[];
    if (!hasOwnState(spec)) {
      const options = context.child(parent, [...before, served], {
        customTimeouts,
        // Taken over by an autoscaler, a number that was fixed until then would fall to one before it is raised again.
        ...(spec.autoscale ? { ignoreChanges: ["spec.replicas"] } : {}),
      });
      const running = new Deployment(spec.name, deployment(place, part, spec, template), options);
      if (spec.autoscale) {
        const scaled = context.child(parent, [[running]]);
        new HorizontalPodAutoscaler(spec.name, autoscaler(place, part, spec.autoscale), scaled);
      }
      return handle(spec, scope, running, service);
    }
    const claims = dataClaims(context, parent, part, spec);
    const options = context.child(parent, [...before, [...served, ...claims]], {
      customTimeouts,
      // The claims are made apart and grow there; here the new size would replace the set for nothing.
      ignoreChanges: ["spec.volumeClaimTemplates[*].spec.resources"],
    });
    const running = new StatefulSet(spec.name, statefulSet(place, part, spec, template, cluster.storageClass), options);
    return handle(spec, scope, running, service);
  });
}

const waitsFor = ({ bindings, after = [] }: WorkloadSpec, scope: SystemScope): Ready[] => [
  ...boundReady(bindings),
  ...after.map((job) => readyOf(scope, job)),
];

const hasOwnState = ({ identity, volumes }: WorkloadSpec) => identity === "stable" || volumes.length > 0;

/** Protected like the credentials that open them: `down` leaves both. */
const dataClaims = (context: KubernetesContext, parent: pulumi.Resource, part: Part, spec: WorkloadSpec) =>
  spec.volumes.flatMap((volume) =>
    Array.from({ length: spec.replicas }, (_, index) => {
      const name = `${spec.name}-${index}-${volume.name}`;
      const manifest = claim(context.place, part, volume, index, context.cluster.storageClass);
      // Data in another format cannot become the new one: the engine refuses to replace what is protected, before its server stops.
      const replaceOnChanges = [`metadata.annotations["${labelKeys.format}"]`];
      const protect = !isRetired(context.settings, part.system);
      return new PersistentVolumeClaim(name, manifest, context.child(parent, [], { protect, replaceOnChanges }));
    }),
  );

const handle = (spec: WorkloadSpec, scope: SystemScope, running: pulumi.Resource, service: pulumi.Resource): RunningWorkload => ({
  host: spec.name,
  endpoint: placeOf(scope, spec.name),
  ready: [running, service],
  external: {},
});
