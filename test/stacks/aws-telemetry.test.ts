import { beforeAll, describe, expect, test } from "vitest";
import type { Plan, PlanResource } from "../../src/preview/plan.ts";
import { collectorConfigs } from "../support/aws/emf.ts";
import { askedFigures, danglingFigures } from "../support/aws/metrics.ts";
import { statementsOf } from "../support/aws/policies.ts";
import { ofType, recordOnAws, resourceNamed } from "../support/aws/topology.ts";
import { receivers, watchedOnAws } from "../support/aws/watched.ts";
import { profiles } from "../support/grounds.ts";

const topicArn = (profile: string, severity: string) => `arn:aws:sns:eu-central-1:123456789012:groundplan-${profile}-telemetry-${severity}`;
/** A copy in which one resource has other inputs. */
const changed = (plan: Plan, name: string, type: string, change: (inputs: Record<string, unknown>) => object): Plan => ({
  ...plan,
  resources: plan.resources.map((resource) =>
    resource.name === name && resource.type.endsWith(`:${type}`)
      ? { ...resource, inputs: { ...resource.inputs, ...change(resource.inputs) } }
      : resource,
  ) as PlanResource[],
});

describe.each(profiles)("a watched topology on AWS, profile %s", (profile) => {
  let plan: Plan;
  beforeAll(async () => {
    plan = await watchedOnAws(profile);
  });

  test("has no alarm and no widget on a figure that nothing in the plan emits", () => {
    expect(askedFigures(plan).length).toBeGreaterThan(100);
    expect(danglingFigures(plan)).toEqual([]);
  });

  test("has alarms of the catalogue for each component, and those on which it relies", () => {
    const names = new Set(ofType(plan, "MetricAlarm").map(({ name }) => name.replace(/-alarm$/, "")));
    const guarded = profile === "dev" ? ["bus-0-cpu"] : ["bus-0-cpu", "bus-1-cpu", "bus-2-cpu", "telemetry-bus-nats-servers-missing"];
    for (const name of [
      ...["telemetry-db-postgres-unreachable", "telemetry-db-postgres-database-missing-app", "telemetry-cache-redis-rejects-connections"],
      ...["telemetry-bus-nats-consumer-stuck-GH-CODEX", "telemetry-bus-nats-stream-missing-GH", "telemetry-api-service-errors-high"],
      ...["telemetry-worker-component-down", "telemetry-collector-drops-telemetry-scraper"],
      // Those that components have by themselves.
      ...["telemetry-exporter-db-tasks", "telemetry-exporter-cache-tasks", "telemetry-exporter-bus-tasks", "api-tasks", "cache-1-memory"],
      ...["telemetry-collector-tasks", "telemetry-scraper-tasks", ...guarded],
    ]) {
      expect(names, name).toContain(name);
    }
    expect([...names].filter((name) => name.startsWith("telemetry-queue-"))).toEqual([]);
  });

  test("has a dashboard for each component, named after stack and component", () => {
    const names = ofType(plan, "Dashboard").map(({ inputs }) => inputs.dashboardName);
    const components = ["-api", "-bus", "-cache", "-db", "-queue", "-worker", ""];
    expect(names.toSorted()).toEqual(components.map((component) => `groundplan-${profile}-telemetry${component}`).toSorted());
  });

  test("tells the receivers of every alarm, those that others made before too, each of its severity", () => {
    for (const { name, inputs } of ofType(plan, "MetricAlarm")) {
      const critical = String(inputs.alarmDescription).startsWith("critical: ");
      const told = [topicArn(profile, critical ? "critical" : "warning")];
      expect(inputs.okActions, name).toEqual(told);
      expect(inputs.alarmActions, name).toEqual(expect.arrayContaining(told));
    }
    const subscribers = ofType(plan, "TopicSubscription").map(({ inputs }) => [inputs.protocol, inputs.topic]);
    expect(subscribers.toSorted()).toEqual([
      ["email", topicArn(profile, "critical")],
      ["https", topicArn(profile, "critical")],
      ["https", topicArn(profile, "warning")],
    ]);
    for (const { inputs, secretInputs } of ofType(plan, "TopicSubscription"))
      expect(secretInputs, String(inputs.protocol)).toEqual(inputs.protocol === "https" ? ["endpoint"] : []);
  });

  test("only shows what is info where no receiver wants it", async () => {
    const infos = (of: Plan) => ofType(of, "MetricAlarm").filter(({ inputs }) => String(inputs.alarmDescription).startsWith("info: "));
    const wanting = await watchedOnAws(profile, { receivers: { email: [{ ...receivers.email[0], severity: "info" }] } });
    const shownBy = (of: Plan) => ofType(of, "Dashboard").map(({ inputs }) => String(inputs.dashboardBody));
    expect(infos(plan)).toEqual([]);
    expect(infos(wanting).length).toBeGreaterThan(0);
    for (const { name, inputs } of infos(wanting)) expect(inputs.alarmActions, name).toEqual([topicArn(profile, "info")]);
    // The picture is there, the alarm is not.
    for (const of of [plan, wanting]) expect(shownBy(of).filter((body) => body.includes('"title":"ProcessRestarts"')).length).toBeGreaterThan(0);
    expect(danglingFigures(wanting)).toEqual([]);
  });

  test("keeps the URL of a receiver out of everything else", () => {
    const holders = plan.resources.filter(({ inputs }) => JSON.stringify(inputs).includes("hunter2")).map(({ type }) => type);
    expect(new Set(holders)).toEqual(new Set(["aws:sns/topicSubscription:TopicSubscription"]));
  });

  test("lets CloudWatch alone publish to encrypted topics, by TLS, for alarms of this stack", () => {
    const key = resourceNamed(plan, "Key", "alerts-key");
    for (const severity of ["warning", "critical"]) {
      const arn = topicArn(profile, severity);
      expect(resourceNamed(plan, "Topic", `telemetry-${severity}`).inputs).toMatchObject({ kmsMasterKeyId: key.outputs.arn, signatureVersion: 2 });
      const policy = JSON.parse(String(resourceNamed(plan, "TopicPolicy", `telemetry-${severity}`).inputs.policy));
      expect(policy.Statement).toEqual([
        expect.objectContaining({ Effect: "Deny", Principal: "*", Resource: [arn], Condition: { Bool: { "aws:SecureTransport": "false" } } }),
        {
          Sid: "AlarmsOfThisStack",
          Effect: "Allow",
          Principal: { Service: "cloudwatch.amazonaws.com" },
          Action: ["sns:Publish"],
          Resource: [arn],
          Condition: {
            StringEquals: { "aws:SourceAccount": "123456789012" },
            ArnLike: { "aws:SourceArn": `arn:aws:cloudwatch:eu-central-1:123456789012:alarm:groundplan-${profile}-*` },
          },
        },
      ]);
    }
    const users = statementsOf(plan).filter(({ resource, statement }) => resource === key && statement.Sid !== "AccountDecides");
    expect(users.map(({ statement }) => statement)).toEqual([
      {
        Sid: "AlarmsOfThisAccount",
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: ["kms:GenerateDataKey", "kms:Decrypt"],
        Resource: ["*"],
        Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
      },
    ]);
  });

  test("scrapes by one task alone, under names that lead to all tasks", () => {
    const count = (name: string) => resourceNamed(plan, "Service", name).inputs.desiredCount;
    expect(count("telemetry-scraper-service")).toBe(1);
    expect(count("telemetry-collector-service")).toBe(profile === "dev" ? 1 : 2);
    const scrapers = collectorConfigs(plan).filter(({ receivers: from }) => from?.prometheus);
    expect(scrapers).toHaveLength(1);
    const names = ofType(plan, "Service")
      .filter(({ type }) => type.includes("servicediscovery"))
      .map(({ inputs }) => inputs.name);
    for (const { dns_sd_configs = [] } of scrapers[0]?.receivers?.prometheus?.config.scrape_configs ?? []) {
      for (const name of dns_sd_configs.flatMap((one) => one.names)) {
        expect(name).toMatch(new RegExp(`\\.groundplan-${profile}\\.internal$`));
        expect(names).toContain(name.split(".")[0]);
      }
    }
  });

  test("gives services the way to the collector before it is there", () => {
    const api = String(resourceNamed(plan, "TaskDefinition", "api-task").inputs.containerDefinitions);
    expect(api).toContain(`"value":"http://telemetry-collector.groundplan-${profile}.internal:4318"`);
    const rules = ofType(plan, "SecurityGroupIngressRule").map(({ name }) => name);
    expect(rules).toEqual(expect.arrayContaining(["api-to-telemetry-collector-4318-in", "telemetry-scraper-to-api-8080-in"]));
  });
});

