/** Settings that the component makes itself: safety and the paths it relies on. */
export const ownSettings: readonly string[] = [
  "listen_addresses",
  "port",
  "hba_file",
  "config_file",
  "data_directory",
  "unix_socket_directories",
  "password_encryption",
  "max_connections",
  "archive_mode",
  "archive_command",
  "archive_library",
  "archive_timeout",
];

/**
 * Who may log in how: everybody with a password over the network. The local socket is for the server's own user alone.
 * Order matters: the first line that fits decides.
 */
export const hostRules = `local all postgres peer
local all all reject
host all all all scram-sha-256
`;

/** Where the log is archived, base backups are taken: by the server's own user, over the socket. */
export const archivedHostRules = `local replication postgres peer
${hostRules}`;

export interface ServerFlags {
  readonly memoryMiB: number;
  readonly maxConnections: number;
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  /** Of the archive of its log; empty without one. */
  readonly archive: Readonly<Record<string, string | number>>;
  readonly folder: string;
}

/** Memory by the usual quarters of PostgreSQL's documentation; what the user sets wins. */
export function serverFlags({ memoryMiB, maxConnections, settings, archive, folder }: ServerFlags): string[] {
  const tuned: Record<string, string | number | boolean> = {
    shared_buffers: `${Math.floor(memoryMiB / 4)}MB`,
    effective_cache_size: `${Math.floor((memoryMiB * 3) / 4)}MB`,
    maintenance_work_mem: `${Math.max(16, Math.floor(memoryMiB / 16))}MB`,
    work_mem: `${Math.max(1, Math.floor(memoryMiB / 4 / maxConnections))}MB`,
    wal_level: "replica",
    random_page_cost: 1.1,
    log_lock_waits: "on",
    idle_in_transaction_session_timeout: "10min",
    ...settings,
    ...archive,
    hba_file: `${folder}/pg_hba.conf`,
    listen_addresses: "*",
    max_connections: maxConnections,
    password_encryption: "scram-sha-256",
  };
  return Object.entries(tuned).flatMap(([name, value]) => ["-c", `${name}=${value === true ? "on" : value === false ? "off" : value}`]);
}
