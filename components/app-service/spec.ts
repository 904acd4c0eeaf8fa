import type * as pulumi from "@pulumi/pulumi";
import { resolveBindings } from "../../src/core/binding.ts";
import {
  aPlatform,
  type Check,
  decimal,
  flag,
  inputOf,
  integer,
  isRecord,
  listOf,
  mapOf,
  matching,
  oneOf,
  problemsOf,
  type Rules,
  shape,
} from "../../src/core/checks.ts";
import type { ConnectionSpec } from "../../src/core/connection.ts";
import { egressCheck } from "../../src/core/egress.ts";
import { imageCheck } from "../../src/core/image-checks.ts";
import { type ImageSource, images } from "../../src/core/images.ts";
import { overridesCheck } from "../../src/core/override-book.ts";
import { digestOf } from "../../src/core/parts.ts";
import type { Settled } from "../../src/core/platform.ts";
import { http, tcp } from "../../src/core/probe.ts";
import type { Problem } from "../../src/core/problems.ts";
import type { Ask, SystemSpec } from "../../src/core/system.ts";
import type { EgressRule, PortSpec, WorkloadSpec } from "../../src/core/workload.ts";
import type { AppServiceArgs, AutoscaleArgs, FolderMount, ServiceVolume } from "./app-service.ts";
import { checkoutEgress, checkoutFindings, checkoutSpecs, checkoutsCheck } from "./checkouts.ts";
import { probeCheck, relations } from "./checks.ts";
import { healthCheckJob } from "./health-check.ts";
import { placeholder } from "./placeholder.ts";
import { heapEnv } from "./runtime.ts";

const portName = matching(/^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,14}$/, "1 to 15 lower-case letters, digits and hyphens", "rename the port, e.g. http");
const absolute: Check = matching(
  /^(?!\/(?:proc|sys|dev|etc\/groundplan)(?:\/|$))(?!\/tmp$)(?:\/(?!\.\.?(?:\/|$))[^/:\0]+)+$/,
  "an absolute path that is not the system's own",
  "e.g. /data",
);

export const appServiceRules: Rules<AppServiceArgs> = {
  platform: aPlatform,
  image: imageCheck,
  tools: listOf(oneOf(["wget", "curl", "nc"])),
  ports: mapOf(portName, integer(1, 65_535)),
  health: probeCheck,
  liveness: probeCheck,
  bindings: (value, at) =>
    isRecord(value) ? [] : [{ path: at, value, rule: "a map of names to connections", fix: "write e.g. { DATABASE: db.databases.app }" }],
  env: mapOf(matching(/^[A-Za-z_][A-Za-z0-9_]*$/, "the name of a variable", "use letters, digits and _"), inputOf(matching(/^/, "text", "quote it"))),
  egress: egressCheck,
  publish: listOf(portName),
  replicas: integer(1, 50),
  autoscale: shape<AutoscaleArgs>({ min: integer(1, 50), max: integer(1, 500), cpuPercent: integer(10, 95, "percent") }, ["min", "max"]),
  runtime: oneOf(["go", "node", "java"]),
  architecture: oneOf(["amd64", "arm64"]),
  requestTimeoutSeconds: integer(1, 3600, "seconds"),
  command: listOf(matching(/^/, "text", "quote it"), 1),
  volumes: mapOf(portName, shape<ServiceVolume>({ path: absolute, storageGiB: integer(1, 65_536, "GiB") }, ["path"])),
  mounts: mapOf(
    portName,
    shape<FolderMount>({ from: matching(/\S/, "a folder", "give the path from the directory of Pulumi.yaml"), path: absolute, writable: flag }, [
      "from",
      "path",
    ]),
  ),
  checkouts: checkoutsCheck(portName, absolute),
  user: matching(/^(?!0+:)\d{1,6}:\d{1,6}$/, "uid:gid with a user that is not root", "e.g. 1000:1000"),
  writableRoot: flag,
  memoryMiB: integer(16, 1_048_576, "MiB"),
  cpus: decimal(0.05, 256),
  stopSeconds: integer(1, 3600, "seconds"),
  overrides: overridesCheck,
};

