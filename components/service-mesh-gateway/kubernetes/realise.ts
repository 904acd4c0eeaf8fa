import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type * as pulumi from "@pulumi/pulumi";
import { connect, type External, type Ready } from "../../../src/core/connection.ts";
import type { Platform, Realised } from "../../../src/core/platform.ts";
import { quietly } from "../../../src/core/quietly.ts";
import { boundReady } from "../../../src/core/realise.ts";
import type { SystemSpec } from "../../../src/core/system.ts";
import type { Secrets } from "../../../src/core/text.ts";
import type { KubernetesContext } from "../../../src/platforms/kubernetes/context.ts";
import { sealEndpoint } from "../../../src/platforms/kubernetes/endpoints.ts";
import { nodesName, type Part } from "../../../src/platforms/kubernetes/manifests/names.ts";
import { boundServers, openPaths } from "../../../src/platforms/kubernetes/network.ts";
import type { ClusterSystem } from "../../../src/platforms/kubernetes/systems.ts";
import type { GatewayModel } from "../model.ts";
import { givenCertificate } from "./certificates.ts";
import { gatewayCheckJob } from "./check.ts";
import { gatewayApi, istioApi, nameOf, objectsIn, ready } from "./entry.ts";
import { nodesService } from "./gateway.ts";
import { envoyPorts, metricsPath, ports } from "./names.ts";
import { entryAuthorization, entryPolicy, solverPolicies } from "./network.ts";
import { gatewayProblems, gatewayWarnings } from "./problems.ts";
import { inMesh, servedBy } from "./served-by.ts";
import { gatewayShape } from "./shape.ts";

/** A gateway as objects that its controller serves, with the paths, identities and certificate that they need. */
export const gatewayOnKubernetes: ClusterSystem = { shape: gatewayShape, problems: gatewayProblems, warnings: gatewayWarnings, realise };

function realise(context: KubernetesContext, platform: Platform, component: pulumi.ComponentResource, spec: SystemSpec): Realised {
  const { name } = spec;
  const model = spec.model as GatewayModel;
  const part: Part = { system: name, name, role: "server" };
  const secrets = mapValues(spec.secrets, (secret, key) => platform.secret(component, `${name}-${key}-password`, secret, false));
  const bindings = spec.workloads.flatMap((workload) => workload.bindings);
  const before = [...boundReady(bindings), ...certificateSecret(context, component, part, secrets), ...paths(context, component, part, spec)];
  const serving = (model.api === "istio" ? istioApi : gatewayApi)(context, component, part, model, before);
  for (const job of spec.jobs) gatewayCheckJob(context, component, job, model, secrets);

  const nodes = nodesName(name);
  quietly(() => new Service(nodes, nodesService(context.place, part), context.child(component)));
  const endpoint = sealEndpoint({ system: name, name, ports: [ports.http, ports.https, envoyPorts.metrics] });
  const connection = { system: name, workload: name, ready: serving, endpoint };
  return {
    connections: {
      default: connect({
        ...connection,
        scheme: "https",
        host: name,
        port: ports.https,
        tls: true,
        ...(secrets.ca ? { ca: secrets.ca } : {}),
        ...outside(model),
      }),
      status: connect({ ...connection, scheme: "http", host: nodes, port: envoyPorts.metrics, tls: false, path: metricsPath }),
    },
  };
}

/** Its first host, once that is one that others can look up: its name leads to the address that the gateway gets. */
function outside({ hosts: [host = ""] }: Pick<GatewayModel, "hosts">): { readonly external?: External } {
  return host.includes(".") ? { external: { host, port: ports.https, address: `${host}:${ports.https}` } } : {};
}

/** Both ends of every way in and on; in a mesh by identity, too. */
function paths(context: KubernetesContext, component: pulumi.Resource, part: Part, spec: SystemSpec): Ready[] {
  const { place, settings } = context;
  const model = spec.model as GatewayModel;
  const servers = boundServers(spec.workloads.flatMap(({ bindings }) => bindings));
  const acme = typeof model.certificate === "object" && "acme" in model.certificate.issuer;
  const mesh = inMesh(settings);
  const policies = [entryPolicy(place, part, servedBy(settings) === "istio" && !mesh), ...(acme ? solverPolicies(place, part) : [])];
  return [
    openPaths(context, component, part, { servers, egress: [], siblings: [] }),
    ...policies.map((policy) => ready(() => new NetworkPolicy(nameOf(policy), policy, context.child(component)))),
    ...(mesh ? [objectsIn(context, component)(entryAuthorization(place, part, model))] : []),
  ];
}

function certificateSecret(context: KubernetesContext, component: pulumi.Resource, part: Part, { certificate, key }: Secrets): Ready[] {
  if (!certificate || !key) return [];
  const manifest = givenCertificate(context.place, part, { certificate, key });
  return [ready(() => new Secret(nameOf(manifest), manifest, context.child(component)))];
}

const mapValues = <V, R>(record: Readonly<Record<string, V>>, map: (value: V, key: string) => R): Record<string, R> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
