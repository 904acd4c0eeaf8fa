/** Series by their name and labels, with values a minute apart in the notation of promtool. */
export type Series = Readonly<Record<string, string>>;

/** When an alert fires and when it does not. */
export interface AlertCase {
  /** Name of the alert, where it is not the key: some are told by other figures for another component. @default the key */
  readonly alert?: string;
  /** Component among docs/every-component.ts, or the stack itself. */
  readonly component: string;
  readonly fires: Series;
  readonly quiet: Series;
  /** Minutes into `fires` at which it begins to fire: when the condition holds, and `for` later. Written here, not read from the rule. */
  readonly after: number;
  /** Minutes after which it still fires, and the other one is still quiet. @default 30 */
  readonly minutes?: number;
}

const steady = (value: number) => `${value}x120`;
/** From nothing, this much more each minute. */
const rising = (by: number) => `0+${by}x120`;

const up = (job: string, values: string, instance = job): Series => ({ [`up{job="${job}",instance="${instance}"}`]: values });
const one = (metric: string, values: string): Series => ({ [metric]: values });

/** A histogram in which everything is as slow as `le`: nothing is below, all is at it. */
const slow = (bucket: string, labels: string, below: string, le: string): Series => ({
  [`${bucket}{${labels},le="${below}"}`]: steady(0),
  [`${bucket}{${labels},le="${le}"}`]: rising(60),
  [`${bucket}{${labels},le="+Inf"}`]: rising(60),
});
const quick = (bucket: string, labels: string, le: string): Series => ({
  [`${bucket}{${labels},le="${le}"}`]: rising(60),
  [`${bucket}{${labels},le="+Inf"}`]: rising(60),
});

const db = 'job="db",instance="db"';
const cache = 'job="cache",instance="cache"';
const bus = 'job="bus",instance="bus"';
const onServer = (server: string) => `${bus},server_id="${server}"`;
const codex = `${onServer("bus-0")},stream_name="GH",consumer_name="CODEX"`;
const temporal = 'job="temporal",instance="temporal"';
const guard = `${temporal},namespace="guard"`;
const opa = 'job="opa",instance="opa",handler="v1/data/{path:.+}",method="post"';
const api = 'job="api",instance="api-1"';
const trigger = 'job="trigger",instance="trigger"';
const gateway = 'job="gateway",instance="gateway"';
const collector = 'job="telemetry-collector",instance="telemetry-collector"';
const prometheus = 'job="telemetry-prometheus",instance="telemetry-prometheus"';
const alertmanager = 'job="telemetry-alertmanager",instance="telemetry-alertmanager"';
const loki = 'job="telemetry-loki",instance="telemetry-loki"';

const connections = (taken: number): Series => ({
  [`pg_stat_activity_count{${db},datname="guard",state="active"}`]: steady(taken),
  [`pg_settings_max_connections{${db}}`]: steady(100),
});
const transactions = (rolledBack: number): Series => ({
  [`pg_stat_database_xact_commit{${db},datname="guard"}`]: rising(600 - rolledBack),
  [`pg_stat_database_xact_rollback{${db},datname="guard"}`]: rising(rolledBack),
});
const replica = (seconds: number, isReplica = 1): Series => ({
  [`pg_replication_lag_seconds{${db}}`]: steady(seconds),
  [`pg_replication_is_replica{${db}}`]: steady(isReplica),
});
const blocks = (read: number): Series => ({
  [`pg_stat_database_blks_hit{${db},datname="guard"}`]: rising(12_000),
  [`pg_stat_database_blks_read{${db},datname="guard"}`]: rising(read),
});

