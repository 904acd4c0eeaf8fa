import type { Manifest } from "../../../src/preview/kubernetes.ts";

interface ModelClass {
  new (data: object): object;
  readonly prototype: { validate(): void };
}

/**
 * What is wrong with an object by the schema of its kind: wrong values, and fields that the schema does not know. The
 * validator accepts those silently, so it is watched: a field that it never reads is none of the schema's.
 */
export async function schemaErrors(manifest: Manifest): Promise<string[]> {
  const { apiVersion, kind, metadata } = manifest;
  const what = `${kind} ${metadata.name}`;
  const Model = await modelOf(apiVersion, kind);
  if (!Model) return [`${what}: no schema of ${apiVersion}`];
  const seen = new Map<string, Set<string>>();
  const watched = watch({ ...manifest }, "", seen);
  try {
    Model.prototype.validate.call(watched);
  } catch (error) {
    return [`${what}: ${error instanceof Error ? error.message : String(error)}`];
  }
  return unread(manifest, "", seen)
    .filter((path) => !free[kind]?.test(path))
    .map((path) => `${what}: the schema knows no ${path}`);
}

/** What the schema of a kind leaves to somebody else: settings of Envoy. */
const free: Readonly<Record<string, RegExp>> = { EnvoyFilter: /^\/spec\/configPatches\/\d+\/patch\/value\// };

/** The groups that the library uses; loaded when an object asks for them. */
const groups: Readonly<Record<string, () => Promise<object>>> = {
  v1: () => import("kubernetes-models/v1"),
  "apps/v1": () => import("kubernetes-models/apps/v1"),
  "autoscaling/v2": () => import("kubernetes-models/autoscaling/v2"),
  "batch/v1": () => import("kubernetes-models/batch/v1"),
  "networking.istio.io/v1": () => import("@kubernetes-models/istio/networking.istio.io/v1"),
  "networking.k8s.io/v1": () => import("kubernetes-models/networking.k8s.io/v1"),
  "cert-manager.io/v1": () => import("@kubernetes-models/cert-manager/cert-manager.io/v1"),
  "gateway.networking.k8s.io/v1": () => import("@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1"),
  "networking.istio.io/v1alpha3": () => import("@kubernetes-models/istio/networking.istio.io/v1alpha3"),
  "security.istio.io/v1": () => import("@kubernetes-models/istio/security.istio.io/v1"),
  "policy/v1": () => import("kubernetes-models/policy/v1"),
  "telemetry.istio.io/v1": () => import("@kubernetes-models/istio/telemetry.istio.io/v1"),
  "monitoring.coreos.com/v1": () => import("@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1"),
};

async function modelOf(apiVersion: string, kind: string): Promise<ModelClass | undefined> {
  const models = (await groups[apiVersion]?.()) as Readonly<Record<string, ModelClass>> | undefined;
  return models?.[kind];
}

function watch<T extends object>(value: T, path: string, seen: Map<string, Set<string>>): T {
  const read = new Set<string>();
  seen.set(path, read);
  return new Proxy(value, {
    get: (target, key, receiver) => {
      if (typeof key === "string") read.add(key);
      const inner: unknown = Reflect.get(target, key, receiver);
      return typeof inner === "object" && inner !== null ? watchedOnce(inner, `${path}/${String(key)}`, seen) : inner;
    },
  });
}

/** A part that several rules look at keeps what each of them read. */
function watchedOnce(value: object, path: string, seen: Map<string, Set<string>>): object {
  const before = seen.get(path);
  const proxy = watch(value, path, seen);
  const now = seen.get(path);
  if (before && now) for (const key of before) now.add(key);
  return proxy;
}

function unread(value: unknown, path: string, seen: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = `${path}/${key}`;
    // What a filter of Envoy is told is none of Istio's: its schema takes anything there.
    if (path.endsWith("/patch") && key === "value") return [];
    if (!Array.isArray(value) && !seen.get(path)?.has(key)) return [at];
    return unread(inner, at, seen);
  });
}
