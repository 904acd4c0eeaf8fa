import { beforeAll, describe, expect, test } from "vitest";
import type { Plan } from "../../src/preview/plan.ts";
import { statementsOf } from "../support/aws/policies.ts";
import { ofType, planOnAws, resourceNamed } from "../support/aws/topology.ts";
import { receivers, watchedOnAws } from "../support/aws/watched.ts";

const withGrafana = (authentication: "sso" | "saml" = "sso") => ({ receivers, aws: { prometheus: true, grafana: { authentication } } });
const statements = (plan: Plan, role: string) =>
  statementsOf(plan).flatMap(({ resource, statement }) => (resource.name === `${role}-policy` ? [statement] : []));
const event = (plan: Plan) => JSON.parse(String(resourceNamed(plan, "Invocation", "telemetry-grafana-import").inputs.input));

describe("a workspace of Grafana", () => {
  let plan: Plan;
  beforeAll(async () => {
    plan = await watchedOnAws("prod", withGrafana());
  });

  test("is one of this account, with a key and a role of the stack, guarded as data", () => {
    const { inputs, protect } = resourceNamed(plan, "Workspace", "telemetry-grafana");
    const { tags, ...rest } = inputs;
    expect(rest).toEqual({
      name: "groundplan-prod-telemetry-grafana",
      accountAccessType: "CURRENT_ACCOUNT",
      permissionType: "CUSTOMER_MANAGED",
      authenticationProviders: ["AWS_SSO"],
      grafanaVersion: "12.4",
      dataSources: ["PROMETHEUS", "CLOUDWATCH", "XRAY"],
      roleArn: resourceNamed(plan, "Role", "telemetry-grafana").outputs.arn,
      kmsKeyId: resourceNamed(plan, "Key", "data-key").outputs.arn,
    });
    expect(tags).toMatchObject({ "groundplan:component": "telemetry", "groundplan:role": "data" });
    expect(protect).toBe(true);
  });

  test("reads this workspace of Prometheus, and writes nothing", () => {
    const read = statements(plan, "telemetry-grafana");
    expect(read[0]).toMatchObject({
      Action: ["aps:QueryMetrics", "aps:GetLabels", "aps:GetSeries", "aps:GetMetricMetadata"],
      Resource: [resourceNamed(plan, "Workspace", "telemetry-prometheus").outputs.arn],
    });
    expect(read).toHaveLength(3);
    for (const action of read.flatMap(({ Action }) => Action)) expect(action).toMatch(/:(QueryMetrics|(Batch)?Get|List|Describe)/);
  });

  test("gets its dashboards from a function that may make and delete tokens there, and nothing else", () => {
    expect(statements(plan, "telemetry-grafana-import")).toEqual([
      {
        Sid: "TokensOfImports",
        Effect: "Allow",
        Action: ["grafana:CreateWorkspaceServiceAccountToken", "grafana:DeleteWorkspaceServiceAccountToken"],
        Resource: [resourceNamed(plan, "Workspace", "telemetry-grafana").outputs.arn],
      },
      expect.objectContaining({ Sid: "WriteLog" }),
    ]);
    const { inputs } = resourceNamed(plan, "Function", "telemetry-grafana-import");
    // The package has the program and a file for each component, the stack itself, and all of them.
    const files = Object.keys((inputs.code as { assets: object }).assets).toSorted();
    const components = ["api", "bus", "cache", "db", "queue", "telemetry", "worker"].map((name) => `dashboards/component-${name}.json`);
    expect(files).toEqual([...components, "dashboards/overview.json", "index.mjs"]);
    expect(inputs.environment).toBeUndefined();
    expect(inputs.vpcConfig).toBeUndefined();
    expect(resourceNamed(plan, "WorkspaceServiceAccount", "telemetry-grafana-importer").inputs).toEqual({
      name: "groundplan",
      grafanaRole: "ADMIN",
      workspaceId: resourceNamed(plan, "Workspace", "telemetry-grafana").id,
    });
  });

  test("asks Prometheus under the uid that dashboards name, signed by its role", () => {
    const workspace = resourceNamed(plan, "Workspace", "telemetry-grafana");
    expect(event(plan)).toEqual({
      workspaceId: workspace.id,
      serviceAccountId: "2",
      endpoint: workspace.outputs.endpoint,
      folder: "groundplan",
      content: expect.stringMatching(/^[0-9a-f]{64}$/),
      dataSource: {
        uid: "groundplan-prometheus",
        name: "Prometheus",
        type: "grafana-amazonprometheus-datasource",
        access: "proxy",
        url: resourceNamed(plan, "Workspace", "telemetry-prometheus").outputs.prometheusEndpoint,
        isDefault: true,
        jsonData: { httpMethod: "POST", timeInterval: "30s", sigV4Auth: true, sigV4AuthType: "ec2_iam_role", sigV4Region: "eu-central-1" },
      },
    });
  });

  test("with a provider of your own is another workspace, and is told what is left to do", async () => {
    const saml = await watchedOnAws("prod", withGrafana("saml"));
    expect(resourceNamed(saml, "Workspace", "telemetry-grafana").inputs.authenticationProviders).toEqual(["SAML"]);
    expect(event(saml).content).toBe(event(plan).content);
    const told = (of: Plan) => of.warnings.filter((warning) => warning.includes("nobody can log in"));
    expect([told(plan), told(saml)]).toEqual([
      [expect.stringContaining("assign people of IAM Identity Center")],
      [expect.stringContaining("metadata of your identity provider")],
    ]);
    expect(told(await watchedOnAws("prod", { receivers, aws: { prometheus: true } }))).toEqual([]);
  });

  test("is none where nobody asks for it", async () => {
    const without = await watchedOnAws("prod", { receivers, aws: { prometheus: true } });
    expect(without.resources.filter(({ type }) => type.startsWith("aws:grafana/"))).toEqual([]);
    expect(ofType(without, "Invocation").filter(({ name }) => name.includes("grafana"))).toEqual([]);
  });
});

describe("dashboards are handed over again", () => {
  const planned = (more: string, args: string) =>
    planOnAws(
      `const api = new AppService("api", { platform, image: images.api, ports: { http: 8000, metrics: 8080 }, health: http("/health") });
${more}
const telemetry = new ObservabilityStack("telemetry", { platform, observes: [api${more ? ", db" : ""}], aws: { prometheus: true, grafana: { authentication: "sso" } }, ${args} });
return { address: telemetry.grafana?.uri };`,
      { images: { api: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/api:1.0.0" } },
    );
  let plan: Plan;
  beforeAll(async () => {
    plan = await planned("", "");
  });

  test("when one changes", async () => {
    const more = await planned(`const db = new PostgresDb("db", { platform, databases: { app: {} } });`, "");
    expect(event(more).content).not.toBe(event(plan).content);
  });

  test("and not when anything else does", async () => {
    const other = await planned(
      "",
      `receivers: { email: [{ to: "ops@example.com", from: "stack@example.com", host: "mail.example.com" }] }, memoryMiB: { collector: 512 }`,
    );
    expect(event(other)).toEqual(event(plan));
  });

  test("and lie at an address that the component tells", () => {
    const { endpoint } = resourceNamed(plan, "Workspace", "telemetry-grafana").outputs;
    expect(JSON.stringify(plan)).toContain(`https://${String(endpoint)}`);
  });
});
