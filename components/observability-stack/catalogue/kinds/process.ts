import type { Observed } from "../../../../src/core/observed.ts";
import type { AlertRule } from "../model.ts";
import { minutes, series } from "../promql.ts";

/** What the client libraries of Prometheus tell about a process, where they run in it. */
export const processAlerts = (it: Observed): readonly AlertRule[] => [
  {
    name: "ProcessRestarts",
    expr: `changes(${series("process_start_time_seconds", it)}[15m]) > 2`,
    forSeconds: 0,
    severity: "warning",
    summary: `${it.name} restarts again and again`,
    description: "{{ $labels.instance }} was started {{ $value }} times in 15 minutes.",
    meaning: "The process ends and is started again, over and over.",
    threshold: "More than two starts in 15 minutes are neither an update nor a change of configuration.",
    remedy: "The last lines of its log before each start have the reason: out of memory, a dependency that is away, a wrong setting.",
  },
  {
    name: "ProcessCpuHigh",
    expr: `rate(${series("process_cpu_seconds_total", it)}[5m]) > 0.9`,
    forSeconds: minutes(15),
    severity: "info",
    summary: `${it.name} keeps a core busy`,
    description: "{{ $labels.instance }} uses {{ $value | humanize }} cores.",
    meaning: "A process uses a whole core for a quarter of an hour.",
    threshold: "0.9 cores: Node runs JavaScript on one thread, which cannot do more. For servers with several threads it is only a hint.",
    remedy: "If latency is high too, add replicas or raise `cpus` of the component.",
  },
  {
    name: "ProcessFilesNearLimit",
    expr: `${series("process_open_fds", it)} / ${series("process_max_fds", it)} > 0.8`,
    forSeconds: minutes(10),
    severity: "warning",
    summary: `${it.name} has almost no file descriptors left`,
    description: "{{ $labels.instance }} uses {{ $value | humanizePercentage }} of its file descriptors.",
    meaning: "Connections and files count; at the limit the process can accept no more of them.",
    threshold: "80 %: what leaks slowly is seen a while before it is out.",
    remedy: "Look for connections that are never closed. A restart gives time, not a cure.",
  },
];