const postgres: Readonly<Record<string, AlertCase>> = {
  PostgresUnreachable: { component: "db", after: 1, fires: one(`pg_up{${db}}`, steady(0)), quiet: one(`pg_up{${db}}`, steady(1)) },
  PostgresConnectionsHigh: { component: "db", after: 5, fires: connections(85), quiet: connections(75) },
  PostgresConnectionsExhausted: { component: "db", after: 1, fires: connections(97), quiet: connections(90) },
  // The second is quiet although a third fails: two transactions a minute are no ratio.
  PostgresRollbacksHigh: { component: "db", after: 11, fires: transactions(120), quiet: transactions(30) },
  PostgresDeadlocks: {
    component: "db",
    after: 21,
    fires: one(`pg_stat_database_deadlocks{${db},datname="guard"}`, "0x20 1x60"),
    quiet: one(`pg_stat_database_deadlocks{${db},datname="guard"}`, steady(7)),
  },
  PostgresTransactionTooLong: {
    component: "db",
    after: 19,
    fires: one(`pg_stat_activity_max_tx_duration{${db},datname="guard",state="active"}`, "1000+60x120"),
    quiet: one(`pg_stat_activity_max_tx_duration{${db},datname="guard",state="active"}`, steady(900)),
  },
  PostgresCacheMissesHigh: { component: "db", after: 33.5, fires: blocks(9000), quiet: blocks(60), minutes: 60 },
  PostgresArchivingFails: {
    component: "db",
    after: 22,
    fires: one(`pg_stat_archiver_failed_count{${db}}`, "0x20 0+1x60"),
    quiet: one(`pg_stat_archiver_failed_count{${db}}`, steady(3)),
  },
  PostgresReplicaBehind: { component: "db", after: 5, fires: replica(90), quiet: replica(90, 0) },
  PostgresDatabaseMissing: {
    component: "db",
    after: 5,
    fires: { ...one(`pg_up{${db}}`, steady(1)), ...one(`pg_database_size_bytes{${db},datname="other"}`, steady(1)) },
    quiet: { ...one(`pg_up{${db}}`, steady(1)), ...one(`pg_database_size_bytes{${db},datname="guard"}`, steady(1)) },
  },
};

const memory = (used: number, policy: string): Series => ({
  [`redis_memory_used_bytes{${cache}}`]: steady(used),
  [`redis_memory_max_bytes{${cache}}`]: steady(100),
  [`redis_instance_info{${cache},maxmemory_policy="${policy}"}`]: steady(1),
});
const commands = (seconds: number): Series => ({
  [`redis_commands_duration_seconds_total{${cache},cmd="get"}`]: rising(60 * seconds),
  [`redis_commands_total{${cache},cmd="get"}`]: rising(60),
});
const clients = (count: number): Series => ({
  [`redis_connected_clients{${cache}}`]: steady(count),
  [`redis_max_clients{${cache}}`]: steady(100),
});
const written = (aof: number, rdb: number): Series => ({
  [`redis_aof_last_write_status{${cache}}`]: steady(aof),
  [`redis_aof_last_bgrewrite_status{${cache}}`]: steady(1),
  [`redis_rdb_last_bgsave_status{${cache}}`]: steady(rdb),
});

const redis: Readonly<Record<string, AlertCase>> = {
  RedisUnreachable: { component: "cache", after: 1, fires: one(`redis_up{${cache}}`, steady(0)), quiet: one(`redis_up{${cache}}`, steady(1)) },
  RedisMemoryNearLimit: { component: "cache", after: 5, fires: memory(95, "noeviction"), quiet: memory(95, "allkeys-lru") },
  RedisEvictsKeys: {
    component: "cache",
    after: 18,
    fires: one(`redis_evicted_keys_total{${cache}}`, rising(1200)),
    quiet: one(`redis_evicted_keys_total{${cache}}`, rising(60)),
  },
  RedisConnectionsHigh: { component: "cache", after: 5, fires: clients(90), quiet: clients(70) },
  RedisRejectsConnections: {
    component: "cache",
    after: 28,
    fires: one(`redis_rejected_connections_total{${cache}}`, "0x27 5x60"),
    quiet: one(`redis_rejected_connections_total{${cache}}`, steady(5)),
  },
  RedisPersistenceFails: { component: "cache", after: 1, fires: written(0, 1), quiet: written(1, 1) },
  RedisSlow: { component: "cache", after: 11, fires: commands(0.05), quiet: commands(0.001) },
};