describe("the test of figures", () => {
  test.each<[string, string, string, (inputs: Record<string, unknown>) => object]>([
    ["a component that is not scraped", "telemetry-db-postgres-unreachable-alarm", "MetricAlarm", () => ({ dimensions: { component: "dbx" } })],
    ["a further dimension", "telemetry-db-postgres-unreachable-alarm", "MetricAlarm", () => ({ dimensions: { component: "db", datname: "app" } })],
    [
      "a stream that nobody declares",
      "telemetry-bus-nats-stream-missing-GH-alarm",
      "MetricAlarm",
      () => ({ dimensions: { component: "bus", stream_name: "GX" } }),
    ],
    ["a metric that the collector does not declare", "telemetry-cache-redis-unreachable-alarm", "MetricAlarm", () => ({ metricName: "redis_upp" })],
    ["a database of another stack", "db-cpu-alarm", "MetricAlarm", () => ({ dimensions: { DBInstanceIdentifier: "groundplan-dev-db2" } })],
    ["a metric that a service does not have", "db-cpu-alarm", "MetricAlarm", () => ({ metricName: "Deadlocks" })],
    ["a namespace of nobody", "api-memory-alarm", "MetricAlarm", () => ({ namespace: "AWS/Fargate" })],
    ["a filter that is gone", "telemetry-errors-api", "LogMetricFilter", () => ({ metricTransformation: { namespace: "other", name: "x" } })],
    ["a log group that is gone", "api-logs", "LogGroup", () => ({ name: "/elsewhere" })],
    ["an alarm that is gone", "db-disk-alarm", "MetricAlarm", () => ({ name: "elsewhere" })],
    [
      "an expression without its figure",
      "telemetry-api-service-errors-alarm",
      "MetricAlarm",
      ({ metricQueries }) => ({ metricQueries: (metricQueries as object[]).slice(0, 2) }),
    ],
    [
      "a declaration that is taken out",
      "telemetry-scraper-task",
      "TaskDefinition",
      ({ containerDefinitions }) => ({ containerDefinitions: String(containerDefinitions).replaceAll("^pg_up$", "^pg_down$") }),
    ],
  ])("finds %s", async (_, name, type, change) => {
    const plan = await watchedOnAws("dev");
    expect(danglingFigures(changed(plan, name, type, change)).length).toBeGreaterThan(0);
  });
});

