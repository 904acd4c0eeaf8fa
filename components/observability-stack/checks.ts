import { checkJob, filesFolder as folder, tableContainer } from "../../src/core/parts.ts";
import { secretRef, text } from "../../src/core/text.ts";
import type { FileSpec, JobSpec, PartPort } from "../../src/core/workload.ts";
import { reachedBy } from "./exporters.ts";
import { administrator, grafanaSecrets } from "./grafana.ts";
import { partsOf, portNumbers, type StackModel, traceStore } from "./part.ts";
import { scrapeJobs } from "./targets.ts";

interface Check {
  readonly title: string;
  readonly joins: string;
  readonly script: string;
  readonly reaches?: readonly PartPort[];
  readonly files?: readonly FileSpec[];
}

/** What `verify` asks of a stack, a row each. */
export function checkJobs(model: StackModel): JobSpec[] {
  return checksOf(model).map(({ title, joins, script, reaches = [], files = [] }) => ({
    ...checkJob(model.name, tableContainer("toolbox", model.profile.resources.job), script, files),
    name: `${model.name}-check-${title}`,
    title,
    joins,
    reaches,
    after: [joins, ...reaches.map(({ workload }) => workload)],
  }));
}

function checksOf(model: StackModel): Check[] {
  const { collector, prometheus, loki, grafana } = partsOf(model.name);
  const otlp = { workload: collector, port: "otlp" };
  const store = traceStore(model);
  return [
    { title: "metrics", joins: prometheus, script: metricsCheck(model) },
    { title: "rules", joins: prometheus, script: rulesCheck(model) },
    { title: "logs", joins: loki, script: logsCheck(model), reaches: [otlp] },
    ...(store ? [{ title: "traces", joins: store.workload, script: tracesCheck(model, store), reaches: [otlp] }] : []),
    {
      title: "dashboards",
      joins: grafana,
      script: dashboardsCheck(grafana),
      files: [{ path: `${folder}/admin-password`, content: text`${secretRef(grafanaSecrets.admin)}` }],
    },
  ];
}

/** `has EXPRESSION`: the query, already encoded for a URL, has a result. */
const prometheusHas = (host: string) =>
  `has() { timeout 5 wget -q -O - "http://${host}:${portNumbers.prometheus}/api/v1/query?query=$1" 2>/dev/null | grep -q '"result":\\[{'; }\n`;

/** Asks each of these until all are true, and names those that are not when the time is over. */
const untilAll = (questions: readonly (readonly [name: string, query: string])[], seconds: number) => `end=$(( $(date +%s) + ${seconds} ))
while :; do
  missing=""
${questions.map(([name, query]) => `  has '${encodeURIComponent(query).replaceAll("'", "%27")}' || missing="$missing ${name}"`).join("\n")}
  [ -n "$missing" ] || break
  [ "$(date +%s)" -lt "$end" ] || break
  sleep 2
done
`;

/** Every target of every job answers, and exporters and the blackbox exporter reach what they ask. A fresh stack has been asked once after a minute. */
function metricsCheck(model: StackModel): string {
  const jobs = Object.entries(scrapeJobs(model)).map(([job, targets]) => {
    const count = targets.reduce((sum, { expected }) => sum + expected, 0);
    return [job, `count(up{job="${job}"} == 1) >= ${count}`] as const;
  });
  const reached = model.observes.flatMap((one) => {
    const query = reachedBy(one);
    return query ? [[`${one.name}(${one.exporter ? "exporter" : "health"})`, query] as const] : [];
  });
  return `set -eu
${prometheusHas(partsOf(model.name).prometheus)}${untilAll([...jobs, ...reached], 60)}[ -z "$missing" ] || { echo "no figures of:$missing"; exit 1; }
echo "${jobs.length} jobs are scraped: ${jobs.map(([job]) => job).join(", ")}"
`;
}

const rulesCheck = ({ name }: StackModel) => `set -eu
timeout 10 wget -q -O /tmp/rules "http://${partsOf(name).prometheus}:${portNumbers.prometheus}/api/v1/rules"
groups=$(grep -o '"interval":' /tmp/rules | wc -l)
alerts=$(grep -o '"type":"alerting"' /tmp/rules | wc -l)
[ "$groups" -gt 0 ] || { echo "no rules are loaded"; exit 1; }
if grep -q '"health":"err"' /tmp/rules; then
  echo "rules fail:"
  grep -o '"lastError":"[^"]*"' /tmp/rules | sort -u | head -5
  exit 1
