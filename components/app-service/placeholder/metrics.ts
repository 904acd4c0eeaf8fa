const limits = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

const requests = new Map<string, number>();
const durations = limits.map(() => 0);
let durationSum = 0;
let durationCount = 0;
let workflows = 0;

/** One answered request. */
export function countRequest(method: string, code: number, seconds: number): void {
  // Whatever a client calls its method must not become a series of its own.
  const labels = `{code="${code}",method="${methods.includes(method) ? method.toLowerCase() : "other"}"}`;
  requests.set(labels, (requests.get(labels) ?? 0) + 1);
  durationSum += seconds;
  durationCount += 1;
  for (const [index, limit] of limits.entries()) if (seconds <= limit) durations[index] = (durations[index] ?? 0) + 1;
}

export function countWorkflow(): void {
  workflows += 1;
}

/** Everything in the Prometheus text format. */
export function metricsText(): string {
  const { user, system } = process.cpuUsage();
  return [
    ...family("http_requests_total", "counter", "Answered requests.", [...requests]),
    ...family("http_request_duration_seconds", "histogram", "Time until a request was answered.", [
      ...limits.map((limit, index): [string, number] => [`_bucket{le="${limit}"}`, durations[index] ?? 0]),
      ['_bucket{le="+Inf"}', durationCount],
      ["_sum", durationSum],
      ["_count", durationCount],
    ]),
    ...family("placeholder_workflows_completed_total", "counter", "Workflows that were completed.", [["", workflows]]),
    ...family("process_cpu_seconds_total", "counter", "Time on processors.", [["", (user + system) / 1e6]]),
    ...family("process_resident_memory_bytes", "gauge", "Resident memory.", [["", process.memoryUsage.rss()]]),
    ...family("process_start_time_seconds", "gauge", "When the process began.", [["", startTime]]),
    "",
  ].join("\n");
}

const startTime = Date.now() / 1000 - process.uptime();

const family = (name: string, type: string, help: string, values: readonly [string, number][]): string[] => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} ${type}`,
  ...values.map(([rest, value]) => `${name}${rest} ${value}`),
];
