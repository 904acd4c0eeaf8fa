import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import * as pulumi from "@pulumi/pulumi";
import { connect, type Ready } from "../../../src/core/connection.ts";
import type { Platform, Realised } from "../../../src/core/platform.ts";
import { quietly } from "../../../src/core/quietly.ts";
import { allReady, boundReady } from "../../../src/core/realise.ts";
import type { SystemSpec } from "../../../src/core/system.ts";
import type { Secrets } from "../../../src/core/text.ts";
import type { KubernetesContext } from "../../../src/platforms/kubernetes/context.ts";
import { type CustomManifest, customObject } from "../../../src/platforms/kubernetes/custom-object.ts";
import { sealEndpoint } from "../../../src/platforms/kubernetes/endpoints.ts";
import { metadata, nodesName, type Part } from "../../../src/platforms/kubernetes/manifests/names.ts";
import { boundServers, openPaths } from "../../../src/platforms/kubernetes/network.ts";
import type { ClusterSystem } from "../../../src/platforms/kubernetes/systems.ts";
import type { GatewayModel } from "../model.ts";
import { certificateObjects } from "./certificates.ts";
import { gatewayCheckJob } from "./check.ts";
import { gateway, nodesService, parameters } from "./gateway.ts";
import { httpRoutes, redirectRoute } from "./http-route.ts";
import { envoyPorts, metricsPath, namesOf, ports } from "./names.ts";
import { entryAuthorization, entryPolicy, solverPolicies, upstreamAuthorization } from "./network.ts";
import { gatewayClassOf, inMesh, servedBy } from "./served-by.ts";
import { gatewayShape } from "./shape.ts";

/** A gateway as objects that its controller serves, with the paths, identities and certificate that they need. */
export const gatewayOnKubernetes: ClusterSystem = { shape: gatewayShape, realise };

function realise(context: KubernetesContext, platform: Platform, component: pulumi.ComponentResource, spec: SystemSpec): Realised {
  const { place, settings } = context;
  const { name } = spec;
  const model = spec.model as GatewayModel;
  const part: Part = { system: name, name, role: "server" };
  const secrets = mapValues(spec.secrets, (secret, key) => platform.secret(component, `${name}-${key}-password`, secret, false));
  const bindings = spec.workloads.flatMap((workload) => workload.bindings);
  const make = objectsIn(context, component);

  const before = [...boundReady(bindings), certificateSecret(context, component, part, secrets), ...paths(context, component, part, spec)];
  const istio = servedBy(settings) === "istio";
  const entry = make(gateway(place, part, gatewayClassOf(settings) ?? ""), [...before, istio ? overlay(context, component, part, model) : none]);
  // After the gateway: an authority of ACME asks through it.
  const certificates = certificateObjects(place, part, model).reduce((after: Ready, object) => make(object, [after]), entry);
  const routes = [redirectRoute(place, part, model), ...httpRoutes(place, part, model, istio)].map((route) => make(route, [entry, ...before]));
  for (const job of spec.jobs) gatewayCheckJob(context, component, job, model, secrets);

  const ready = allReady([entry, certificates, ...routes]);
  const endpoint = sealEndpoint({ system: name, name, ports: [ports.http, ports.https, envoyPorts.metrics, envoyPorts.health] });
  const connection = { system: name, workload: name, ready, endpoint };
  return {
    connections: {
      default: connect({ ...connection, scheme: "https", host: name, port: ports.https, tls: true, ...(secrets.ca ? { ca: secrets.ca } : {}) }),
      status: connect({
        ...connection,
        scheme: "http",
        host: nodes(context, component, part),
        port: envoyPorts.metrics,
        tls: false,
        path: metricsPath,
      }),
    },
  };
}

/** Makes objects of other groups under their own names. */
const objectsIn =
  (context: KubernetesContext, component: pulumi.Resource) =>
  (manifest: CustomManifest, after: readonly Ready[]): Ready =>
    pulumi.output([customObject(nameOf(manifest), manifest, context.child(component, after))]);

/** Both ends of every way in and on; in a mesh by identity, too. */
function paths(context: KubernetesContext, component: pulumi.Resource, part: Part, spec: SystemSpec): Ready[] {
  const { place, settings } = context;
  const model = spec.model as GatewayModel;
  const servers = boundServers(spec.workloads.flatMap(({ bindings }) => bindings));
  const acme = typeof model.certificate === "object" && "acme" in model.certificate.issuer;
  const policies = [entryPolicy(place, part, servedBy(settings) === "istio"), ...(acme ? solverPolicies(place, part) : [])];
  const allowed = inMesh(settings) ? [entryAuthorization(place, part), ...servers.map((server) => upstreamAuthorization(place, part, server))] : [];
  const make = objectsIn(context, component);
  return [
    openPaths(context, component, part, { servers, egress: [], siblings: [] }),
    ...quietly(() =>
      policies.map((policy) => pulumi.output([new NetworkPolicy(nameOf(policy), policy, context.child(component)) as pulumi.Resource])),
    ),
    ...allowed.map((policy) => make(policy, [])),
  ];
}

const nameOf = ({ metadata: meta }: { readonly metadata?: unknown }) => String((meta as { readonly name?: unknown } | undefined)?.name);

/** A certificate that is given. Its Secret keeps its name: the proxy reads it again when it changes. */
function certificateSecret(context: KubernetesContext, component: pulumi.Resource, part: Part, { certificate, key }: Secrets): Ready {
  if (!certificate || !key) return none;
  const { certificate: name } = namesOf(part.name);
  const manifest = {
    metadata: metadata(context.place, part, name),
    type: "kubernetes.io/tls",
    stringData: { "tls.crt": certificate, "tls.key": key },
  };
  return quietly(() => pulumi.output([new Secret(name, manifest, context.child(component)) as pulumi.Resource]));
}

function overlay(context: KubernetesContext, component: pulumi.Resource, part: Part, model: GatewayModel): Ready {
  const manifest = parameters(context.place, part, model);
  return quietly(() => pulumi.output([new ConfigMap(manifest.metadata.name as string, manifest, context.child(component)) as pulumi.Resource]));
}

/** Each replica by itself, for whoever asks for its figures. */
function nodes(context: KubernetesContext, component: pulumi.Resource, part: Part): string {
  const name = nodesName(part.name);
  quietly(() => new Service(name, nodesService(context.place, part), context.child(component)));
  return name;
}

const none: Ready = pulumi.output([] as pulumi.Resource[]);

const mapValues = <V, R>(record: Readonly<Record<string, V>>, map: (value: V, key: string) => R): Record<string, R> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