const alive = (servers: number): Series =>
  Object.fromEntries([...Array(servers).keys()].map((n) => [`gnatsd_connz_num_connections{${onServer(`bus-${n}`)}}`, steady(3)]));
const storage = (used: number): Series => ({
  [`jetstream_server_total_message_bytes{${onServer("bus-0")}}`]: steady(used),
  [`jetstream_server_max_storage{${onServer("bus-0")}}`]: steady(100),
});
const streamBytes = (used: number, limit: number): Series => ({
  [`jetstream_stream_total_bytes{${onServer("bus-0")},stream_name="GH"}`]: steady(used),
  [`jetstream_stream_limit_bytes{${onServer("bus-0")},stream_name="GH"}`]: steady(limit),
});
const ratioOf = (part: string, whole: string, at: string, figures: readonly [number, number]): Series => ({
  [`${part}{${at}}`]: steady(figures[0]),
  [`${whole}{${at}}`]: steady(figures[1]),
});
const consumer = (pending: string, ackPending: string, floor: string): Series => ({
  [`jetstream_consumer_num_pending{${codex}}`]: pending,
  [`jetstream_consumer_num_ack_pending{${codex}}`]: ackPending,
  [`jetstream_consumer_ack_floor_stream_seq{${codex}}`]: floor,
});
const letters = (metric: string, values: string) => one(`${metric}{${onServer("bus-0")},stream_name="DLQ"}`, values);

const nats: Readonly<Record<string, AlertCase>> = {
  NatsUnreachable: { component: "bus", after: 1, fires: up("bus", steady(1)), quiet: { ...up("bus", steady(1)), ...alive(1) } },
  NatsConnectionsHigh: {
    component: "bus",
    after: 5,
    fires: ratioOf("gnatsd_varz_connections", "gnatsd_varz_max_connections", onServer("bus-0"), [90, 100]),
    quiet: ratioOf("gnatsd_varz_connections", "gnatsd_varz_max_connections", onServer("bus-0"), [10, 100]),
  },
  NatsSlowConsumers: {
    component: "bus",
    after: 26,
    fires: one(`gnatsd_varz_slow_consumers{${onServer("bus-0")}}`, "0x25 2x60"),
    quiet: one(`gnatsd_varz_slow_consumers{${onServer("bus-0")}}`, steady(2)),
  },
  NatsCpuHigh: {
    component: "bus",
    after: 15,
    fires: ratioOf("gnatsd_varz_cpu", "gnatsd_varz_gomaxprocs", onServer("bus-0"), [195, 2]),
    quiet: ratioOf("gnatsd_varz_cpu", "gnatsd_varz_gomaxprocs", onServer("bus-0"), [100, 2]),
  },
  NatsServersMissing: { component: "bus", after: 5, fires: alive(2), quiet: alive(3) },
  NatsRoutesMissing: {
    component: "bus",
    after: 5,
    fires: one(`gnatsd_routez_num_routes{${onServer("bus-0")}}`, steady(1)),
    quiet: one(`gnatsd_routez_num_routes{${onServer("bus-0")}}`, steady(8)),
  },
  NatsStorageHigh: { component: "bus", after: 10, fires: storage(85), quiet: storage(50) },
  NatsStorageFull: { component: "bus", after: 1, fires: storage(97), quiet: storage(85) },
  NatsStreamNearLimit: { component: "bus", after: 10, fires: streamBytes(95, 100), quiet: streamBytes(95, -1) },
  NatsStreamMissing: {
    component: "bus",
    after: 5,
    fires: { ...alive(3), ...one(`jetstream_stream_total_messages{${onServer("bus-0")},stream_name="DLQ"}`, steady(0)) },
    quiet: { ...alive(3), ...one(`jetstream_stream_total_messages{${onServer("bus-0")},stream_name="GH"}`, steady(0)) },
  },
  NatsConsumerMissing: { component: "bus", after: 5, fires: alive(3), quiet: { ...alive(3), ...consumer(steady(0), steady(0), steady(0)) } },
  NatsConsumerStuck: {
    component: "bus",
    after: 5.5,
    fires: consumer(steady(0), steady(4), steady(100)),
    // An empty stream does not move, either.
    quiet: consumer(steady(0), steady(0), steady(100)),
  },
  NatsConsumerFallsBehind: {
    component: "bus",
    after: 26,
    fires: consumer(rising(100), steady(0), rising(10)),
    // A burst that is being worked off.
    quiet: consumer("9000-60x120", steady(0), rising(60)),
  },
  NatsRedeliveries: {
    component: "bus",
    after: 10,
    fires: one(`jetstream_consumer_num_redelivered{${codex}}`, steady(2)),
    quiet: one(`jetstream_consumer_num_redelivered{${codex}}`, "0x10 2x3 0x60"),
  },
  NatsDeadLettersGrow: {
    component: "bus",
    after: 21,
    fires: letters("jetstream_stream_last_seq", "4x20 5x60"),
    quiet: letters("jetstream_stream_last_seq", steady(5)),
  },
  NatsDeadLettersWait: {
    component: "bus",
    after: 60,
    fires: letters("jetstream_stream_total_messages", steady(1)),
    quiet: letters("jetstream_stream_total_messages", "1x20 0x100"),
    minutes: 90,
  },
};