describe("a workspace of Prometheus", () => {
  let plan: Plan;
  beforeAll(async () => {
    plan = await watchedOnAws("prod", { receivers, aws: { prometheus: true } });
  });

  test("gets the rules, every figure, and tells only what CloudWatch cannot", () => {
    expect(resourceNamed(plan, "Workspace", "telemetry-prometheus")).toMatchObject({
      protect: true,
      inputs: {
        kmsKeyArn: resourceNamed(plan, "Key", "data-key").outputs.arn,
        loggingConfiguration: { logGroupArn: expect.stringMatching(/vendedlogs.*:\*$/) },
      },
    });
    const rules = String(resourceNamed(plan, "RuleGroupNamespace", "telemetry-prometheus-rules").inputs.data);
    expect(rules).toContain("PostgresUnreachable");
    // Nobody asks for health here: rules about that would ring forever.
    expect(rules).not.toContain("probe_success");
    const { alertmanager_config } = JSON.parse(
      String(resourceNamed(plan, "AlertManagerDefinition", "telemetry-prometheus-alerts").inputs.definition),
    );
    const { route, receivers: told } = JSON.parse(alertmanager_config);
    expect(told.map(({ name }: { name: string }) => name)).toEqual(["nobody", "warning", "critical"]);
    expect(route.receiver).toBe("nobody");
    expect(JSON.stringify(route.routes)).toContain("ServiceLatencyHigh");
    expect(JSON.stringify(route.routes)).not.toContain("PostgresUnreachable");
    const write = statementsOf(plan).filter(({ statement }) => statement.Sid === "WriteFigures");
    expect(write.map(({ resource, statement }) => [resource.name, statement.Action, statement.Resource])).toEqual([
      ["telemetry-scraper-task-policy", ["aps:RemoteWrite"], [resourceNamed(plan, "Workspace", "telemetry-prometheus").outputs.arn]],
    ]);
    const publishers = statementsOf(plan).filter(({ statement }) => statement.Sid === "AlertsOfWorkspaces");
    expect(publishers).toHaveLength(2);
  });

  test("may use the key of the topics that it tells", () => {
    const users = statementsOf(plan).flatMap(({ resource, statement }) =>
      resource.name === "alerts-key" ? Object.values(statement.Principal as Record<string, string>) : [],
    );
    expect(users).toEqual(expect.arrayContaining(["cloudwatch.amazonaws.com", "aps.amazonaws.com"]));
  });
});

