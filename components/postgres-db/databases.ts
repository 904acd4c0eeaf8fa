import { type Check, type Finding, isRecord, listOf, mapOf, matching, oneOf, shape } from "../../src/core/checks.ts";

/** A database, its owner, and who else may use it. */
export interface DatabaseArgs {
  /**
   * Role that owns the database and logs in with a password of its own.
   * @default the name of the database
   * @change safe; everything that the old owner has in the database changes hands, and the old one may not log in any more,
   * unless it is declared elsewhere
   */
  readonly owner?: string;
  /** Extensions to install, e.g. `pgcrypto`. One that is taken out stays. @default none @change safe */
  readonly extensions?: readonly string[];
  /**
   * Further roles with a password of their own, and what they may do with all tables of schema public.
   * @default none
   * @change safe
   */
  readonly grants?: Readonly<Record<string, "read" | "write">>;
  /** SQL that runs once as the owner, in one transaction; a changed text runs again. @default none @change safe */
  readonly initSql?: string;
}

/** Databases by name. */
export type Databases = Readonly<Record<string, DatabaseArgs>>;

const identifier = matching(/^[a-z][a-z0-9_]{0,30}$/, "1 to 31 lower-case letters, digits and _, starting with a letter", "rename it, e.g. orders");
/** Role that may read statistics and nothing else; the connection of whoever watches has the same name. */
export const monitor = "monitor";

const reserved = /^(postgres|template[01]|public|pg_.*)$/;

const free =
  (what: string): Check =>
  (value, at) =>
    typeof value === "string" && reserved.test(value)
      ? [{ path: at, value, rule: `a ${what} that PostgreSQL does not keep for itself`, fix: "choose another name" }]
      : value === monitor
        ? [{ path: at, value, rule: `another ${what} than ${monitor}, the role that reads statistics`, fix: "choose another name" }]
        : identifier(value, at);

const database = shape<DatabaseArgs>({
  owner: free("role"),
  extensions: listOf(matching(/^[a-z][a-z0-9_-]{0,62}$/, "the name of an extension", "e.g. pgcrypto")),
  grants: mapOf(free("role"), oneOf(["read", "write"])),
  initSql: matching(/\S/, "SQL text", "remove it, or write the statements"),
});

export const databasesCheck: Check = mapOf(free("database"), database);

export interface Role {
  readonly role: string;
  readonly database: string;
  readonly access: "owner" | "read" | "write";
}

export const ownerOf = (name: string, args: DatabaseArgs) => args.owner ?? name;

/** Every role that logs in, with the database that it is for. */
export function rolesOf(databases: Databases): Role[] {
  return Object.entries(databases).flatMap(([database, args]) => [
    { role: ownerOf(database, args), database, access: "owner" as const },
    ...Object.entries(args.grants ?? {}).map(([role, access]) => ({ role, database, access })),
  ]);
}

/** What dependants need of databases that are not right, so that they are not reported in their stead: names, and those of the roles. */
export function namesOf(databases: unknown): Databases {
  const grantsOf = (args: unknown) => (isRecord(args) && isRecord(args.grants) ? { grants: args.grants as DatabaseArgs["grants"] & object } : {});
  return isRecord(databases) ? Object.fromEntries(Object.entries(databases).map(([name, args]) => [name, grantsOf(args)])) : {};
}

/** A role with a grant on a database that it owns anyway. */
export function ownGrants(databases: Databases): Finding[] {
  return Object.entries(databases).flatMap(([name, args]) => {
    const owner = ownerOf(name, args);
    const access = args.grants?.[owner];
    return access
      ? [
          {
            path: `databases.${name}.grants.${owner}`,
            value: access,
            rule: "another role than the owner, who may do everything",
            fix: "remove the grant",
          },
        ]
      : [];
  });
}