const requests = (errors: number): Series => ({
  [`service_requests{${temporal},service_name="frontend",operation="StartWorkflowExecution"}`]: rising(600),
  [`service_errors{${temporal},service_name="frontend",operation="StartWorkflowExecution"}`]: rising(errors),
});
const persistence = (errors: number): Series => ({
  [`persistence_requests{${temporal},operation="GetTasks"}`]: rising(600),
  [`persistence_errors{${temporal},operation="GetTasks"}`]: rising(errors),
});
const frontend = (operation: string) => `${guard},service_name="frontend",operation="${operation}"`;
const backlog = (queue: string, age: number) => one(`approximate_backlog_age_seconds{${guard},taskqueue="${queue}",partition="0"}`, steady(age));
const pollers = (queue: string, values: string) => one(`no_poller_tasks{${guard},taskqueue="${queue}",partition="0"}`, values);
const workflows = (well: number, failed: number): Series => ({
  [`workflow_success{${guard}}`]: rising(well),
  [`workflow_failed{${guard}}`]: rising(failed),
});

const temporalServer: Readonly<Record<string, AlertCase>> = {
  TemporalErrorsHigh: { component: "temporal", after: 6, fires: requests(30), quiet: requests(1) },
  TemporalLatencyHigh: {
    component: "temporal",
    after: 11,
    fires: slow("service_latency_bucket", frontend("StartWorkflowExecution"), "1", "5"),
    // Polls wait for work.
    quiet: slow("service_latency_bucket", frontend("PollWorkflowTaskQueue"), "1", "5"),
  },
  TemporalResourceExhausted: {
    component: "temporal",
    after: 6,
    fires: one(`service_errors_resource_exhausted{${temporal},resource_exhausted_cause="RpsLimit"}`, rising(30)),
    quiet: one(`service_errors_resource_exhausted{${temporal},resource_exhausted_cause="RpsLimit"}`, "0x20 30x60"),
  },
  TemporalPersistenceErrorsHigh: { component: "temporal", after: 6, fires: persistence(30), quiet: persistence(1) },
  TemporalPersistenceSlow: {
    component: "temporal",
    after: 11,
    fires: slow("persistence_latency_bucket", temporal, "0.5", "2"),
    quiet: quick("persistence_latency_bucket", temporal, "0.05"),
  },
  TemporalTasksLost: {
    component: "temporal",
    after: 20,
    // There is no such counter before its first event.
    fires: one(`dlq_writes{${temporal}}`, "_x20 1x60"),
    quiet: one(`dlq_writes{${temporal}}`, steady(1)),
  },
  TemporalBacklogOld: { component: "temporal", after: 5, fires: backlog("guard", 300), quiet: backlog("temporal_sys_per_ns_tq", 300) },
  TemporalNoWorkers: { component: "temporal", after: 6, fires: pollers("guard", rising(5)), quiet: pollers("guard", steady(3)) },
  TemporalScheduleToStartHigh: {
    component: "temporal",
    after: 11,
    fires: slow("task_schedule_to_start_latency_bucket", guard, "5", "20"),
    quiet: quick("task_schedule_to_start_latency_bucket", guard, "0.1"),
  },
  TemporalWorkflowsFail: { component: "temporal", after: 11, fires: workflows(60, 30), quiet: workflows(600, 6) },
};

