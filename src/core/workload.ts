import type { Input } from "@pulumi/pulumi";
import type { Connection } from "./connection.ts";
import type { ImageSource } from "./images.ts";
import type { Probe } from "./probe.ts";
import type { Text } from "./text.ts";

/**
 * A value of an environment variable: plain, a template that names secrets, or what a connection gives. A target with a
 * store for secrets keeps everything there that is not plain text: whether an Output is secret is known too late.
 */
export type EnvValue = Text | Input<string>;

/** A file that the container reads; mounted read-only. */
export interface FileSpec {
  /** Absolute path in the container. All files of a container lie in one folder, or below it. */
  readonly path: string;
  readonly content: Text;
}

export interface PortSpec {
  readonly port: number;
  /** Protocol by name; a mesh and a gateway read it. */
  readonly protocol: "http" | "grpc" | "tcp" | "postgres" | "nats" | "redis" | "sqs";
  /** Reachable from the developer's machine (Docker, a forwarded port on Kubernetes) or through the gateway. */
  readonly published: boolean;
}

/** Data that outlives the container: kept by `down`, protected together with the credentials that open it. */
export interface VolumeSpec {
  /** Suffix below the system's name, e.g. `data`. */
  readonly name: string;
  readonly path: string;
  readonly storageGiB: number;
  /** Format of the data. A volume made in another format is refused before anything starts. */
  readonly format?: string;
}

/** A folder of the machine that deploys, shared with the container; only a target on that machine has it. */
export interface MountSpec {
  /** Folder on the machine, from the directory of Pulumi.yaml. */
  readonly from: string;
  /** Absolute path in the container. */
  readonly path: string;
  readonly readOnly: boolean;
}

/** A copy of a Git repository that each replica makes before it starts. */
export interface CheckoutSpec {
  readonly name: string;
  /** Over HTTPS, without credentials. */
  readonly url: string;
  /** Branch, tag or full commit. */
  readonly ref: string;
  /** Absolute path in the container, which may read it. */
  readonly path: string;
  readonly sizeMiB: number;
  /** User and password that open the repository. @default none: it is public */
  readonly login?: { readonly username: string; readonly token: Input<string> };
}

/** A port of another workload of the same system. */
export interface PartPort {
  readonly workload: string;
  readonly port: string;
}

export interface Resources {
  readonly memoryMiB: number;
  readonly cpus: number;
}

/** Replicas that follow the load. */
export interface Autoscale {
  readonly min: number;
  readonly max: number;
  /** Average CPU, in percent of what one replica has, that the number of replicas keeps. */
  readonly cpuPercent: number;
}

/** Outbound internet; nothing is open without it. */
export interface EgressRule {
  /** Host name, or `*.example.com` for all below a domain. */
  readonly host: string;
  /** Port there. @unit port */
  readonly port: number;
}

/** What runs in a container, whatever starts it. */
export interface ContainerSpec {
  readonly image: ImageSource;
  /** @default the entry point of the image */
  readonly entrypoint?: readonly string[];
  /** @default the command of the image */
  readonly command?: readonly string[];
  readonly env: Readonly<Record<string, EnvValue>>;
  readonly files: readonly FileSpec[];
  readonly volumes: readonly VolumeSpec[];
  /** Writable folders in memory. */
  readonly scratch: readonly string[];
  readonly uid: number;
  readonly gid: number;
  readonly resources: Resources;
  readonly readOnlyRoot: boolean;
}

/** A long-running part of a system: one container per replica. */
export interface WorkloadSpec extends ContainerSpec {
  /** Name of the part; also the host name that others use. */
  readonly name: string;
  readonly replicas: number;
  /**
   * `stable`: each replica keeps its own volumes and a name of its own, `<name>-<index>`, by which its siblings reach it
   * (quorum systems); `any`: replicas are alike.
   */
  readonly identity: "stable" | "any";
  /** Environment variable that receives the replica's own host name. */
  readonly hostnameEnv?: string;
  /**
   * Environment variable that receives the replica's own address, for servers that tell it to their peers; their siblings
   * must be able to reach it there. @default none
   */
  readonly addressEnv?: string;
  readonly ports: Readonly<Record<string, PortSpec>>;
  /**
   * Ports that others reach under its name, each time another replica, where the target puts a proxy between (Service Connect
   * on AWS); the others are reached on the replicas themselves. None: no proxy. Other targets have no proxy to choose for.
   * @default all
   */
  readonly offers?: readonly string[];
  /** Whether it can serve: asks the part itself, never the others of its quorum. */
  readonly probe: Probe;
  /** Whether it must be restarted; never asks what it is bound to. @default the probe */
  readonly liveness?: Probe;
  /** Called inside the container before the stop signal, where the target can: hands work over before it goes. */
  readonly drain?: readonly string[];
  /** Replicas by load; `replicas` is then the smallest number. */
  readonly autoscale?: Autoscale;
  /** Processors that the image is made for. @default what the target runs on */
  readonly architecture?: "amd64" | "arm64";
  /** Longest that a proxy in front may wait for an answer to an HTTP request. @default that of the target */
  readonly requestTimeoutSeconds?: number;
  /** Programs in the image that a probe may call. */
  readonly tools: readonly string[];
  readonly bindings: readonly ResolvedBinding[];
  /**
   * Workloads of the same system that it connects to: a path, as a binding is; it does not wait for them. Its own name opens
   * the way between its replicas. @default none
   */
  readonly reaches?: readonly PartPort[];
  /** Jobs of the same system that must have ended well before it starts, and workloads that must be ready. @default none */
  readonly after?: readonly string[];
  /** Folders of the machine. @default none */
  readonly mounts?: readonly MountSpec[];
  /** Repositories; the way to their hosts is in `egress`. @default none */
  readonly checkouts?: readonly CheckoutSpec[];
  readonly egress: readonly EgressRule[];
  /** Argument that the egress follows from, where nobody wrote it down as such. @default egress itself */
  readonly egressFrom?: string;
  readonly stopSignal: string;
  readonly stopSeconds: number;
  readonly sharedMemoryMiB?: number;
  /** Notes that others read on its pods in a cluster, such as a sidecar; on other targets nobody does. @default none */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A step that runs to its end: at every `up` as a gate, or when `verify` asks. */
export interface JobSpec extends ContainerSpec {
  readonly name: string;
  readonly when: "up" | "verify";
  /** What `verify` calls the check. @default "by its protocol" */
  readonly title?: string;
  /** Workload of the same system whose network it joins. Without it and without bindings it has no network at all. */
  readonly joins?: string;
  /** Further workloads of the same system that it connects to. @default none */
  readonly reaches?: readonly PartPort[];
  /** Other systems that it connects to; it waits for them. @default none */
  readonly bindings?: readonly ResolvedBinding[];
  /** Workloads and jobs of the same system that must be ready before. */
  readonly after: readonly string[];
  readonly timeoutSeconds: number;
}

/** A binding after its environment variables are worked out. */
export interface ResolvedBinding {
  readonly key: string;
  readonly to: Connection;
  /** Starts without waiting until the other can serve: what only looks on comes up beside it. @default false */
  readonly atOnce?: boolean;
  /** Names of the environment variables that it gives. @default none */
  readonly variables?: readonly string[];
}