describe("what AWS cannot honour of a stack", () => {
  const problems = async (args: string) => {
    const body = `const api = new AppService("api", { platform, image: "registry.example/api:1", ports: { http: 8000 }, health: http("/health") });
new ObservabilityStack("telemetry", { platform, observes: [api], ${args} });`;
    const result = await recordOnAws(body);
    return "problems" in result ? result.problems.map(({ path }) => path) : [];
  };

  test.each([
    [`traces: "jaeger"`, ["traces"]],
    ["retentionDays: { logs: 7 }, storageGiB: { metrics: 9 }", ["retentionDays.logs", "storageGiB.metrics"]],
    ["memoryMiB: { dashboards: 600, collector: 256 }", ["memoryMiB.dashboards"]],
    [`aws: { grafana: { authentication: "sso" } }`, ["aws.grafana"]],
    [`aws: { prometheus: false, grafana: { authentication: "sso" } }`, ["aws.grafana"]],
    [`aws: { prometheus: true, grafana: { authentication: "password" } }`, ["aws.grafana.authentication"]],
    [`aws: { prometheus: true, grafana: {} }`, ["aws.grafana.authentication"]],
    [`monitors: { namespace: "monitoring" }`, ["monitors"]],
    [
      `receivers: { slack: [{ apiUrl: "https://hooks.slack.com/x", channel: "#ops" }], webhook: [{ service: api.connection }] }`,
      ["receivers.webhook[0].service", "receivers.slack[0]"],
    ],
    [`receivers: { webhook: [{ url: "http://hooks.example.com:443/x", host: "hooks.example.com" }] }`, ["receivers.webhook[0].url"]],
    [`traces: "none", scrapeSeconds: 20`, []],
  ])("is refused by name: %s", async (args, paths) => {
    expect((await problems(args)).toSorted()).toEqual(paths.toSorted());
  });
});

describe("what follows from an argument that is wrong", () => {
  const api = `const api = new AppService("api", { platform, image: "registry.example/api:1", ports: { http: 8000 }, health: http("/health") });`;
  const found = async (receivers: string, settings: Parameters<typeof recordOnAws>[1]) => {
    const result = await recordOnAws(
      `${api}
new ObservabilityStack("telemetry", { platform, observes: [api], receivers: { ${receivers}, email: [{ to: "a@acme.example", from: "b@acme.example", host: "mail.acme.example" }] } });`,
      settings,
    );
    return "problems" in result ? result.problems.map(({ component, path }) => `${component} ${path}`) : [];
  };

  test.each<[string, string]>([
    [`webhook: [{ url: "https://elsewhere.example/x", host: "hooks.example.com" }]`, "receivers.webhook[0].host"],
    [`webhook: [{ url: "http://hooks.example.com:443/x", host: "hooks.example.com" }]`, "receivers.webhook[0].url"],
  ])("is not told beside it: ways out that nothing on AWS takes, with %s", async (webhook, path) => {
    expect(await found(webhook, { egress: ["registry.example:443"] })).toEqual([`telemetry ${path}`]);
  });
});

test("a second preview is the same to the byte", async () => {
  const again = await watchedOnAws("staging", { receivers, aws: {} });
  expect(JSON.stringify(again.resources)).toBe(JSON.stringify((await watchedOnAws("staging")).resources));
});