const decisions = (errors: number): Series => ({
  [`http_request_duration_seconds_count{${opa},code="200"}`]: rising(600 - errors),
  [`http_request_duration_seconds_count{${opa},code="500"}`]: rising(errors),
});
const plugin = (status: string) => one(`plugin_status_gauge{job="opa",instance="opa",name="bundle",status="${status}"}`, steady(1));
const heap = (total: number): Series => ({
  'go_memory_classes_total_bytes{job="opa",instance="opa"}': steady(total),
  'go_memory_classes_heap_released_bytes{job="opa",instance="opa"}': steady(10),
  'go_gc_gomemlimit_bytes{job="opa",instance="opa"}': steady(100),
});

const opaServer: Readonly<Record<string, AlertCase>> = {
  OpaErrorsHigh: { component: "opa", after: 6, fires: decisions(30), quiet: decisions(1) },
  OpaLatencyHigh: {
    component: "opa",
    after: 11,
    fires: slow("http_request_duration_seconds_bucket", `${opa},code="200"`, "0.1", "1"),
    quiet: quick("http_request_duration_seconds_bucket", `${opa},code="200"`, "0.01"),
  },
  OpaPluginNotReady: { component: "opa", after: 5, fires: plugin("NOT_READY"), quiet: plugin("OK") },
  OpaBundleFails: {
    component: "opa",
    after: 20,
    fires: one('bundle_failed_load_counter{job="opa",instance="opa",name="guard"}', "_x20 1x60"),
    quiet: one('bundle_failed_load_counter{job="opa",instance="opa",name="guard"}', steady(1)),
  },
  OpaMemoryNearLimit: { component: "opa", after: 10, fires: heap(105), quiet: heap(80) },
};

const answers = (errors: number): Series => ({
  [`http_requests_total{${api},code="200",method="get"}`]: rising(600 - errors),
  [`http_requests_total{${api},code="503",method="get"}`]: rising(errors),
  // What clients do wrong does not count.
  [`http_requests_total{${api},code="404",method="get"}`]: rising(300),
});
const files = (open: number): Series => ratioOf("process_open_fds", "process_max_fds", api, [open, 100]);

const services: Readonly<Record<string, AlertCase>> = {
  ServiceErrorsHigh: { component: "api", after: 6, fires: answers(90), quiet: answers(20) },
  ServiceErrors: { component: "api", after: 16, fires: answers(20), quiet: answers(1) },
  ServiceLatencyHigh: {
    component: "api",
    after: 11,
    fires: slow("http_request_duration_seconds_bucket", api, "1", "2.5"),
    quiet: quick("http_request_duration_seconds_bucket", api, "0.1"),
  },
  ProcessRestarts: {
    component: "api",
    after: 27,
    fires: one(`process_start_time_seconds{${api}}`, "100x20 200x2 300x2 400x60"),
    quiet: one(`process_start_time_seconds{${api}}`, "100x20 200x100"),
  },
  ProcessCpuHigh: {
    component: "api",
    after: 20,
    fires: one(`process_cpu_seconds_total{${api}}`, rising(58)),
    quiet: one(`process_cpu_seconds_total{${api}}`, rising(20)),
  },
  ProcessFilesNearLimit: { component: "api", after: 10, fires: files(90), quiet: files(50) },
};

const waiting = (pending: string, handled: string, retried = rising(0)): Series => ({
  [`bridge_pending_messages{${trigger}}`]: pending,
  [`bridge_ack_pending_messages{${trigger}}`]: steady(1),
  [`bridge_messages_total{${trigger},outcome="started"}`]: handled,
  [`bridge_messages_total{${trigger},outcome="retried"}`]: retried,
});
const became = (outcome: string, values: string) => one(`bridge_messages_total{${trigger},outcome="${outcome}"}`, values);

