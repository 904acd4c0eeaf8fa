import { CronJob } from "@pulumi/kubernetes/batch/v1/cronJob.js";
import { Job } from "@pulumi/kubernetes/batch/v1/job.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import * as pulumi from "@pulumi/pulumi";
import type { Ready } from "../../core/connection.ts";
import { generateRevision } from "../../core/credentials.ts";
import { shortHash } from "../../core/naming.ts";
import { placeOf, type SystemScope } from "../../core/platform.ts";
import { quietly } from "../../core/quietly.ts";
import { boundReady, readyOf } from "../../core/realise.ts";
import type { JobSpec } from "../../core/workload.ts";
import { containerConfig } from "./config.ts";
import type { KubernetesContext } from "./context.ts";
import { openEndpoint } from "./endpoints.ts";
import { imageOf } from "./images.ts";
import { check, deadlineSeconds, job } from "./manifests/job.ts";
import type { Part } from "./manifests/names.ts";
import { jobPod } from "./manifests/pod.ts";
import { serviceAccount } from "./manifests/service-account.ts";
import { boundServers, openPaths, siblingServers, waysOut } from "./network.ts";

/** Runs a step to its end, again when what it does has changed. With `when: "verify"` it only waits to be run. */
export function kubernetesJob(context: KubernetesContext, parent: pulumi.Resource, spec: JobSpec, scope: SystemScope): Ready {
  const { place, cluster } = context;
  const { image, version } = imageOf(context, spec.image, scope.system);
  const part: Part = { system: scope.system, name: spec.name, role: spec.when === "up" ? "job" : "check", ...(version ? { version } : {}) };
  const account = quietly(() => new ServiceAccount(spec.name, serviceAccount(place, part), context.child(parent)));
  const config = containerConfig(context, parent, part, spec, scope.secrets);
  const joined = spec.joins === undefined ? [] : [openEndpoint(placeOf(scope, spec.joins))];
  const servers = [...joined, ...siblingServers(spec.reaches, scope), ...boundServers(spec.bindings ?? [])];
  const paths = openPaths(context, parent, part, { servers, egress: waysOut(spec.bindings, []), siblings: [] });
  const template = jobPod(place, part, spec, { ...config.names, image, pullSecrets: cluster.pullSecrets, mesh: context.meshPod });
  const before: Ready[] = [[account], config.made, paths, context.beforePods];
  const bound = boundReady(spec.bindings);
  if (spec.when === "verify") {
    return quietly(() => [new CronJob(spec.name, check(place, part, spec, template), context.child(parent, before))]);
  }
  const content = pulumi.output(template).apply((pod) => shortHash(JSON.stringify(pod)));
  const name = pulumi.interpolate`${spec.name}-${generateRevision(parent, `${spec.name}-revision`, content)}`;
  // A little longer than the Job itself has: what it says of its failure is worth more than that time is up.
  const create = `${deadlineSeconds(spec) + 30}s`;
  const options = context.child(parent, [...before, ...bound, ...spec.after.map((name) => readyOf(scope, name))], { customTimeouts: { create } });
  return quietly(() => [new Job(spec.name, job(place, part, name, spec, template), options)]);
}
