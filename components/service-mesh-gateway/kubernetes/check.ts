import { CronJob } from "@pulumi/kubernetes/batch/v1/cronJob.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import type { core } from "@pulumi/kubernetes/types/input.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Ready } from "../../../src/core/connection.ts";
import { quietly } from "../../../src/core/quietly.ts";
import type { Secrets } from "../../../src/core/text.ts";
import type { JobSpec } from "../../../src/core/workload.ts";
import { containerConfig } from "../../../src/platforms/kubernetes/config.ts";
import type { KubernetesContext } from "../../../src/platforms/kubernetes/context.ts";
import { imageOf } from "../../../src/platforms/kubernetes/images.ts";
import { check } from "../../../src/platforms/kubernetes/manifests/job.ts";
import type { Part } from "../../../src/platforms/kubernetes/manifests/names.ts";
import { jobPod } from "../../../src/platforms/kubernetes/manifests/pod.ts";
import { serviceAccount } from "../../../src/platforms/kubernetes/manifests/service-account.ts";
import { openPaths } from "../../../src/platforms/kubernetes/network.ts";
import { authorityFile } from "../check.ts";
import type { GatewayModel } from "../model.ts";
import { namesOf, ports } from "./names.ts";

/** Folder of the authority that issued the certificate. */
const authorityFolder = "/etc/groundplan-authority";
const volume = "authority";

/** The check of `verify`, as a client in the cluster: it waits in a CronJob that never runs by itself. */
export function gatewayCheckJob(context: KubernetesContext, parent: pulumi.Resource, spec: JobSpec, model: GatewayModel, secrets: Secrets): void {
  const { place, cluster } = context;
  const system = spec.joins ?? spec.name;
  const { image, version } = imageOf(context, spec.image, system);
  const part: Part = { system, name: spec.name, role: "check", ...(version ? { version } : {}) };
  const account = quietly(() => new ServiceAccount(spec.name, serviceAccount(place, part), context.child(parent)));
  const config = containerConfig(context, parent, part, spec, secrets);
  const paths = openPaths(context, parent, part, {
    servers: [{ system, name: system, ports: [ports.http, ports.https] }],
    egress: [],
    siblings: [],
  });
  const template = jobPod(place, part, spec, { ...config.names, image, pullSecrets: cluster.pullSecrets });
  const pod = model.certificate === "development" ? withAuthority(template, namesOf(system).certificate) : template;
  const before: Ready[] = [[account], config.made, paths];
  quietly(() => new CronJob(spec.name, check(place, part, spec, pod), context.child(parent, before)));
}

/** The authority without its key, from the Secret that cert-manager writes. */
export function withAuthority(template: core.v1.PodTemplateSpec, secretName: string): core.v1.PodTemplateSpec {
  const spec = template.spec as core.v1.PodSpec & { readonly containers: core.v1.Container[]; readonly volumes?: core.v1.Volume[] };
  return {
    ...template,
    spec: {
      ...spec,
      volumes: [...(spec.volumes ?? []), { name: volume, secret: { secretName, defaultMode: 0o444, items: [{ key: "ca.crt", path: "ca.crt" }] } }],
      containers: spec.containers.map((container) => ({
        ...container,
        volumeMounts: [...((container.volumeMounts as core.v1.VolumeMount[]) ?? []), { name: volume, mountPath: authorityFolder, readOnly: true }],
      })),
    },
  };
}

/** Where the client finds the authority: that of the namespace, one that is given, or nowhere: everybody trusts it. */
export function authorityOf({ certificate }: GatewayModel): string | undefined {
  if (certificate === "given") return authorityFile("").path;
  return certificate === "development" ? `${authorityFolder}/ca.crt` : undefined;
}
