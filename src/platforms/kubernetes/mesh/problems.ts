import { nearest, type Problem } from "../../../core/problems.ts";
import type { StackSettings } from "../../../core/settings.ts";
import type { SystemSpec } from "../../../core/system.ts";
import { isToldApart } from "./manifests/service-entry.ts";
import { meshOf } from "./mesh.ts";

/** Ports on which the proxy beside each container listens (Istio, "Application requirements"). */
const reservedPorts = [15000, 15001, 15002, 15004, 15006, 15008, 15020, 15021, 15053, 15090];
/** User of the proxy: what it sends is not redirected, so a container with the same one would be outside of the mesh. */
const proxyUser = 1337;

/** What a pod of the mesh may not be. */
export function meshProblems(spec: SystemSpec, settings: StackSettings): Problem[] {
  if (!meshOf(settings)) return [];
  const taken = spec.workloads.flatMap(({ name, ports }) =>
    Object.entries(ports)
      .filter(([, { port }]) => reservedPorts.includes(port))
      .map(([key, { port }]) => ({
        component: spec.name,
        path: `${name}.ports.${key}`,
        value: port,
        rule: `a port that the proxy of the mesh does not take for itself: ${reservedPorts.join(", ")}`,
        fix: "let it listen on another port",
      })),
  );
  const proxies = [...spec.workloads, ...spec.jobs].filter(({ uid }) => uid === proxyUser);
  return [
    ...taken,
    ...proxies.map(({ name, uid }) => ({
      component: spec.name,
      path: `${name}.uid`,
      value: uid,
      rule: `a user other than ${proxyUser}, which is that of the proxy: the mesh lets its traffic pass by`,
      fix: "give the image a user of its own",
    })),
  ];
}

/** What a mesh does in another way than its words say. */
export const meshWarnings = (spec: SystemSpec, settings: StackSettings): string[] =>
  meshOf(settings)
    ? [
        ...new Set(spec.workloads.flatMap(({ egress }) => egress.filter((rule) => !isToldApart(rule)).map(({ host, port }) => `${host}:${port}`))),
      ].map(
        (way) => `egress ${way}: of a connection that is no TLS on port 443 a proxy knows the port alone, and takes every one outside on it there`,
      )
    : [];

/** Settings of ambient, which a mesh of sidecars has not. */
const onlyAmbient = ["waypoint", "ztunnel"];

/** Settings of a mesh that the stack does not have, and that mean nothing together. */
export function strayMeshSettings({ kubernetes, origins }: StackSettings): Problem[] {
  const { mode, ...others } = kubernetes?.mesh ?? { mode: "none" };
  const set = Object.entries(others).filter(([, value]) => value !== undefined && value !== false);
  const problem = (key: string, value: unknown, rule: string, fix: string): Problem => ({
    component: "stack",
    path: `kubernetes.mesh.${key}`,
    value,
    rule,
    fix,
    ...(origins.kubernetes ? { origin: origins.kubernetes } : {}),
  });
  const { install = false, version, tracingProvider } = others;
  const used = mode !== "none";
  return [
    ...(mode === "ambient" ? [problem("mode", mode, "sidecar or none: ambient is not built", "use sidecar")] : []),
    ...set
      .filter(([key]) => onlyAmbient.includes(key))
      .map(([key, value]) => problem(key, value, "unset: only ambient has this, and ambient is not built", "remove it")),
    ...set
      .filter(([key]) => !used && !onlyAmbient.includes(key))
      .map(([key, value]) => problem(key, value, "a setting of a mesh that is used: its mode is none", `set mode: sidecar, or remove ${key}`)),
    ...(used && !install && version !== undefined
      ? [problem("version", version, "unset without install: a mesh that is there has the version that it has", "remove it, or set install: true")]
      : []),
    ...(used && install && tracingProvider !== undefined
      ? [
          problem(
            "tracingProvider",
            tracingProvider,
            "unset with install: the mesh that is installed has one provider, which leads to the collector",
            "remove it",
          ),
        ]
      : []),
  ];
}

/** What only the whole topology shows: exceptions for nothing, and hosts outside that proxies cannot tell apart. */
export function wholeMeshProblems(specs: readonly SystemSpec[], settings: StackSettings): Problem[] {
  const mesh = meshOf(settings);
  if (!mesh) return [];
  const workloads = specs.flatMap((spec) => spec.workloads);
  const origin = settings.origins.kubernetes;
  const strays = mesh.permissive.flatMap(({ workload, port }, index): Problem[] => {
    const found = workloads.find(({ name }) => name === workload);
    if (found && Object.hasOwn(found.ports, port)) return [];
    const known = found ? Object.keys(found.ports) : workloads.map(({ name }) => name);
    const value = found ? port : workload;
    const guess = nearest(value, known);
    return [
      {
        component: "stack",
        path: `kubernetes.mesh.permissive[${index}].${found ? "port" : "workload"}`,
        value,
        rule: found ? `a port of ${workload}` : "a workload of this topology",
        fix: guess ? `did you mean ${guess}?` : `remove it; known are ${known.join(", ") || "none"}`,
        ...(origin ? { origin } : {}),
      },
    ];
  });
  return [...strays, ...confused(specs)];
}

/** Of a connection that is no TLS a proxy knows the port alone, so the first host that is declared on it would get them all. */
function confused(specs: readonly SystemSpec[]): Problem[] {
  const declared = specs.flatMap(({ name, workloads }) => workloads.flatMap(({ egress }) => egress.map((rule) => ({ component: name, ...rule }))));
  const first = new Map<number, string>();
  return declared
    .filter((rule) => !isToldApart(rule))
    .flatMap(({ component, host, port }): Problem[] => {
      const other = first.get(port) ?? host;
      first.set(port, other);
      if (other === host) return [];
      return [
        {
          component,
          path: "egress",
          value: `${host}:${port}`,
          rule: `with a mesh, one host name for each port but 80 and 443: ${other} has ${port}, and the proxy cannot tell them apart`,
          fix: "declare one of them by its address",
        },
      ];
    });
}
