import { byNamespace, each, hasUnseenObjects, inTurn, nameOf, namespaceOf, serviceType } from "../cluster.ts";
import type { PlacedBreach, Policy, Resource, Stack } from "../model.ts";
import { kindOf } from "../pods.ts";
import { below, list, number, record, records, shown, text } from "../read.ts";

const ingressTypes = ["networking.k8s.io/v1", "networking.k8s.io/v1beta1", "extensions/v1beta1"].map((version) => `kubernetes:${version}:Ingress`);
const routeTypes = ["v1", "v1beta1"].map((version) => `kubernetes:gateway.networking.k8s.io/${version}:HTTPRoute`);
const gatewayTypes = ["v1", "v1beta1"].map((version) => `kubernetes:gateway.networking.k8s.io/${version}:Gateway`);

const ingressTls: Policy = {
  id: "k8s-ingress-tls",
  title: "What is published is published by TLS, under its own host, and leads to a Service",
  severity: "high",
  why: "Without TLS passwords and sessions are read on the way; a wildcard host takes requests meant for others; a snippet runs settings of its author in the gateway of everybody.",
  fix: "Set hosts and tls of ServiceMeshGateway; on a raw Ingress give spec.tls with a secret and the full host, on an HTTPRoute the sectionName of a listener with TLS, and replace snippets by the annotations made for it.",
  types: [...ingressTypes, ...routeTypes, ...gatewayTypes],
  scope: "stack",
  references: [
    "CKV_K8S_152",
    "CKV_K8S_153",
    "CKV_K8S_154",
    "kube-linter dangling-ingress",
    "kube-score ingress-targets-service",
    "Polaris tlsSettingsMissing",
  ],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  *check(stack) {
    const services = byNamespace(stack, [serviceType]);
    const backends = (resource: Resource) => missing(resource, hasUnseenObjects(stack) ? [] : (services.get(namespaceOf(resource, stack)) ?? []));
    yield* inTurn([
      each(stack.ofType(...ingressTypes), function* (resource) {
        yield* ingressBreaches(resource);
        yield* backends(resource);
      }),
      each(stack.ofType(...routeTypes), function* (resource) {
        yield* routeBreaches(resource, stack);
        yield* backends(resource);
      }),
      each(stack.ofType(...gatewayTypes), listenerBreaches),
    ]);
  },
};

/** Certificates that controllers of the clouds take instead of `spec.tls`. */
const cloudCertificates = [
  "alb.ingress.kubernetes.io/certificate-arn",
  "ingress.gcp.kubernetes.io/pre-shared-cert",
  "networking.gke.io/managed-certificates",
];

function* ingressBreaches(resource: Resource): Generator<PlacedBreach> {
  const { tls, rules } = record(resource.inputs.spec);
  const annotations = record(below(resource.inputs, "metadata.annotations"));
  for (const name of Object.keys(annotations)) {
    if (/-snippets?$/.test(name))
      yield { resource, path: `metadata.annotations["${name}"]`, is: "puts settings of its own into the gateway of everybody" };
  }
  const byCloud = cloudCertificates.some((name) => annotations[name] !== undefined);
  if (list(tls).length === 0 && !byCloud) yield { resource, path: "spec.tls", is: `${shown(tls)}: it answers without TLS` };
  const certified = records(tls).map(([, entry]) => list(entry.hosts));
  for (const [index, { host }] of records(rules)) {
    const path = `spec.rules[${index}].host`;
    if (!text(host) || text(host)?.startsWith("*"))
      yield { resource, path, is: `${shown(host)}: it takes the requests of hosts that others may want` };
    else if (certified.length > 0 && !certified.some((hosts) => hosts.length === 0 || hosts.some((each) => covers(String(each), String(host))))) {
      yield { resource, path, is: `${shown(host)}, for which spec.tls has no certificate` };
    }
  }
}

const covers = (pattern: string, host: string) =>
  pattern === host || (pattern.startsWith("*.") && host.slice(host.indexOf(".")) === pattern.slice(1));

interface Backend {
  readonly path: string;
  readonly name: unknown;
  readonly port: unknown;
}