/** Everything about a service that does not depend on the target. */
export function appServiceSpec(name: string, { args, profile, problems, origins }: Settled<AppServiceArgs>): SystemSpec {
  const shapeIsRight = problems.length === 0;
  // Wrong arguments are reported and not used: defaults take their place.
  const given: Partial<AppServiceArgs> = shapeIsRight ? args : {};
  const bindings = resolveBindings(name, isRecord(args.bindings) ? args.bindings : {});
  const allProblems: Problem[] = [
    ...problems,
    ...bindings.problems,
    ...(shapeIsRight ? problemsOf(name, [...relations(args, bindings.env), ...checkoutFindings(args.checkouts ?? {})], origins) : []),
    ...(args.image === undefined && !profile.allowPlaceholder ? [noImage(name, profile.name)] : []),
  ];
  const usesPlaceholder = shapeIsRight && args.image === undefined && profile.allowPlaceholder;
  const [uid = 1000, gid = 1000] = (given.user ?? "1000:1000").split(":").map(Number);
  const { publish = [], ports = {}, health = http("/"), autoscale, checkouts = {} } = given;
  const replicas = autoscale?.min ?? given.replicas ?? profile.serviceReplicas;
  const memoryMiB = given.memoryMiB ?? profile.resources.service.memoryMiB;
  const { storageGiB: defaultStorage } = profile;
  const volumes = Object.entries(given.volumes ?? {}).map(([key, volume]) => ({
    name: key,
    path: volume.path,
    storageGiB: volume.storageGiB ?? defaultStorage,
  }));
  const stand = usesPlaceholder ? placeholder(name, ports, bindings.bindings, health, args.platform.imageReference("node")) : undefined;
  const server: WorkloadSpec = {
    name,
    replicas,
    identity: "any",
    image: stand?.image ?? imageSource(given.image),
    ...(given.command ? { entrypoint: given.command } : {}),
    env: { ...heapEnv(stand ? "node" : given.runtime, memoryMiB), ...given.env, ...bindings.env, ...stand?.env } as Record<
      string,
      pulumi.Input<string>
    >,
    files: [],
    volumes,
    mounts: Object.values(given.mounts ?? {}).map(({ from, path, writable = false }) => ({ from, path, readOnly: !writable })),
    scratch: ["/tmp"],
    uid,
    gid,
    readOnlyRoot: !(given.writableRoot ?? false),
    resources: { memoryMiB, cpus: given.cpus ?? profile.resources.service.cpus },
    ports: Object.fromEntries(
      Object.entries(ports).map(([key, port]): [string, PortSpec] => [key, { port, protocol: protocolOf(key), published: publish.includes(key) }]),
    ),
    probe: health,
    liveness: given.liveness ?? tcp("port" in health && health.port !== undefined ? { port: health.port } : {}),
    ...(autoscale ? { autoscale: { ...autoscale, cpuPercent: autoscale.cpuPercent ?? 70 } } : {}),
    ...(given.architecture ? { architecture: given.architecture } : {}),
    ...(given.requestTimeoutSeconds ? { requestTimeoutSeconds: given.requestTimeoutSeconds } : {}),
    tools: stand ? images.node.tools : (given.tools ?? []),
    bindings: bindings.bindings,
    checkouts: checkoutSpecs(checkouts),
    egress: distinct([...(given.egress ?? []), ...checkoutEgress(checkouts)]),
    stopSignal: "SIGTERM",
    stopSeconds: given.stopSeconds ?? 30,
  };
  return {
    kind: "AppService",
    name,
    problems: allProblems,
    warnings: usesPlaceholder ? ["no image is named, so a placeholder runs; staging and prod refuse that"] : [],
    digest: digestOf("AppService", profile, server),
    secrets: {},
    workloads: [server],
    jobs: health.kind === "exec" ? [] : [healthCheckJob(name, health, ports, profile.resources.job)],
    asks: asksOf(given),
    connections: Object.fromEntries(
      portNames(args.ports).map((key): [string, ConnectionSpec] => [key, { scheme: protocolOf(key), workload: name, port: key }]),
    ),
  };
}

const distinct = (rules: readonly EgressRule[]): EgressRule[] =>
  rules.filter(({ host, port }, index) => rules.findIndex((other) => other.host === host && other.port === port) === index);

const protocolOf = (portName: string) => (/^(http|web|api|metrics|admin)/.test(portName) ? "http" : "tcp");

const imageSource = (image: AppServiceArgs["image"]): ImageSource =>
  typeof image === "string" ? { reference: image } : (image ?? { reference: "" });

/** Names for connections also when the ports are not right, so that what binds to them is not reported in their stead. */
const portNames = (ports: unknown) => (isRecord(ports) && Object.keys(ports).length > 0 ? Object.keys(ports) : ["http"]);

const noImage = (component: string, profile: string): Problem => ({
  component,
  path: "image",
  value: undefined,
  rule: `an image: profile ${profile} runs no placeholder`,
  fix: 'name it under images in the stack file, or give image: "registry/name:version" or image: { build: { context } }',
  code: "GP316",
});

/** Arguments that not every target honours, when somebody set them. */
const asksOf = ({ liveness, architecture, requestTimeoutSeconds, volumes = {}, checkouts = {} }: Partial<AppServiceArgs>): Ask[] => [
  ...(Object.keys(checkouts).length > 0
    ? [{ capability: "checkouts" as const, path: "checkouts", value: Object.values(checkouts).map(({ url }) => url) }]
    : []),
  ...(liveness ? [{ capability: "liveness" as const, path: "liveness", value: liveness }] : []),
  ...(architecture ? [{ capability: "architecture" as const, path: "architecture", value: architecture }] : []),
  ...(requestTimeoutSeconds ? [{ capability: "requestTimeout" as const, path: "requestTimeoutSeconds", value: requestTimeoutSeconds }] : []),
  ...Object.entries(volumes).flatMap(([name, { storageGiB }]) =>
    storageGiB === undefined ? [] : [{ capability: "storageSize" as const, path: `volumes.${name}.storageGiB`, value: storageGiB }],
  ),
];