fi
firing=$(timeout 10 wget -q -O - "http://${partsOf(name).prometheus}:${portNumbers.prometheus}/api/v1/alerts" | grep -o '"state":"firing"' | wc -l)
echo "$groups groups with $alerts alerts, none with an error; $firing firing"
`;

/** Time in nanoseconds, as OTLP wants it. */
const now = `now="$(date +%s)000000000"\n`;

/** `send PATH BODY`: hands a record to the collector as an SDK does. */
const send = (host: string) =>
  `send() { timeout 10 wget -q -O /dev/null --header 'Content-Type: application/json' --post-data "$2" "http://${host}:${portNumbers.otlp}$1" || { echo "the collector does not take it"; exit 1; }; }\n`;

/** A line on its way from the collector to Loki, and lines of the observed components in a quarter of an hour. */
function logsCheck({ name, observes }: StackModel): string {
  const { collector, loki } = partsOf(name);
  const count = (service: string, range: string) => encodeURIComponent(`sum(count_over_time({service_name="${service}"}[${range}]))`);
  const anybody = encodeURIComponent(`sum(count_over_time({service_name=~"${observes.map((one) => one.name).join("|") || "unobserved"}"}[24h]))`);
  return `set -eu
word="groundplan-verify-$(date +%s)-$$"
${now}${send(collector)}has() { timeout 10 wget -q -O - "http://${loki}:${portNumbers.loki}/loki/api/v1/query?query=$1" 2>/dev/null | grep -q '"result":\\[{'; }
send /v1/logs '{"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"groundplan-verify"}}]},"scopeLogs":[{"logRecords":[{"timeUnixNano":"'$now'","severityText":"info","body":{"stringValue":"'$word'"}}]}]}]}'
tries=0
until has "$(printf '%s' '${encodeURIComponent('sum(count_over_time({service_name="groundplan-verify"} |= "WORD" [15m]))')}' | sed "s/WORD/$word/")"; do
  tries=$((tries + 1))
  [ "$tries" -lt 30 ] || { echo "a line that the collector took is not in Loki"; exit 1; }
  sleep 1
done
silent=""
${observes.map((one) => `has '${count(one.name, "15m")}' || silent="$silent ${one.name}"`).join("\n")}
has '${anybody}' || { echo "no container of an observed component has logged for a day"; exit 1; }
echo "a line went through; silent for 15 minutes:\${silent:- none}"
`;
}

/** A span on its way from the collector to the store. */
function tracesCheck({ name }: StackModel, store: NonNullable<ReturnType<typeof traceStore>>): string {
  return `set -eu
trace=$(head -c 16 /dev/urandom | od -An -v -tx1 | tr -d ' \\n')
${now}${send(partsOf(name).collector)}send /v1/traces '{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"groundplan-verify"}}]},"scopeSpans":[{"spans":[{"traceId":"'$trace'","spanId":"00f067aa0ba902b7","name":"groundplan verify","kind":1,"startTimeUnixNano":"'$now'","endTimeUnixNano":"'$now'"}]}]}]}'
tries=0
until timeout 5 wget -q -O - "http://${store.workload}:${store.query}/api/traces/$trace" 2>/dev/null | grep -q "groundplan verify"; do
  tries=$((tries + 1))
  [ "$tries" -lt 60 ] || { echo "a span that the collector took is not found"; exit 1; }
  sleep 1
done
echo "a span went through and is found by its trace"
`;
}

/**
 * Plain text over a socket: the password is in no argument, and every answer has its status. The pipe stays open, as some
 * servers drop a client that has closed its side.
 */
const dashboardsCheck = (host: string) => `set -eu
mkfifo /tmp/pipe
exec 3<>/tmp/pipe
ask() {
  printf 'GET %s HTTP/1.0\\r\\nHost: ${host}\\r\\n' "$1" >&3
  [ -z "\${2:-}" ] || printf 'Authorization: Basic %s\\r\\n' "$(printf '%s:%s' ${administrator} "$2" | base64 | tr -d '\\n')" >&3
  printf '\\r\\n' >&3
  timeout 15 nc -w 10 ${host} ${portNumbers.grafana} <&3 >/tmp/answer || true
  read -r _ status _ </tmp/answer || { echo "no answer from ${host}:${portNumbers.grafana}"; exit 1; }
}
ask /api/health
grep -q '"database": *"ok"' /tmp/answer || { echo "its database is not well: $status"; exit 1; }
ask /api/search
case "$status" in 2*|3*) echo "answers without a login"; exit 1 ;; esac
ask /api/search "$(cat ${folder}/admin-password)"
[ "$status" != 401 ] || { echo "refuses the password of its administrator"; exit 1; }
echo "its database is well; nobody gets in without a login"
`;
