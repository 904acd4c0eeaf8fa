import * as pulumi from "@pulumi/pulumi";
import type { Bindings } from "../../src/core/binding.ts";
import type { Connection, External } from "../../src/core/connection.ts";
import type { Build } from "../../src/core/images.ts";
import type { Observed } from "../../src/core/observed.ts";
import type { Overrides } from "../../src/core/overrides.ts";
import type { Platform } from "../../src/core/platform.ts";
import type { Probe } from "../../src/core/probe.ts";
import type { EgressRule } from "../../src/core/workload.ts";
import type { Checkouts } from "./checkouts.ts";
import { observedService } from "./observed.ts";
import { appServiceRules, appServiceSpec } from "./spec.ts";

/** A folder of a service that outlives its container. */
export interface ServiceVolume {
  /** Absolute path in the container. */
  readonly path: string;
  /**
   * Disk in GiB. Not enforced on Docker; on AWS the file system grows by itself.
   * @default by profile: 5 (dev), 20 (staging), 100 (prod)
   * @change safe; upwards
   */
  readonly storageGiB?: number;
}

/** A folder of the machine that deploys, shared with a container. */
export interface FolderMount {
  /** Folder on the machine that deploys, from the directory of Pulumi.yaml. */
  readonly from: string;
  /** Absolute path in the container. */
  readonly path: string;
  /** Lets the service change the folder; its user needs the right to. @default false */
  readonly writable?: boolean;
}

/** Replicas that follow the load. */
export interface AutoscaleArgs {
  /** Smallest number of replicas. @unit containers */
  readonly min: number;
  /** Largest number of replicas. @unit containers */
  readonly max: number;
  /** CPU, in percent of what a replica has, that is kept on average. @default 70 */
  readonly cpuPercent?: number;
}

