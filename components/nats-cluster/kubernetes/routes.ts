import type { ComponentResource } from "@pulumi/pulumi";
import { Provider } from "@pulumi/tls/provider.js";
import { stackPrefix } from "../../../src/core/naming.ts";
import { filesFolder as folder } from "../../../src/core/parts.ts";
import type { Platform, Realised } from "../../../src/core/platform.ts";
import { realiseContainers } from "../../../src/core/realise.ts";
import type { SystemSpec } from "../../../src/core/system.ts";
import { secretRef, text } from "../../../src/core/text.ts";
import type { FileSpec, WorkloadSpec } from "../../../src/core/workload.ts";
import { certificateAuthority } from "../../../src/platforms/certificates.ts";
import type { KubernetesContext } from "../../../src/platforms/kubernetes/context.ts";
import { nodesName } from "../../../src/platforms/kubernetes/manifests/names.ts";
import type { ClusterSystem } from "../../../src/platforms/kubernetes/systems.ts";
import { routeAddress, serverConfig } from "../config.ts";
import type { NatsModel } from "../model.ts";

/** A NatsCluster in a cluster of Kubernetes: between three nodes, routes are TLS with certificates of the system's own authority. */
export const natsOnCluster: ClusterSystem = { shape: withRoutes, realise };

/** Of the certificate that nodes show each other: the secret, and the file. */
const parts = { certificate: "route.pem", key: "route-key.pem", ca: "route-ca.pem" } as const;
const secretOf = (part: string) => `route-${part}`;

function withRoutes(spec: SystemSpec): SystemSpec {
  const model = spec.model as NatsModel;
  if (model.replicas === 1) return spec;
  return { ...spec, workloads: spec.workloads.map((server) => (server.name === spec.name ? overTls(server, model) : server)) };
}

/** By names that resolve in the whole namespace: those of siblings alone would hold in their own pods only. */
function overTls(server: WorkloadSpec, model: NatsModel): WorkloadSpec {
  const { name } = server;
  const domain = nodesName(name);
  const config = `${folder}/nats.conf`;
  const files = server.files.map((file) =>
    file.path === config ? { ...file, content: serverConfig({ ...model, name, apart: { domain, folder } }) } : file,
  );
  const shown = Object.entries(parts).map(([part, file]): FileSpec => ({ path: `${folder}/${file}`, content: text`${secretRef(secretOf(part))}` }));
  return {
    ...server,
    // Each tells the others its own full name, for which the certificate holds; the template of the pods is the same for all.
    command: ["sh", "-c", `export ${routeAddress}="$SERVER_NAME.${domain}:6222"; exec nats-server --config ${config}`],
    files: [...files, ...shown],
  };
}

/**
 * One certificate for the names of all nodes: they are pods of one template with one Secret, so each could read the keys of
 * the others as well.
 */
function realise(context: KubernetesContext, platform: Platform, component: ComponentResource, spec: SystemSpec): Realised {
  const { name } = spec;
  const { replicas } = spec.model as NatsModel;
  if (replicas === 1) return realiseContainers(platform, component, spec);
  const resource = `${name}-route`;
  const { ca, issued } = certificateAuthority({
    parent: component,
    provider: context.once("tls-provider", () => new Provider("tls", {}, { parent: context.platform })),
    name: `${resource}-ca`,
    commonName: `${stackPrefix(context.settings)} ${name} routes`,
    certificates: { [resource]: { commonName: name, dnsNames: nodeNames(name, replicas) } },
  });
  const of = { ...issued[resource], ca };
  const given = Object.entries(of).map(([part, value]) => [secretOf(part), { use: `routes between the nodes of ${name}`, given: value }] as const);
  return realiseContainers(platform, component, { ...spec, secrets: { ...spec.secrets, ...Object.fromEntries(given) } });
}

const nodeNames = (name: string, replicas: number) => Array.from({ length: replicas }, (_, index) => `${name}-${index}.${nodesName(name)}`);