const bridge: Readonly<Record<string, AlertCase>> = {
  BridgeDisconnected: {
    component: "trigger",
    after: 2,
    fires: one(`bridge_connected{${trigger},to="temporal"}`, steady(0)),
    quiet: one(`bridge_connected{${trigger},to="temporal"}`, steady(1)),
  },
  BridgeStuck: { component: "trigger", after: 6, fires: waiting(steady(0), steady(7), rising(4)), quiet: waiting(steady(50), rising(30)) },
  BridgeFallsBehind: { component: "trigger", after: 26, fires: waiting(rising(100), rising(10)), quiet: waiting("9000-60x120", rising(60)) },
  BridgeStartsSlow: {
    component: "trigger",
    after: 11,
    fires: slow("bridge_start_seconds_bucket", trigger, "2.5", "5"),
    quiet: quick("bridge_start_seconds_bucket", trigger, "0.05"),
  },
  BridgeRetriesHigh: {
    component: "trigger",
    after: 11,
    fires: waiting(steady(0), rising(60), rising(30)),
    quiet: waiting(steady(0), rising(600), rising(6)),
  },
  BridgeDeadLetters: { component: "trigger", after: 21, fires: became("dead", "0x20 1x60"), quiet: became("dead", steady(1)) },
  BridgeUnroutable: { component: "trigger", after: 21, fires: became("unroutable", "0x20 1x60"), quiet: became("unroutable", steady(1)) },
};

const accepted = (handled: number): Series => ({
  [`nginx_connections_accepted{${gateway}}`]: rising(600),
  [`nginx_connections_handled{${gateway}}`]: rising(handled),
});
const writing = (open: number): Series => ({
  [`nginx_connections_writing{${gateway}}`]: steady(open),
  [`nginx_http_requests_total{${gateway}}`]: rising(60),
});

const nginx: Readonly<Record<string, AlertCase>> = {
  GatewayUnreachable: {
    component: "gateway",
    after: 1,
    fires: one(`nginx_up{${gateway}}`, steady(0)),
    quiet: one(`nginx_up{${gateway}}`, steady(1)),
  },
  GatewayDropsConnections: { component: "gateway", after: 6, fires: accepted(540), quiet: accepted(600) },
  GatewayRequestsHang: { component: "gateway", after: 11, fires: writing(100), quiet: writing(20) },
};

const refused = (values: string) => one(`otelcol_receiver_refused_spans{${collector},receiver="otlp"}`, values);
const queue = (size: number): Series =>
  ratioOf("otelcol_exporter_queue_size", "otelcol_exporter_queue_capacity", `${collector},exporter="otlp_http/logs"`, [size, 1000]);
const lokiAnswers = (errors: number): Series => ({
  [`loki_request_duration_seconds_count{${loki},route="otlp_v1_logs",status_code="204"}`]: rising(600),
  [`loki_request_duration_seconds_count{${loki},route="otlp_v1_logs",status_code="500"}`]: rising(errors),
});
const found = (count: number) => one(`prometheus_notifications_alertmanagers_discovered{${prometheus}}`, steady(count));

