import type { ParameterGroupArgs } from "@pulumi/aws/rds/parameterGroup.js";
import type { Problem } from "../../../src/core/problems.ts";
import type { PostgresModel } from "../model.ts";

interface Parameter {
  readonly name: string;
  readonly value: string;
  readonly applyMethod: "immediate" | "pending-reboot";
}

/** What RDS sets itself, or what the component does for it; RDS refuses most of them. */
const kept =
  /^(fsync|full_page_writes|wal_level|archive_.*|restore_command|log_line_prefix|log_directory|log_filename|ssl|ssl_.*|external_pid_file|unix_socket_.*|rds\.force_ssl|pg_stat_statements\.track_utility|log_connections|log_disconnections)$/;

/** A parameter group takes numbers only, in the unit of the parameter. */
const units: Readonly<Record<string, Unit>> = {
  shared_buffers: "8kB",
  effective_cache_size: "8kB",
  wal_buffers: "8kB",
  temp_buffers: "8kB",
  work_mem: "kB",
  maintenance_work_mem: "kB",
  autovacuum_work_mem: "kB",
  logical_decoding_work_mem: "kB",
  log_temp_files: "kB",
  temp_file_limit: "kB",
  max_wal_size: "MB",
  min_wal_size: "MB",
  wal_keep_size: "MB",
  max_slot_wal_keep_size: "MB",
  statement_timeout: "ms",
  lock_timeout: "ms",
  transaction_timeout: "ms",
  idle_in_transaction_session_timeout: "ms",
  idle_session_timeout: "ms",
  deadlock_timeout: "ms",
  max_standby_streaming_delay: "ms",
  wal_sender_timeout: "ms",
  autovacuum_vacuum_cost_delay: "ms",
  log_autovacuum_min_duration: "ms",
  log_min_duration_statement: "ms",
  checkpoint_timeout: "s",
  autovacuum_naptime: "s",
  authentication_timeout: "s",
  tcp_keepalives_idle: "s",
  tcp_keepalives_interval: "s",
};
type Unit = "kB" | "8kB" | "MB" | "ms" | "s";

const sizes: Readonly<Record<string, number>> = { B: 1, kB: 1024, "8kB": 8192, MB: 1024 ** 2, GB: 1024 ** 3, TB: 1024 ** 4 };
const times: Readonly<Record<string, number>> = { us: 1e-3, ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** Switches that have more than two positions keep their words. */
const worded = ["synchronous_commit", "constraint_exclusion", "wal_compression", "huge_pages", "backslash_quote", "plan_cache_mode"];

/** Rules that hold for every server. Those that need a restart wait for it. */
function ownParameters(model: PostgresModel): Parameter[] {
  const { settings, aws } = model;
  const libraries = String(settings.shared_preload_libraries ?? "")
    .split(",")
    .map((name) => name.trim());
  return [
    waiting("rds.force_ssl", "1"),
    immediate("log_connections", "1"),
    immediate("log_disconnections", "1"),
    immediate("log_lock_waits", "1"),
    immediate("log_min_duration_statement", String(aws.logSlowerThanMs ?? 1000)),
    immediate("idle_in_transaction_session_timeout", "600000"),
    // Statements that set passwords would be kept with them, word for word.
    immediate("pg_stat_statements.track_utility", "0"),
    waiting("password_encryption", "scram-sha-256"),
    waiting("shared_preload_libraries", [...new Set(["pg_stat_statements", ...libraries])].filter(Boolean).join(",")),
    ...(model.maxConnections === undefined ? [] : [waiting("max_connections", String(model.maxConnections))]),
  ];
}

const immediate = (name: string, value: string): Parameter => ({ name, value, applyMethod: "immediate" });
const waiting = (name: string, value: string): Parameter => ({ name, value, applyMethod: "pending-reboot" });

/** The user's settings win over ours, save for those that keep connections and passwords safe. */
export function parameterGroup(name: string, model: PostgresModel): Pick<ParameterGroupArgs, "family" | "description" | "parameters"> {
  const own = ownParameters(model);
  const wanted = Object.entries(model.settings)
    .filter(([key]) => key !== "shared_preload_libraries")
    .map(([key, value]): Parameter => {
      const applyMethod = own.find(({ name: ours }) => ours === key)?.applyMethod ?? "pending-reboot";
      return { name: key, value: parameterValue(key, value) ?? String(value), applyMethod };
    });
  const merged = new Map([...own, ...wanted].map((parameter) => [parameter.name, parameter]));
  return {
    family: `postgres${model.version}`,
    description: `Settings of ${name}`,
    parameters: [...merged.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

/** `64MB` for work_mem -> `65536`; undefined when it cannot be said in the unit of the parameter. */
export function parameterValue(name: string, value: string | number | boolean): string | undefined {
  if (worded.includes(name)) return typeof value === "boolean" ? (value ? "on" : "off") : String(value);
  if (typeof value === "boolean") return value ? "1" : "0";
  if (typeof value === "number") return String(value);
  if (/^(on|true|yes)$/i.test(value)) return "1";
  if (/^(off|false|no)$/i.test(value)) return "0";
  const [, amount, given] = /^(-?\d+(?:\.\d+)?)\s*([a-zA-Z]+)$/.exec(value) ?? [];
  if (amount === undefined || given === undefined) return value;
  const unit = units[name];
  const scale = unit && (unit in sizes ? sizes : times);
  if (!unit || !scale || scale[given] === undefined) return undefined;
  const converted = (Number(amount) * scale[given]) / (scale[unit] ?? 1);
  return Number.isInteger(converted) ? String(converted) : undefined;
}

/** Settings that RDS does not take, and values that it would not understand. */
export function parameterProblems(component: string, model: PostgresModel): Problem[] {
  return Object.entries(model.settings).flatMap(([name, value]) => {
    const path = `settings.${name}`;
    if (kept.test(name)) return [{ component, path, value, rule: "a setting that RDS leaves to its users", fix: "remove it" }];
    if (name === "log_min_duration_statement" && model.aws.logSlowerThanMs !== undefined)
      return [{ component, path, value, rule: "the one place for this: aws.logSlowerThanMs says it, too", fix: "remove one of the two" }];
    if (parameterValue(name, value) !== undefined) return [];
    const unit = units[name];
    const rule = unit ? `a whole number of ${unit} on RDS` : "a number without a unit on RDS, in the unit of the parameter";
    return [{ component, path, value, rule, fix: "write the number" }];
  });
}
