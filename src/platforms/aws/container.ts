/** One container of a task, as ECS reads it in JSON. Only what the library uses. */
export interface ContainerDefinition {
  readonly name: string;
  readonly image: string;
  readonly essential: boolean;
  readonly entryPoint?: readonly string[];
  readonly command?: readonly string[];
  /** Units of a thousandth and a bit: 1024 are one CPU. */
  readonly cpu: number;
  /** MiB; more is the end of the container. @default all that the task has */
  readonly memory?: number;
  /** `uid:gid`. */
  readonly user: string;
  readonly readonlyRootFilesystem: boolean;
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly secrets: readonly { readonly name: string; readonly valueFrom: string }[];
  readonly portMappings: readonly {
    readonly name: string;
    readonly containerPort: number;
    readonly hostPort: number;
    readonly protocol: "tcp";
    readonly appProtocol?: "http";
  }[];
  readonly healthCheck?: {
    readonly command: readonly string[];
    readonly interval: number;
    readonly timeout: number;
    readonly retries: number;
    readonly startPeriod: number;
  };
  readonly dependsOn: readonly { readonly containerName: string; readonly condition: "SUCCESS" | "HEALTHY" | "START" }[];
  readonly stopTimeout?: number;
  readonly linuxParameters: {
    readonly initProcessEnabled: boolean;
    readonly capabilities: { readonly add: readonly string[]; readonly drop: readonly string[] };
    readonly tmpfs: readonly { readonly containerPath: string; readonly size: number; readonly mountOptions: readonly string[] }[];
  };
  readonly ulimits: readonly { readonly name: "nofile"; readonly softLimit: number; readonly hardLimit: number }[];
  readonly mountPoints: readonly { readonly sourceVolume: string; readonly containerPath: string; readonly readOnly: boolean }[];
  readonly volumesFrom: readonly never[];
  readonly systemControls: readonly { readonly namespace: string; readonly value: string }[];
  readonly logConfiguration: LogConfiguration;
}

export interface LogConfiguration {
  readonly logDriver: "awslogs";
  readonly options: Readonly<Record<string, string>>;
}

/** Lines go to the declared group; a service that logs faster than it can be sent loses lines and does not stand still. */
export const logConfiguration = (group: string, region: string, prefix: string): LogConfiguration => ({
  logDriver: "awslogs",
  options: { "awslogs-group": group, "awslogs-region": region, "awslogs-stream-prefix": prefix, mode: "non-blocking", "max-buffer-size": "4m" },
});

/** What every container gets: an init process, no capability, writable folders in memory only. */
export const confined = (scratch: readonly string[]) => ({
  linuxParameters: {
    initProcessEnabled: true,
    capabilities: { add: [], drop: ["ALL"] },
    tmpfs: scratch.map((containerPath) => ({ containerPath, size: scratchMiB, mountOptions: ["rw", "noexec", "nosuid", "nodev"] })),
  },
  ulimits: [{ name: "nofile", softLimit: 65_535, hardLimit: 65_535 }] as const,
  // Named although empty: ECS gives them back, and a definition that differs from them is a new revision.
  volumesFrom: [],
  systemControls: [],
});

/** Memory in MiB of each container that helps the main one. */
export const helperMiB = 32;

/**
 * Only root may listen on a port below 1024, unlike on Docker, so a task that does gets the limit lowered. The containers
 * of a task share their network, and the last one that sets it decides: all of them get it.
 */
export const lowPorts = (
  { uid }: { readonly uid: number },
  { portMappings }: Pick<ContainerDefinition, "portMappings">,
): ContainerDefinition["systemControls"] =>
  uid !== 0 && portMappings.some(({ containerPort }) => containerPort < 1024)
    ? [{ namespace: "net.ipv4.ip_unprivileged_port_start", value: "0" }]
    : [];

/** Size of each writable folder. It counts as memory of the container. */
const scratchMiB = 64;
