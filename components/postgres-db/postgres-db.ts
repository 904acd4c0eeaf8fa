import * as pulumi from "@pulumi/pulumi";
import { isRecord } from "../../src/core/checks.ts";
import { type DatabaseConnection, summariesOf } from "../../src/core/connection.ts";
import { elsewhere } from "../../src/core/existing-spec.ts";
import type { Observed } from "../../src/core/observed.ts";
import type { Overrides } from "../../src/core/overrides.ts";
import type { Platform } from "../../src/core/platform.ts";
import type { Archive } from "./archive.ts";
import type { PostgresAwsArgs } from "./aws-args.ts";
import { type Databases, monitor } from "./databases.ts";
import { declaredBy, type ExistingDatabases, type ExistingPostgres } from "./existing.ts";
import type { PostgresModel } from "./model.ts";
import { postgresDbRules, postgresDbSpec } from "./spec.ts";

/** What a PostgresDb takes. */
export interface PostgresDbArgs<D extends Databases = Databases> {
  /** The ground it is made on: the one that the topology gets. */
  readonly platform: Platform;
  /**
   * Major version; minor releases come with the library.
   * @default "16"
   * @change replace; refused on kept data: dump and restore
   */
  readonly version?: "16" | "17";
  /**
   * Databases with their owners, extensions and further roles. Reconciled at every `up`.
   * @default none
   * @change safe; one that is taken out stays until it is dropped by hand
   */
  readonly databases?: D;
  /**
   * Connections that the server accepts.
   * @default 100; on AWS by the memory of the instance
   * @unit connections
   * @change restart
   */
  readonly maxConnections?: number;
  /**
   * Further settings of the server, e.g. `{ work_mem: "64MB" }`.
   * @default memory settings by memoryMiB
   * @change restart
   */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
  /**
   * Memory in MiB. On AWS the size is that of `aws.instanceClass`, and a class that has less is refused.
   * @default by profile: 512 (dev), 2048 (staging), 8192 (prod)
   * @change restart
   */
  readonly memoryMiB?: number;
  /**
   * Disk in GiB. Not enforced on Docker, 20 or more on AWS.
   * @default by profile: 5 (dev), 20 (staging), 100 (prod)
   * @change safe; upwards
   */
  readonly storageGiB?: number;
  /**
   * Has the server hand over its write-ahead log, segment by segment, so that a base backup can be brought forward to any
   * moment. Refused on AWS, where RDS does it.
   * @default none
   * @change restart
   */
  readonly archive?: Archive;
  /**
   * Settings of RDS, refused elsewhere: write them into the stack file of an environment on AWS.
   * @default by profile
   * @change each
   */
  readonly aws?: PostgresAwsArgs;
  /**
   * A server that runs already, in place of one of this stack: mostly written into the stack file of an environment.
   * @default none: the stack has its own
   * @change replace; the server of the stack and its data go, and while they are protected the engine refuses to
   */
  readonly existing?: ExistingPostgres;
  /**
   * Inputs of single resources of it, target by target, laid over everything else: docs/overrides.md.
   * @default none
   * @change each
   */
  readonly overrides?: Overrides;
}

/** A server that is there already, with the databases that services of this stack use. */
export interface ExistingPostgresArgs<D extends ExistingDatabases = ExistingDatabases> extends ExistingPostgres<D> {
  /** The ground that services are made on: the one that the topology gets. */
  readonly platform: Platform;
}

/** Databases as the class has them, with the roles that log in. */
type DeclaredBy<D extends ExistingDatabases> = {
  readonly [K in keyof D]: { readonly grants: { readonly [R in keyof NonNullable<D[K]["roles"]>]: "read" } };
};

/** A connection to the server that takes writes, and those to its read replicas: none, unless `aws.readReplicas` asks for them. */
export type RoleConnection = DatabaseConnection & { readonly replicas: readonly DatabaseConnection[] };

/** A connection as the owner, and those of the further roles. */
export type OwnerConnection<R extends string = string> = RoleConnection & { readonly roles: Readonly<Record<R, RoleConnection>> };

/** A PostgreSQL server: checksums, scram, one owner per database, credentials that heal. */
export class PostgresDb<const D extends Databases = Databases> extends pulumi.ComponentResource {
  /** How services reach each database, as its owner; `databases.app.roles.reporting` as a further role. */
  readonly databases: { readonly [K in keyof D]: OwnerConnection<keyof NonNullable<D[K]["grants"]> & string> };
  /** How whoever watches the server asks for figures: this role may read statistics, and no table of yours. */
  readonly monitor: DatabaseConnection;
  /** What it tells about itself, for an ObservabilityStack that observes it. */
  readonly observed: Observed;

  /** A server that runs already: the same connections, and nothing that is made. A stack file may still say `existing: null`. */
  static existing<const D extends ExistingDatabases>(
    name: string,
    { platform, ...existing }: ExistingPostgresArgs<D>,
    opts?: pulumi.ComponentResourceOptions,
  ): PostgresDb<DeclaredBy<D>> {
    const databases = isRecord(existing.databases) ? declaredBy(existing.databases) : {};
    return new PostgresDb(name, { platform, databases, existing }, opts) as unknown as PostgresDb<DeclaredBy<D>>;
  }

  constructor(name: string, args: PostgresDbArgs<D>, opts?: pulumi.ComponentResourceOptions) {
    const settled = args.platform.settle(name, args as PostgresDbArgs, postgresDbRules);
    const spec = args.platform.shape(postgresDbSpec(name, settled));
    super("groundplan:index:PostgresDb", name, spec.digest, args.platform.overriding(name, settled, opts));
    const { connections } = args.platform.realise(this, spec);
    const { [monitor]: watching, ...others } = connections as Record<string, DatabaseConnection>;
    this.databases = byDatabase(others) as typeof this.databases;
    this.monitor = watching as DatabaseConnection;
    const facts = { databases: Object.keys((spec.model as PostgresModel).databases) };
    this.observed = { kind: spec.kind, name, replicas: 1, exporter: { kind: "postgres", from: this.monitor }, facts, ...elsewhere(spec) };
    this.registerOutputs({ ...spec.digest, connections: summariesOf(connections) });
  }
}

/** `app` is the owner's connection; `app/reporting` belongs below it; `app#0` and `app/reporting#0` are those to a replica. */
function byDatabase(connections: Readonly<Record<string, DatabaseConnection>>): Record<string, OwnerConnection> {
  const below = (start: string) => Object.entries(connections).filter(([key]) => key.startsWith(start));
  const withReplicas = (key: string, connection: DatabaseConnection): RoleConnection => ({
    ...connection,
    replicas: below(`${key}#`).map(([, replica]) => replica),
  });
  const owners = Object.entries(connections).filter(([key]) => /^[^/#]+$/.test(key));
  return Object.fromEntries(
    owners.map(([database, connection]) => {
      const roles = below(`${database}/`).filter(([key]) => !key.includes("#"));
      const byRole = roles.map(([key, role]) => [key.slice(database.length + 1), withReplicas(key, role)] as const);
      return [database, { ...withReplicas(database, connection), roles: Object.fromEntries(byRole) }];
    }),
  );
}