const telemetry: Readonly<Record<string, AlertCase>> = {
  TelemetryPartDown: { component: "telemetry", after: 2, fires: up("telemetry-loki", steady(0)), quiet: up("telemetry-loki", steady(1)) },
  CollectorRefuses: { component: "telemetry", after: 6, fires: refused(rising(10)), quiet: refused(steady(10)) },
  CollectorDrops: {
    component: "telemetry",
    after: 6,
    fires: one(`otelcol_exporter_send_failed_log_records{${collector},exporter="otlp_http/logs"}`, rising(10)),
    quiet: one(`otelcol_exporter_send_failed_log_records{${collector},exporter="otlp_http/logs"}`, steady(10)),
  },
  CollectorQueueHigh: { component: "telemetry", after: 5, fires: queue(900), quiet: queue(100) },
  PrometheusConfigRefused: {
    component: "telemetry",
    after: 5,
    fires: one(`prometheus_config_last_reload_successful{${prometheus}}`, steady(0)),
    quiet: one(`prometheus_config_last_reload_successful{${prometheus}}`, steady(1)),
  },
  PrometheusRulesFail: {
    component: "telemetry",
    after: 1,
    fires: one(`prometheus_rule_evaluation_failures_total{${prometheus},rule_group="db"}`, rising(1)),
    quiet: one(`prometheus_rule_evaluation_failures_total{${prometheus},rule_group="db"}`, steady(1)),
  },
  PrometheusStorageFails: {
    component: "telemetry",
    after: 21,
    fires: one(`prometheus_tsdb_wal_writes_failed_total{${prometheus}}`, "0x20 1x60"),
    quiet: one(`prometheus_tsdb_wal_writes_failed_total{${prometheus}}`, steady(0)),
  },
  AlertsNotSent: {
    component: "telemetry",
    after: 6,
    fires: one(`prometheus_notifications_errors_total{${prometheus},alertmanager="http://telemetry-alertmanager:9093"}`, rising(2)),
    quiet: one(`prometheus_notifications_errors_total{${prometheus},alertmanager="http://telemetry-alertmanager:9093"}`, steady(2)),
  },
  AlertmanagerMissing: { component: "telemetry", after: 5, fires: { ...found(0), ...up("telemetry-alertmanager", steady(1)) }, quiet: found(0) },
  AlertReceiverFails: {
    component: "telemetry",
    after: 6,
    fires: one(`alertmanager_notifications_failed_total{${alertmanager},integration="slack",reason="other"}`, rising(2)),
    quiet: one(`alertmanager_notifications_failed_total{${alertmanager},integration="slack",reason="other"}`, steady(0)),
  },
  AlertmanagerConfigRefused: {
    component: "telemetry",
    after: 5,
    fires: one(`alertmanager_config_last_reload_successful{${alertmanager}}`, steady(0)),
    quiet: one(`alertmanager_config_last_reload_successful{${alertmanager}}`, steady(1)),
  },
  LokiErrorsHigh: { component: "telemetry", after: 6, fires: lokiAnswers(60), quiet: lokiAnswers(6) },
  LokiDiscards: {
    component: "telemetry",
    after: 6,
    fires: one(`loki_discarded_samples_total{${loki},reason="rate_limited"}`, rising(5)),
    quiet: one(`loki_discarded_samples_total{${loki},reason="rate_limited"}`, steady(5)),
  },
  LokiDiskHigh: {
    component: "telemetry",
    after: 15,
    fires: one(`loki_ingester_wal_disk_usage_percent{${loki}}`, steady(0.9)),
    quiet: one(`loki_ingester_wal_disk_usage_percent{${loki}}`, steady(0.5)),
  },
  TempoDiscards: {
    component: "telemetry",
    after: 6,
    fires: one('tempo_discarded_spans_total{job="telemetry-tempo",instance="telemetry-tempo",reason="rate_limited"}', rising(5)),
    quiet: one('tempo_discarded_spans_total{job="telemetry-tempo",instance="telemetry-tempo",reason="rate_limited"}', steady(5)),
  },
};

const proxy = 'job="front",instance="10.0.0.8",reporter="source"';
const passed = (errors: number): Series => ({
  [`istio_requests_total{${proxy},response_code="200"}`]: rising(600 - errors),
  [`istio_requests_total{${proxy},response_code="503"}`]: rising(errors),
});

const front: Readonly<Record<string, AlertCase>> = {
  GatewayErrorsHigh: { component: "front", after: 6, fires: passed(60), quiet: passed(6) },
  GatewayLatencyHigh: {
    component: "front",
    after: 11,
    fires: slow("istio_request_duration_milliseconds_bucket", proxy, "2500", "5000"),
    quiet: quick("istio_request_duration_milliseconds_bucket", proxy, "1000"),
  },
};