/** What an AppService takes. */
export interface AppServiceArgs {
  /** The ground it is made on: the one that the topology gets. */
  readonly platform: Platform;
  /**
   * Image reference with a version, or a folder to build.
   * @default in dev a placeholder that opens a real client to each binding; refused in staging and prod
   * @change restart
   */
  readonly image?:
    | string
    | {
        /** The folder, and how it becomes an image. */
        readonly build: Build;
      }
    | undefined;
  /**
   * Programs in the image that the health check may call, e.g. `["curl"]`.
   * @default none: a prober asks from beside
   * @change restart
   */
  readonly tools?: readonly ("wget" | "curl" | "nc")[];
  /** Ports that it listens on, by name. @change restart */
  readonly ports: Readonly<Record<string, number>>;
  /** How it says that it can serve: `http("/health")`, `tcp()` or `exec([...])`. @change restart */
  readonly health: Probe;
  /**
   * When it must be restarted: `http("/live")`, `tcp()` or `exec([...])`. It must not ask what the service is bound to, or a
   * database that is gone restarts every client. Docker restarts a process that ends, not one that hangs.
   * @default tcp() on the port of the health check
   * @change restart
   */
  readonly liveness?: Probe;
  /**
   * What it may connect to, and the variables that tell how; nothing else is reachable.
   * @default nothing
   * @change restart
   */
  readonly bindings?: Bindings;
  /** Plain settings. No secrets: bind, or pass a secret Output. @default none @change restart */
  readonly env?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Outbound internet that it needs. @default none @change restart */
  readonly egress?: readonly EgressRule[];
  /** Ports, by name, that are reachable from the developer's machine. @default none @change restart */
  readonly publish?: readonly string[];
  /**
   * Containers that share the work.
   * @default by profile: 1 (dev), 2 (staging), 3 (prod)
   * @unit containers
   * @change safe; only the step between 1 and more replaces the first container
   */
  readonly replicas?: number;
  /**
   * Replicas by load instead of a fixed number; Docker runs `min` of them.
   * @default none: the number of `replicas`
   * @change safe
   */
  readonly autoscale?: AutoscaleArgs;
  /**
   * Language runtime, whose heap is then kept below the memory limit: GOMEMLIMIT at 90 %, the old space of Node at 75 %,
   * MaxRAMPercentage of Java at 75 %.
   * @default none: the image sees to it
   * @change restart
   */
  readonly runtime?: "go" | "node" | "java";
  /**
   * Processors that the image is made for; an image that is built here is built for them. Docker runs what its daemon runs on.
   * @default "amd64" on AWS, what the nodes have on Kubernetes
   * @change restart
   */
  readonly architecture?: "amd64" | "arm64";
  /**
   * Seconds that a client's proxy waits for the whole answer to an HTTP request before it gives up. There is a proxy on AWS
   * (Service Connect), and on Kubernetes with a mesh; Docker, and Kubernetes without one, refuse it. These are fixed on AWS: a
   * failed connection is tried twice more, on another task each time, and a task that fails five times within 30 seconds is
   * left out for 30 to 300 seconds.
   * @default 15 on AWS, 60 on Kubernetes with a mesh
   * @change restart
   */
  readonly requestTimeoutSeconds?: number;
  /** Entry point and arguments instead of those of the image. @default those of the image @change restart */
  readonly command?: readonly string[];
  /**
   * Folders that outlive the container, by name; of one replica. Kept by `down`. On AWS they lie on EFS: shared storage with a
   * few milliseconds for each call, and each deployment stops the old task first.
   * @default none
   * @change restart
   */
  readonly volumes?: Readonly<Record<string, ServiceVolume>>;
  /**
   * Folders of the machine that deploys, by name: a working copy, say. Of the project itself all is there but `.groundplan`,
   * which is empty. On Docker alone; other targets refuse them.
   * @default none
   * @change restart
   */
  readonly mounts?: Readonly<Record<string, FolderMount>>;
  /**
   * Copies of Git repositories, by name, that each replica makes before it starts and may read. On Kubernetes and AWS; Docker
   * refuses them.
   * @default none
   * @change restart; a branch that moves is fetched at the next restart
   */
  readonly checkouts?: Checkouts;
  /** `uid:gid` of the process. @default "1000:1000" @change restart */
  readonly user?: string;
  /**
   * Lets the process write to its image's file system; /tmp is writable anyway. Weakens isolation.
   * @default false
   * @change restart
   */
  readonly writableRoot?: boolean;
  /**
   * Memory in MiB; on AWS at least so much.
   * @default by profile: 256 (dev), 512 (staging), 1024 (prod)
   * @change restart
   */
  readonly memoryMiB?: number;
  /** CPUs. @default by profile: 0.5 (dev, staging), 1 (prod) @unit CPUs @change restart */
  readonly cpus?: number;
  /** Seconds for an orderly stop after SIGTERM. @default 30 @change restart */
  readonly stopSeconds?: number;
  /**
   * Inputs of single resources of it, target by target, laid over everything else: docs/overrides.md.
   * @default none
   * @change each
   */
  readonly overrides?: Overrides;
}

/** A service of your own: an image, its ports, its health, and what it is bound to. */
export class AppService extends pulumi.ComponentResource {
  /** How other services reach its first port. */
  readonly connection: Connection;
  /** Connections by port name. */
  readonly ports: Readonly<Record<string, Connection>>;
  /** Where its first published port is reached from the developer's machine. */
  readonly external: External | undefined;
  /** Figures come from its port `metrics`, path /metrics; without one it is asked for its health. */
  readonly observed: Observed;

  constructor(name: string, args: AppServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    const settled = args.platform.settle(name, args, appServiceRules, ["ports", "health"]);
    const spec = args.platform.shape(appServiceSpec(name, settled));
    super("groundplan:index:AppService", name, spec.digest, args.platform.overriding(name, settled, opts));
    const { connections } = args.platform.realise(this, spec);
    this.ports = connections;
    this.connection = Object.values(connections)[0] as Connection;
    this.external = Object.values(connections).find((c) => c.external)?.external;
    this.observed = observedService(spec, connections);
    const summaries = Object.fromEntries(Object.entries(connections).map(([key, connection]) => [key, connection.summary]));
    this.registerOutputs({ ...spec.digest, connections: summaries });
  }
}
