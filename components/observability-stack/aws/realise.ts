import { Dashboard } from "@pulumi/aws/cloudwatch/dashboard.js";
import * as pulumi from "@pulumi/pulumi";
import { type Connection, connect } from "../../../src/core/connection.ts";
import type { Platform, Realised } from "../../../src/core/platform.ts";
import { quietly } from "../../../src/core/quietly.ts";
import { realiseContainers } from "../../../src/core/realise.ts";
import type { SystemSpec } from "../../../src/core/system.ts";
import type { ResolvedBinding, WorkloadSpec } from "../../../src/core/workload.ts";
import { alarmsOf } from "../../../src/platforms/aws/alarms.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import { sealEndpoint } from "../../../src/platforms/aws/endpoint.ts";
import type { Statement } from "../../../src/platforms/aws/iam.ts";
import { logGroup, logGroupsOf } from "../../../src/platforms/aws/logs.ts";
import type { ManagedSystem } from "../../../src/platforms/aws/managed.ts";
import type { AwsService } from "../../../src/platforms/aws/services.ts";
import { translated } from "../catalogue/cloudwatch/index.ts";
import { selfObserved } from "../catalogue/index.ts";
import { partsOf, type StackModel } from "../part.ts";
import { alarmsAbout, makeAlarms, toldAlarms } from "./alarms.ts";
import { dashboardBody } from "./dashboard.ts";
import { errorLines } from "./error-lines.ts";
import { grafanaWarnings, grafanaWorkspace } from "./grafana.ts";
import { partsOnAws, remoteWriteVariable } from "./parts.ts";
import { aroundOf, figuresLogName, linesLogName, placesOf } from "./places.ts";
import { type PrometheusWorkspace, workspace } from "./prometheus.ts";
import { alertTopics, receiverProblems, receiverWarnings } from "./topics.ts";
import { tracing } from "./traces.ts";

/** An ObservabilityStack as what AWS has for it: its collectors run as tasks, everything else is CloudWatch, X-Ray and SNS. */
export const observabilityOnAws: ManagedSystem = {
  tasks: true,
  shape: partsOnAws,
  problems: ({ name, model }) => receiverProblems(name, (model as StackModel).receivers),
  warnings: ({ model }, { aws }) => {
    const { receivers, given } = model as StackModel;
    const told = receivers.length > 0 || (aws.alarmTopics ?? []).length > 0;
    const quiet = told ? [] : ["alarms tell nobody: set receivers, or aws.alarmTopics in the stack file"];
    return [...receiverWarnings(receivers), ...quiet, ...grafanaWarnings(given.aws?.grafana)];
  },
  realise,
};

function realise(context: AwsContext, platform: Platform, component: pulumi.ComponentResource, spec: SystemSpec): Realised {
  const { name } = spec;
  const model = spec.model as StackModel;
  const places = placesOf(context, model);
  const all = [...model.observes, selfObserved(name)];
  const logs = [figuresLogName(name), linesLogName(name)].map((part) => logGroup(context, component, name, part));
  const topics = alertTopics(context, component, model);
  context.alarmTopics.tell(topics.topics);
  // What CloudWatch cannot tell at all, or not as the rule does.
  const untold = model.observes.flatMap((it) =>
    translated(it, places).flatMap(({ alert, onAws }) => ("none" in onAws || onAws.coarser ? [alert.name] : [])),
  );
  const prometheus = model.given.aws?.prometheus ? workspace(context, component, model, topics, [...new Set(untold)].toSorted()) : undefined;
  const { grafana: wanted } = model.given.aws ?? {};
  const grafana = wanted && prometheus ? grafanaWorkspace(context, component, model, wanted, prometheus) : undefined;
  const ready: Connection["ready"] = logs;
  const workloads = spec.workloads.map((workload) => withServices(context, name, workload, ready, model, prometheus));
  const realised = realiseContainers(platform, component, { ...spec, workloads });
  if (model.traces !== "none") tracing(context, component, model);
  const ofParts = [...alarmsOf(context, name)];
  for (const it of all) {
    const alarms = alarmsAbout(it, places);
    const told = toldAlarms(alarms, topics.topics.info !== undefined);
    makeAlarms(context, component, name, told);
    const groups = logGroupsOf(context, it.name).flatMap(({ name: log, group }) => (log === figuresLogName(name) ? [] : [group.name]));
    const lines = errorLines(context, component, name, it.name);
    const parts = [...told.map(({ part }) => part), ...(it.name === name ? ofParts : alarmsOf(context, it.name))];
    const alarmArns = parts.map((part) => context.arn("cloudwatch", `alarm:${context.name(part, "alarm")}`));
    const { region, prefix } = context;
    const body = pulumi
      .all(groups)
      .apply((logGroups) => pulumi.jsonStringify(dashboardBody(it, places, { region, prefix, alarms, alarmArns, errorLines: lines, logGroups })));
    const part = it.name === name ? name : `${name}-${it.name}`;
    quietly(
      () =>
        new Dashboard(
          `${part}-dashboard`,
          { dashboardName: context.name(part, "dashboard"), dashboardBody: body },
          context.place(component, { deleteBeforeReplace: true }),
        ),
    );
  }
  return grafana ? { ...realised, connections: { ...realised.connections, grafana } } : realised;
}

/** The ways to the services of AWS to which collector and scraper hand over; their groups of log are there before. */
function withServices(
  context: AwsContext,
  stack: string,
  workload: WorkloadSpec,
  ready: Connection["ready"],
  { traces }: StackModel,
  prometheus: PrometheusWorkspace | undefined,
): WorkloadSpec {
  const { collector, scraper } = partsOf(stack);
  const to = (key: string, service: AwsService, statements: readonly Statement[]): ResolvedBinding => ({
    key,
    to: connect({
      system: stack,
      scheme: "https",
      host: `${service}.${context.region}.amazonaws.com`,
      port: 443,
      tls: true,
      ready,
      endpoint: sealEndpoint({ service, statements }),
    }),
  });
  const { figuresLog, linesLog } = aroundOf(context, stack);
  const write = (...groups: string[]): Statement => ({
    sid: "WriteLog",
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    resources: groups.map((group) => context.arn("logs", `log-group:${group}:log-stream:*`)),
  });
  // X-Ray knows no resources.
  const send: Statement = { sid: "SendTraces", actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], resources: ["*"] };
  if (workload.name === collector) {
    const traced = traces === "none" ? [] : [to("TRACES", "xray", [send])];
    return { ...workload, bindings: [...workload.bindings, to("LOGS", "logs", [write(figuresLog, linesLog)]), ...traced] };
  }
  if (workload.name !== scraper) return workload;
  const figures = to("FIGURES", "logs", [write(figuresLog)]);
  if (!prometheus) return { ...workload, bindings: [...workload.bindings, figures] };
  const remote: Statement = { sid: "WriteFigures", actions: ["aps:RemoteWrite"], resources: [prometheus.arn] };
  return {
    ...workload,
    env: { ...workload.env, [remoteWriteVariable]: prometheus.endpoint },
    bindings: [...workload.bindings, figures, to("PROMETHEUS", "aps-workspaces", [remote])],
  };
}
