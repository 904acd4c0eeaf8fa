import { each, inTurn, namespaceKey, namespaceOf, serviceType } from "../cluster.ts";
import { istio, meshNamespaces } from "../mesh.ts";
import type { PlacedBreach, Policy, Resource, Stack } from "../model.ts";
import { below, list, number, record, records, shown, text } from "../read.ts";

const routeTypes = istio("networking", "VirtualService");
const ruleTypes = istio("networking", "DestinationRule");

const routes: Policy = {
  id: "istio-routes",
  title: "Routes of the mesh lead to subsets that exist, and end in time",
  severity: "medium",
  why: "Istio takes a wrong route without a word: requests fail with 503, go to the wrong version, or wait for ever on a service that hangs.",
  fix: "Give each of several destinations its weight, define each subset in a DestinationRule of the same host, put the route without match last, give one host of one gateway to one VirtualService, set timeout, and call Service ports by their protocol.",
  types: [...routeTypes, serviceType],
  scope: "stack",
  references: ["IST0101", "IST0109", "IST0112", "IST0118", "IST0130", "Istio traffic management best practices"],
  levels: { dev: "mandatory", staging: "mandatory", prod: "mandatory" },
  *check(stack) {
    const members = new Set(meshNamespaces(stack).map(namespaceKey));
    yield* inTurn([
      each(stack.ofType(...routeTypes), function* (resource) {
        for (const [path, route] of routesOf(resource)) {
          yield* lackingWeights(resource, path, route);
          yield* unknownSubsets(resource, path, route, stack);
        }
        yield* httpBreaches(resource);
        yield* overlaps(resource, stack);
      }),
      each(stack.ofType(serviceType), function* (resource) {
        if (members.has(namespaceOf(resource, stack))) yield* namelessProtocols(resource);
      }),
    ]);
  },
};

/** Routes of every protocol with their paths. */
const routesOf = ({ inputs }: Resource) =>
  ["http", "tls", "tcp"].flatMap((protocol) =>
    records(record(inputs.spec)[protocol]).map(([index, { route }]) => [`spec.${protocol}[${index}].route`, route] as const),
  );

const weightsOf = (route: unknown) => records(route).map(([, { weight }]) => number(weight) ?? 0);
const sumOf = (weights: readonly number[]) => weights.reduce((total, weight) => total + weight, 0);

function* lackingWeights(resource: Resource, path: string, route: unknown): Generator<PlacedBreach> {
  const weights = weightsOf(route);
  if (weights.length > 1 && sumOf(weights) === 0) yield { resource, path, is: "has several destinations and no weights: the mesh refuses it" };
}

const weights: Policy = {
  id: "istio-weights",
  title: "Weights of a route are percentages",
  severity: "low",
  why: "Current releases take weights as proportions, so 1 and 1 is a valid half; older ones refuse what does not sum up to 100, and a sum of 90 is more often a slip of the one who wrote it than a proportion.",
  fix: "Let the weights of a route sum up to 100, or waive a proportion that is meant.",
  types: routeTypes,
  scope: "resource",
  references: ["Istio traffic management best practices", "Istio VirtualService: HTTPRouteDestination"],
  levels: { dev: "advisory", staging: "advisory", prod: "advisory" },
  *check(resource) {
    for (const [path, route] of routesOf(resource)) {
      const given = weightsOf(route);
      const sum = sumOf(given);
      if (given.length > 1 && sum !== 0 && sum !== 100) yield { path, is: `has weights with the sum ${sum} instead of 100` };
    }
  },
};

/** `api` of namespace shop, as it is called within the cluster. */
const fullName = (host: unknown, namespace: string) => (String(host).includes(".") ? String(host) : `${String(host)}.${namespace}.svc.cluster.local`);

function* unknownSubsets(resource: Resource, path: string, route: unknown, stack: Stack): Generator<PlacedBreach> {
  for (const [index, { destination }] of records(route)) {
    const { host, subset } = record(destination);
    if (subset === undefined) continue;
    const name = fullName(host, namespaceOf(resource, stack));
    const rules = stack.ofType(...ruleTypes).filter((rule) => fullName(below(rule.inputs, "spec.host"), namespaceOf(rule, stack)) === name);
    const defined = rules.flatMap(({ inputs }) => records(below(inputs, "spec.subsets")).map(([, each]) => each.name));
    if (!defined.includes(subset))
      yield { resource, path: `${path}[${index}].destination.subset`, is: `${shown(subset)}, which no DestinationRule of the host defines` };
  }
}

function* httpBreaches(resource: Resource): Generator<PlacedBreach> {
  let caught = false;
  for (const [index, { match, route, timeout }] of records(below(resource.inputs, "spec.http"))) {
    const path = `spec.http[${index}]`;
    if (caught) yield { resource, path, is: "is never reached: a route before it takes every request" };
    caught ||= list(match).length === 0 || records(match).some(([, condition]) => takesAll(condition));
    if (route !== undefined && (text(timeout) ?? "") === "")
      yield { resource, path: `${path}.timeout`, is: "is not set: a request waits for ever on a service that hangs" };
  }
}

const takesAll = (condition: Readonly<Record<string, unknown>>) =>
  Object.keys(condition).every((key) => key === "name" || (key === "uri" && record(condition.uri).prefix === "/"));

/** Hosts that an earlier VirtualService takes at the same gateway, or within the mesh when none is named. */
function* overlaps(resource: Resource, stack: Stack): Generator<PlacedBreach> {
  const all = stack.ofType(...routeTypes);
  const earlier = all.slice(0, all.indexOf(resource));
  for (const [index, host] of list(below(resource.inputs, "spec.hosts")).entries()) {
    const name = fullName(host, namespaceOf(resource, stack));
    const other = earlier.find(
      (each) =>
        list(below(each.inputs, "spec.hosts")).some((taken) => fullName(taken, namespaceOf(each, stack)) === name) &&
        gatewaysOf(each, stack).some((gateway) => gatewaysOf(resource, stack).includes(gateway)),
    );
    if (other)
      yield {
        resource,
        path: `spec.hosts[${index}]`,
        is: `${shown(host)}, which the VirtualService ${other.name} has too: which of them wins is not defined`,
      };
  }
}

const gatewaysOf = (resource: Resource, stack: Stack): readonly string[] => {
  const named = list(below(resource.inputs, "spec.gateways")).map(String);
  if (named.length === 0) return ["mesh"];
  return named.map((gateway) => (gateway === "mesh" || gateway.includes("/") ? gateway : `${namespaceOf(resource, stack)}/${gateway}`));
};

const protocolName = /^(grpc|grpc-web|http|http2|https|mongo|mysql|redis|tcp|tls|udp)(-|$)/;

function* namelessProtocols(resource: Resource): Generator<PlacedBreach> {
  for (const [index, { name, protocol, appProtocol }] of records(below(resource.inputs, "spec.ports"))) {
    if (appProtocol !== undefined || (protocol !== undefined && protocol !== "TCP") || protocolName.test(text(name) ?? "")) continue;
    yield { resource, path: `spec.ports[${index}].name`, is: `${shown(name)}, which names no protocol as http-web would: the mesh has to guess it` };
  }
}

export const istioRoutePolicies: readonly Policy[] = [routes, weights];