const sidecar = 'job="mesh-of-telemetry",instance="10.0.0.7"';
const answered = `${sidecar},reporter="destination",destination_workload="api",source_workload="web"`;
const calls = (errors: number, policy = "mutual_tls"): Series => ({
  [`istio_requests_total{${answered},response_code="200",connection_security_policy="${policy}"}`]: rising(600 - errors),
  [`istio_requests_total{${answered},response_code="503",connection_security_policy="${policy}"}`]: rising(errors),
});
const lost = (flags: string): Series =>
  one(`istio_requests_total{${sidecar},reporter="source",destination_service_name="api",response_flags="${flags}"}`, rising(60));
const opened = (policy: string): Series => one(`istio_tcp_connections_opened_total{${answered},connection_security_policy="${policy}"}`, rising(6));
const ejected = (replicas: number): Series =>
  one(`envoy_cluster_outlier_detection_ejections_active{${sidecar},cluster_name="outbound|8000||api"}`, steady(replicas));

const mesh: Readonly<Record<string, AlertCase>> = {
  MeshUnseen: { component: "mesh-of-telemetry", after: 10, fires: up("mesh-of-telemetry", steady(0)), quiet: up("mesh-of-telemetry", steady(1)) },
  MeshErrorsHigh: { component: "mesh-of-telemetry", after: 6, fires: calls(60), quiet: calls(6) },
  MeshLatencyHigh: {
    component: "mesh-of-telemetry",
    after: 11,
    fires: slow("istio_request_duration_milliseconds_bucket", answered, "2500", "5000"),
    quiet: quick("istio_request_duration_milliseconds_bucket", answered, "1000"),
  },
  MeshUnreachable: { component: "mesh-of-telemetry", after: 6, fires: lost("UF,URX"), quiet: lost("-") },
  MeshPlainText: { component: "mesh-of-telemetry", after: 6, fires: calls(0, "none"), quiet: calls(0) },
  // A database is called by connections, not by requests.
  "MeshPlainText of connections": {
    alert: "MeshPlainText",
    component: "mesh-of-telemetry",
    after: 6,
    fires: opened("none"),
    quiet: opened("mutual_tls"),
  },
  MeshEjects: { component: "mesh-of-telemetry", after: 10, fires: ejected(1), quiet: ejected(0) },
};

const backup = 'groundplan_backup_last_success_timestamp_seconds{job="db",instance="backup"}';

const well = (value: number) => one('probe_success{job="queue",instance="queue"}', steady(value));

const common: Readonly<Record<string, AlertCase>> = {
  ComponentDown: { component: "other", after: 1, fires: up("other", steady(0)), quiet: up("other", steady(1)) },
  "ComponentDown by health": {
    alert: "ComponentDown",
    component: "queue",
    after: 1,
    // That the exporter answers says nothing about whom it asks.
    fires: { ...up("queue", steady(1)), ...well(0) },
    quiet: { ...up("queue", steady(1)), ...well(1) },
  },
  "ComponentUnseen by health": { alert: "ComponentUnseen", component: "queue", after: 10, fires: up("queue", steady(0)), quiet: well(0) },
  ComponentUnseen: { component: "other", after: 10, fires: {}, quiet: up("other", steady(0)) },
  // One restart is no reason.
  ScrapesFail: { component: "other", after: 26, fires: up("other", "1x20 0 1x2 0 1x60"), quiet: up("other", "1x20 0 0 1x60") },
  ReplicasMissing: {
    component: "api",
    after: 5,
    fires: { ...up("api", steady(1), "api-1"), ...up("api", steady(0), "api-2") },
    quiet: { ...up("api", steady(1), "api-1"), ...up("api", steady(1), "api-2") },
  },
  // The clock of promtool starts at 0: a backup long before that, and one right then.
  BackupTooOld: { component: "db", after: 0, fires: one(backup, steady(-100_000)), quiet: one(backup, steady(0)) },
};

/** Every alert that can be silent; the Watchdog never is. */
export const alertCases: Readonly<Record<string, AlertCase>> = {
  ...common,
  ...postgres,
  ...redis,
  ...nats,
  ...temporalServer,
  ...opaServer,
  ...services,
  ...bridge,
  ...nginx,
  ...front,
  ...mesh,
  ...telemetry,
};
