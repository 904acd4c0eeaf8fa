import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Workspace } from "@pulumi/aws/grafana/workspace.js";
import type { WorkspaceServiceAccount } from "@pulumi/aws/grafana/workspaceServiceAccount.js";
import { Function as LambdaFunction } from "@pulumi/aws/lambda/function.js";
import { Invocation } from "@pulumi/aws/lambda/invocation.js";
import * as pulumi from "@pulumi/pulumi";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import { role, type Statement } from "../../../src/platforms/aws/iam.ts";
import { logGroup, logPath } from "../../../src/platforms/aws/logs.ts";
import { datasources } from "../catalogue/index.ts";
import { dashboardsOf } from "../grafana.ts";
import { partsOf, type StackModel } from "../part.ts";
import type { ImportEvent } from "./importer/index.mjs";
import { placesOf } from "./places.ts";
import type { PrometheusWorkspace } from "./prometheus.ts";

export interface ImportedInto {
  readonly workspace: Workspace;
  /** In whose name a token is made for each import. */
  readonly account: WorkspaceServiceAccount;
  readonly prometheus: PrometheusWorkspace;
}

/**
 * A workspace takes dashboards by Grafana's own API alone, with a token that is a secret and ends. So a small function, which
 * has the dashboards in its package, makes one for minutes, hands them over and deletes it: no token is in a state or a file.
 * It is called again when a dashboard, or what they ask, is another one.
 */
export function importDashboards(context: AwsContext, parent: pulumi.Resource, model: StackModel, into: ImportedInto): Invocation {
  const { workspace, account, prometheus } = into;
  const files = dashboardsOf(model);
  const imports = importFunction(context, parent, model, workspace, files);
  const event = {
    workspaceId: workspace.id,
    serviceAccountId: account.serviceAccountId,
    endpoint: workspace.endpoint,
    dataSource: dataSource(context, prometheus, placesOf(context, model).scrapeSeconds),
    folder: "groundplan",
    content: createHash("sha256").update(JSON.stringify(files)).digest("hex"),
  } satisfies { [Key in keyof ImportEvent]: pulumi.Input<ImportEvent[Key]> | Record<string, unknown> };
  return new Invocation(
    `${partsOf(model.name).grafana}-import`,
    { functionName: imports.function.name, input: pulumi.jsonStringify(event), lifecycleScope: "CREATE_ONLY" },
    context.place(parent, { dependsOn: imports.ready }),
  );
}

/**
 * By the plugin for the managed service: from version 12 on, Prometheus's own signs no requests there. Variables of dashboards
 * that want a source of type `prometheus` take either. Source: "Connect to an Amazon Managed Service for Prometheus data
 * source", AWS, 2026.
 */
const dataSource = (context: AwsContext, { endpoint }: PrometheusWorkspace, scrapeSeconds: number) => ({
  uid: datasources.prometheus,
  name: "Prometheus",
  type: "grafana-amazonprometheus-datasource",
  access: "proxy",
  url: endpoint,
  isDefault: true,
  jsonData: {
    httpMethod: "POST",
    timeInterval: `${scrapeSeconds}s`,
    sigV4Auth: true,
    sigV4AuthType: "ec2_iam_role",
    sigV4Region: context.region,
  },
});

const code = () => new pulumi.asset.StringAsset(readFileSync(new URL("./importer/index.mjs", import.meta.url), "utf8"));

/** The function of one workspace: it may make and delete tokens there, and nothing else. The workspace is outside, and so is it. */
function importFunction(
  context: AwsContext,
  parent: pulumi.Resource,
  model: StackModel,
  workspace: Workspace,
  files: ReturnType<typeof dashboardsOf>,
) {
  const name = `${partsOf(model.name).grafana}-import`;
  const logs = logGroup(context, parent, model.name, name);
  const statements: Statement[] = [
    {
      sid: "TokensOfImports",
      actions: ["grafana:CreateWorkspaceServiceAccountToken", "grafana:DeleteWorkspaceServiceAccountToken"],
      resources: [workspace.arn],
    },
    {
      sid: "WriteLog",
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [context.arn("logs", `log-group:${logPath(context, name)}:log-stream:*`)],
    },
  ];
  const allowed = role(context, parent, name, {
    component: model.name,
    service: "lambda.amazonaws.com",
    description: `Hands dashboards to the Grafana of ${model.name}`,
    statements,
  });
  const dashboards = Object.fromEntries(files.map(({ file, json }) => [`dashboards/${file}`, new pulumi.asset.StringAsset(json)]));
  const made = new LambdaFunction(
    name,
    {
      name: context.name(name, "lambda"),
      description: `Hands dashboards to the Grafana of ${model.name}`,
      role: allowed.arn,
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      handler: "index.handler",
      code: new pulumi.asset.AssetArchive({ "index.mjs": code(), ...dashboards }),
      // As long as its token.
      timeout: 300,
      memorySize: 256,
      loggingConfig: { logFormat: "JSON", logGroup: logs.name },
      tags: context.tags(model.name, "job", name),
    },
    context.place(parent, { deleteBeforeReplace: true, dependsOn: [...allowed.ready, logs] }),
  );
  return { function: made, ready: [made, ...allowed.ready, logs] };
}
