import type { Resources } from "./workload.ts";

/** How an environment is sized and guarded. Data, never an `if` on the name of the environment. */
export interface Profile {
  readonly name: "dev" | "staging" | "prod";
  /** Ports of data systems are published on loopback for the developer. */
  readonly publishData: boolean;
  /** A service without an image runs the placeholder; otherwise that is an error. */
  readonly allowPlaceholder: boolean;
  /** A gateway may show a certificate of the project's development authority; otherwise it must be given one. */
  readonly allowDevelopmentCertificate: boolean;
  /** Environment variables may override stack settings other than mirror, mirrorDigests and images. */
  readonly allowEnvironmentOverrides: boolean;
  /** `down --volumes` deletes data without `--yes`. */
  readonly discardDataFreely: boolean;
  readonly natsReplicas: 1 | 3;
  /** Servers of a cache where the target can fail over. */
  readonly cacheReplicas: 1 | 3;
  readonly serviceReplicas: number;
  readonly storageGiB: number;
  /** Data may not be deleted by a deployment, and that cannot be switched off. */
  readonly guardData: boolean;
  /** Days that backups are kept where the target makes them. */
  readonly backupDays: number;
  /** Days that logs are kept where the target keeps them. */
  readonly logDays: number;
  readonly aws: AwsSizes;
  readonly resources: Readonly<Record<"database" | "broker" | "cache" | "service" | "job", Resources>>;
}

/** What an environment costs on AWS: every choice that has a price, in one place. No code of the target makes one by itself. */
export interface AwsSizes {
  readonly zones: 2 | 3;
  readonly nat: "none" | "one" | "regional";
  /** Class of RDS instances, e.g. `db.t4g.micro`. */
  readonly databaseClass: string;
  readonly multiAz: boolean;
  /** Type of cache nodes, e.g. `cache.t4g.micro`. */
  readonly cacheType: string;
  /** Nodes of a cache, the primary included. */
  readonly cacheNodes: number;
  /** Type of the instances of quorum systems, e.g. `t4g.small`. */
  readonly brokerType: string;
  /**
   * Zones that have an interface endpoint for each API of AWS that is called: in `one`, calls from the others cross a zone and
   * end with it. Each endpoint costs by the hour in each of its zones.
   */
  readonly endpointZones: "one" | "all";
  /**
   * Measurements of tasks by Container Insights: `enhanced` adds those of each task and container, costs by the number of
   * figures, and keeps their log for `logDays`; of `enabled` the service keeps a day.
   */
  readonly containerInsights: "enabled" | "enhanced";
  /** Seconds between two measurements of the operating system under a database, which are kept as logs. */
  readonly databaseMonitoringSeconds: 1 | 5 | 10 | 15 | 30 | 60;
  /** Days for which a deleted secret can be brought back and is paid for; 0 deletes it at once. */
  readonly secretRecoveryDays: number;
  /** Days for which a deleted key can be brought back, 7 to 30. Without it nothing that it encrypted can be read. */
  readonly keyDeletionDays: number;
  /** Recovery points may not be kept for fewer days than `backupDays`, until somebody lifts the lock of their vault. */
  readonly backupLock: boolean;
  /**
   * Speed of the disks of services: `elastic` is as fast as is asked for and is paid by what is read and written, `bursting`
   * grows with the files, 50 KiB a second for each GiB, and costs nothing more.
   */
  readonly fileThroughput: "bursting" | "elastic";
  /** Each role of a TemporalServer is a service of its own, so there are four times as many tasks; otherwise one has them all. */
  readonly rolesApart: boolean;
  /** Collectors of what SDKs send; of the scraper there is one. */
  readonly collectorCopies: number;
  /**
   * Seconds between two questions for figures, each of which is paid as lines of log. 30 is twice in the shortest period of
   * CloudWatch, so that no minute is empty.
   */
  readonly scrapeSeconds: number;
  /** Percent of the traces that X-Ray gets, which is paid for each of them. */
  readonly tracedPercent: number;
  /** X-Ray looks for what fails more than usual, which is paid for each trace. */
  readonly traceInsights: boolean;
}
