import { byNamespace, each, inTurn, namespaceKey, namespaceOf, namespaceType } from "../cluster.ts";
import { isAboutGateway } from "../foreseen-pods.ts";
import { holdingFor, isMember, istio, membership, meshNamespaces, rootNamespace, usesIstio } from "../mesh.ts";
import type { PlacedBreach, Policy, Resource, Stack } from "../model.ts";
import { podMetadata, podOf, workloadTypes } from "../pods.ts";
import { isTrue, list, record, records, shown, text } from "../read.ts";

const peerTypes = istio("security", "PeerAuthentication");
const ruleTypes = istio("networking", "DestinationRule");

const strictMtls: Policy = {
  id: "istio-strict-mtls",
  title: "The mesh takes only connections with mutual TLS, and opens no others",
  severity: "high",
  why: "By default Istio takes plain connections beside encrypted ones: whoever reaches the network reads along, and calls services without saying who he is.",
  fix: "Add a PeerAuthentication with mtls.mode STRICT, written so, and no selector to the namespace or to istio-system; take DISABLE out of portLevelMtls and of the tls of a DestinationRule, and give subjectAltNames beside an sni of your own.",
  types: [namespaceType, ...peerTypes, ...ruleTypes],
  scope: "stack",
  references: ["Istio security best practices", "IST0128", "IST0129", "Kyverno enforce-strict-mtls"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  *check(stack) {
    yield* inTurn([
      each(meshNamespaces(stack), function* (resource) {
        const set = holdingFor(resource, stack, peerTypes).some(({ inputs }) => text(record(record(inputs.spec).mtls).mode) !== undefined);
        if (!set) yield { resource, path: "", is: "has no PeerAuthentication that asks for mutual TLS: plain connections are taken" };
      }),
      each(stack.ofType(...peerTypes), function* (resource) {
        const { mtls, portLevelMtls } = record(resource.inputs.spec);
        const { mode } = record(mtls);
        if (mode !== undefined && mode !== "STRICT" && !(mode === "UNSET" && inheritsStrict(resource, stack)))
          yield { resource, path: "spec.mtls.mode", is: weakMode(mode, "") };
        for (const [port, value] of Object.entries(record(portLevelMtls))) {
          const inner = record(value).mode ?? "UNSET";
          // Left open, it is that of the other ports.
          if (inner !== "STRICT" && inner !== "UNSET")
            yield { resource, path: `spec.portLevelMtls.${port}.mode`, is: weakMode(inner, " at this port") };
        }
      }),
      each(stack.ofType(...ruleTypes), function* (resource) {
        const { trafficPolicy, subsets } = record(resource.inputs.spec);
        yield* weakTls(resource, trafficPolicy, "spec.trafficPolicy");
        for (const [index, subset] of records(subsets)) yield* weakTls(resource, subset.trafficPolicy, `spec.subsets[${index}].trafficPolicy`);
      }),
    ]);
  },
};

function weakMode(mode: unknown, where: string): string {
  if (mode === "PERMISSIVE" || mode === "DISABLE") return `${shown(mode)}: plain connections are taken${where}`;
  if (mode === "UNSET") return `${shown(mode)}, and nothing above it is STRICT: plain connections are taken`;
  return `${shown(mode)}, which is none of STRICT, PERMISSIVE and DISABLE`;
}

/** Whether what is left open is STRICT by an object for the whole namespace, or for the whole mesh. */
function inheritsStrict(resource: Resource, stack: Stack): boolean {
  const above = [namespaceOf(resource, stack), rootNamespace];
  return stack.ofType(...peerTypes).some((other) => {
    const { selector, mtls } = record(other.inputs.spec);
    return !selector && record(mtls).mode === "STRICT" && above.includes(namespaceOf(other, stack));
  });
}

function* weakTls(resource: Resource, policy: unknown, at: string): Generator<PlacedBreach> {
  const settings: [string, unknown][] = [[at, record(policy).tls]];
  for (const [index, port] of records(record(policy).portLevelSettings)) settings.push([`${at}.portLevelSettings[${index}]`, port.tls]);
  for (const [path, tls] of settings) {
    const { mode, insecureSkipVerify, subjectAltNames, sni } = record(tls);
    if (mode === "DISABLE") yield { resource, path: `${path}.tls.mode`, is: "is DISABLE: connections to the host are opened without TLS" };
    if (mode !== "SIMPLE" && mode !== "MUTUAL") continue;
    if (isTrue(insecureSkipVerify))
      yield { resource, path: `${path}.tls.insecureSkipVerify`, is: "is true: any certificate is taken for that of the host" };
    else if (sni !== undefined && list(subjectAltNames).length === 0) {
      yield { resource, path: `${path}.tls.subjectAltNames`, is: `${shown(subjectAltNames)} beside an sni: any name in the certificate is taken` };
    }
  }
}

const authzTypes = istio("security", "AuthorizationPolicy");

const authz: Policy = {
  id: "istio-authz",
  title: "Calls within the mesh are denied unless a rule allows the caller",
  severity: "high",
  why: "Without a policy every workload of the mesh may call every other; a rule that allows without naming callers allows everybody, and one that denies a list of paths is passed by a path written otherwise.",
  fix: "Add an AuthorizationPolicy with an empty spec to the namespace, then one per service of action ALLOW with from.source.principals or serviceAccounts; let DENY name what stays allowed, by notPaths or notPrincipals.",
  types: [namespaceType, ...authzTypes],
  scope: "stack",
  references: ["Istio security best practices", "Istio ALLOW-with-positive-matching", "IST0127"],
  levels: { dev: "disabled", staging: "advisory", prod: "mandatory" },
  *check(stack) {
    yield* inTurn([
      each(meshNamespaces(stack), function* (resource) {
        if (!holdingFor(resource, stack, authzTypes).some(deniesAll))
          yield { resource, path: "", is: "has no AuthorizationPolicy that denies by default: every workload of the mesh may call" };
      }),
      each(stack.ofType(...authzTypes), function* (resource) {
        const { action, rules } = record(resource.inputs.spec);
        for (const [index, rule] of records(rules)) {
          const path = `spec.rules[${index}]`;
          // Who comes from outside has no identity: what takes requests from there is open to them by its nature.
          if ((action ?? "ALLOW") === "ALLOW" && !namesCaller(rule) && !isAboutGateway(resource, stack))
            yield { resource, path: `${path}.from`, is: "names no caller by identity: whoever reaches the workload may call" };
          if (action === "DENY" && Object.keys(rule).length > 0 && !/"not[A-Z]/.test(JSON.stringify(rule))) {
            yield { resource, path, is: "denies a list: what is written a little otherwise is let through" };
          }
        }
      }),
    ]);
  },
};

/** An empty specification allows nothing; a rule that denies and matches everything does the same. */
function deniesAll({ inputs }: Resource): boolean {
  const { action, rules } = record(inputs.spec);
  if (action === "DENY") return records(rules).some(([, rule]) => Object.keys(rule).length === 0);
  return (action ?? "ALLOW") === "ALLOW" && list(rules).length === 0;
}

const identities = ["principals", "requestPrincipals", "namespaces", "serviceAccounts"];

/** Values of a list are alternatives: one that everybody meets makes the others mean nothing. */
const namesSome = (values: unknown) => list(values).length > 0 && list(values).every((value) => value !== "*");

/** Whether every source of a rule, or a condition on it, says who calls. */
function namesCaller({ from, when }: Readonly<Record<string, unknown>>): boolean {
  const conditions = records(when).some(
    ([, { key, values }]) => /^(source\.(principal|namespace|serviceAccount)|request\.auth\.)/.test(String(key)) && namesSome(values),
  );
  const sources = records(from).map(([, { source }]) => record(source));
  const named = sources.every((source) => identities.some((field) => namesSome(source[field])));
  return conditions || (sources.length > 0 && named);
}

const injected: Policy = {
  id: "istio-injected",
  title: "Workloads beside a mesh are part of it",
  severity: "high",
  why: "A pod outside the mesh has no identity: strict services refuse it, others answer it without TLS, and no rule of the mesh holds for it.",
  fix: "Label the Namespace istio-injection: enabled, istio.io/rev with the revision, or istio.io/dataplane-mode: ambient, and take out what opts a pod out.",
  types: [namespaceType, ...workloadTypes],
  scope: "stack",
  references: ["IST0102", "IST0103"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  *check(stack) {
    if (!usesIstio(stack)) return;
    const workloads = byNamespace(stack, workloadTypes);
    yield* inTurn([
      each(stack.ofType(namespaceType), function* (resource) {
        const inside = (workloads.get(namespaceKey(resource)) ?? []).filter(
          (workload) => choice(workload) === undefined && podOf(workload).spec.hostNetwork !== true,
        );
        if (inside.length === 0 || isMember(resource)) return;
        const is = membership(resource) === "disabled" ? "switch injection off" : "name no mesh";
        yield { resource, path: "metadata.labels", is: `${is}: its pods run outside of it` };
      }),
      each(stack.ofType(...workloadTypes), function* (resource) {
        const out = choice(resource);
        if (out?.inside === false) yield { resource, path: out.path, is: `${shown(out.value)}: its pods run outside of the mesh` };
      }),
    ]);
  },
};

/** What the pods of a workload say for themselves. */
function choice(workload: Resource): { readonly path: string; readonly value: unknown; readonly inside: boolean } | undefined {
  for (const [path, entries] of podMetadata(workload)) {
    const inject = entries["sidecar.istio.io/inject"];
    if (inject !== undefined) return { path: `${path}["sidecar.istio.io/inject"]`, value: inject, inside: isTrue(inject) };
    const mode = entries["istio.io/dataplane-mode"];
    if (mode !== undefined) return { path: `${path}["istio.io/dataplane-mode"]`, value: mode, inside: mode === "ambient" };
  }
  return undefined;
}

export const istioPolicies: readonly Policy[] = [strictMtls, authz, injected];