/** Where an Ingress or a route sends requests. */
function* backendsOf({ type, inputs }: Resource): Generator<Backend> {
  const { rules, defaultBackend } = record(inputs.spec);
  if (kindOf(type) === "HTTPRoute") {
    for (const [rule, { backendRefs }] of records(rules)) {
      for (const [index, { name, port, kind, namespace }] of records(backendRefs)) {
        if ((kind ?? "Service") === "Service" && namespace === undefined) yield { path: `spec.rules[${rule}].backendRefs[${index}]`, name, port };
      }
    }
    return;
  }
  if (defaultBackend !== undefined) yield backend("spec.defaultBackend", defaultBackend);
  for (const [rule, { http }] of records(rules)) {
    for (const [index, path] of records(record(http).paths)) yield backend(`spec.rules[${rule}].http.paths[${index}].backend`, path.backend);
  }
}

function backend(path: string, value: unknown): Backend {
  const { service, serviceName, servicePort } = record(value);
  const { name, port } = record(service);
  return {
    path: service === undefined ? path : `${path}.service`,
    name: name ?? serviceName,
    port: record(port).number ?? record(port).name ?? servicePort,
  };
}

/** Backends that the Services of the namespace do not have. Of a namespace without any, or with unnamed ones, nothing can be said. */
function* missing(resource: Resource, services: readonly Resource[]): Generator<PlacedBreach> {
  if (services.length === 0 || services.some((service) => nameOf(service) === undefined)) return;
  for (const { path, name, port } of backendsOf(resource)) {
    if (name === undefined) continue;
    const service = services.find((each) => nameOf(each) === name);
    if (!service) {
      yield { resource, path, is: `names the Service ${String(name)}, which the namespace does not have` };
      continue;
    }
    const ports = records(below(service.inputs, "spec.ports")).map(([, each]) => each);
    const found = ports.some((each) => each.name === port || (number(port) !== undefined && number(each.port) === number(port)));
    if (port !== undefined && ports.length > 0 && !found)
      yield { resource, path, is: `names port ${String(port)}, which the Service ${String(name)} does not have` };
  }
}

function* routeBreaches(resource: Resource, stack: Stack): Generator<PlacedBreach> {
  const { hostnames, parentRefs, rules } = record(resource.inputs.spec);
  for (const [index, host] of list(hostnames).entries()) {
    if (text(host)?.startsWith("*"))
      yield { resource, path: `spec.hostnames[${index}]`, is: `${shown(host)}: it takes the requests of hosts that others may want` };
  }
  let anyHost = false;
  for (const [index, parent] of records(parentRefs)) {
    const plain = listenersFor(parent, resource, stack).filter(({ protocol }) => protocol === "HTTP");
    anyHost ||= listenersFor(parent, resource, stack).some(({ hostname }) => hostname === undefined);
    if (plain.length > 0 && !records(rules).every(([, rule]) => redirects(rule))) {
      yield {
        resource,
        path: `spec.parentRefs[${index}]`,
        is: `attaches to listener ${plain.map(({ name }) => String(name)).join(", ")}, which is without TLS`,
      };
    }
  }
  if (anyHost && list(hostnames).length === 0)
    yield { resource, path: "spec.hostnames", is: `${shown(hostnames)}: it takes the requests of every host` };
}

/** Listeners that a parent of a route stands for, where the Gateway is in the stack. */
function listenersFor({ kind, name, namespace, sectionName }: Readonly<Record<string, unknown>>, route: Resource, stack: Stack) {
  if ((kind ?? "Gateway") !== "Gateway") return [];
  const where = text(namespace) ?? namespaceOf(route, stack);
  const gateway = stack.ofType(...gatewayTypes).find((each) => nameOf(each) === name && namespaceOf(each, stack) === where);
  const listeners = records(below(gateway?.inputs, "spec.listeners")).map(([, listener]) => listener);
  return listeners.filter((listener) => sectionName === undefined || listener.name === sectionName);
}

const redirects = ({ filters }: Readonly<Record<string, unknown>>) =>
  records(filters).some(([, { type, requestRedirect }]) => type === "RequestRedirect" && record(requestRedirect).scheme === "https");

function* listenerBreaches(resource: Resource): Generator<PlacedBreach> {
  for (const [index, { protocol, tls }] of records(below(resource.inputs, "spec.listeners"))) {
    const { mode, certificateRefs } = record(tls);
    if (protocol === "HTTPS" && mode !== "Passthrough" && list(certificateRefs).length === 0) {
      yield { resource, path: `spec.listeners[${index}].tls.certificateRefs`, is: `${shown(certificateRefs)}: the listener has no certificate` };
    }
  }
}

export const kubernetesIngressPolicies: readonly Policy[] = [ingressTls];
