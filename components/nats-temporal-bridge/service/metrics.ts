const outcomes = ["started", "duplicate", "retried", "dead", "unroutable"] as const;
export type Outcome = (typeof outcomes)[number];

const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The figures of the bridge, in the Prometheus text format. */
export class Metrics {
  readonly #messages = new Map<Outcome, number>(outcomes.map((outcome) => [outcome, 0]));
  readonly #starts = buckets.map(() => 0);
  #startCount = 0;
  #startSum = 0;
  #lastStarted = 0;
  /** Messages of the consumer that were never delivered, and those that are out; unknown until it answers. */
  pending: number | undefined;
  ackPending: number | undefined;
  inFlight = 0;
  readonly connected = { nats: false, temporal: false };

  count(outcome: Outcome): void {
    this.#messages.set(outcome, (this.#messages.get(outcome) ?? 0) + 1);
    if (outcome === "started") this.#lastStarted = Date.now() / 1000;
  }

  /** How long Temporal took to answer one start, whatever it answered. */
  timeStart(seconds: number): void {
    this.#startCount += 1;
    this.#startSum += seconds;
    for (const [index, limit] of buckets.entries()) if (seconds <= limit) this.#starts[index] = (this.#starts[index] ?? 0) + 1;
  }

  text(): string {
    const memory = process.memoryUsage.rss();
    const cpu = process.cpuUsage();
    return [
      ...family("bridge_messages_total", "counter", "Messages by what became of them.", [
        ...[...this.#messages].map(([outcome, value]) => [`{outcome="${outcome}"}`, value] as const),
      ]),
      "# HELP bridge_start_seconds Time that Temporal took to answer a start.",
      "# TYPE bridge_start_seconds histogram",
      ...buckets.map((limit, index) => `bridge_start_seconds_bucket{le="${limit}"} ${this.#starts[index]}`),
      `bridge_start_seconds_bucket{le="+Inf"} ${this.#startCount}`,
      `bridge_start_seconds_sum ${this.#startSum}`,
      `bridge_start_seconds_count ${this.#startCount}`,
      ...family("bridge_pending_messages", "gauge", "Messages of the consumer that are not delivered yet.", known(this.pending)),
      ...family("bridge_ack_pending_messages", "gauge", "Messages that are delivered and not acknowledged, of all replicas.", known(this.ackPending)),
      ...family("bridge_in_flight_messages", "gauge", "Messages that this replica works on.", known(this.inFlight)),
      ...family("bridge_last_started_timestamp_seconds", "gauge", "When the last workflow was started; 0 is never.", known(this.#lastStarted)),
      ...family("bridge_connected", "gauge", "Whether the other end answers.", [
        ['{to="nats"}', Number(this.connected.nats)],
        ['{to="temporal"}', Number(this.connected.temporal)],
      ]),
      ...family("process_resident_memory_bytes", "gauge", "Resident memory.", known(memory)),
      ...family("process_cpu_seconds_total", "counter", "Time on processors.", known((cpu.user + cpu.system) / 1e6)),
      ...family("process_start_time_seconds", "gauge", "When the process began.", known(startTime)),
      "",
    ].join("\n");
  }
}

const startTime = Date.now() / 1000 - process.uptime();

const known = (value: number | undefined): [string, number][] => (value === undefined ? [] : [["", value]]);

const family = (name: string, type: string, help: string, values: readonly (readonly [string, number])[]): string[] => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} ${type}`,
  ...values.map(([labels, value]) => `${name}${labels} ${value}`),
];
