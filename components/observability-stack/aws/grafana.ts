import { Workspace } from "@pulumi/aws/grafana/workspace.js";
import { WorkspaceServiceAccount } from "@pulumi/aws/grafana/workspaceServiceAccount.js";
import type * as pulumi from "@pulumi/pulumi";
import { type Connection, connect } from "../../../src/core/connection.ts";
import { quietly } from "../../../src/core/quietly.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import { sealEndpoint } from "../../../src/platforms/aws/endpoint.ts";
import { role, type Statement } from "../../../src/platforms/aws/iam.ts";
import { kmsKey } from "../../../src/platforms/aws/kms.ts";
import type { ManagedGrafanaArgs } from "../aws-args.ts";
import { partsOf, type StackModel } from "../part.ts";
import { importDashboards } from "./dashboard-import.ts";
import type { PrometheusWorkspace } from "./prometheus.ts";

/** Newest that the service has, November 2026. A later one is an update in place, and there is no way back. */
const grafanaVersion = "12.4";

const providers: Readonly<Record<ManagedGrafanaArgs["authentication"], string>> = { sso: "AWS_SSO", saml: "SAML" };

/** A workspace lets nobody in by itself, and who may use it is no part of the topology. */
export const grafanaWarnings = (grafana: ManagedGrafanaArgs | undefined): string[] => {
  if (!grafana) return [];
  const first = { sso: "assign people of IAM Identity Center", saml: "give it the metadata of your identity provider" }[grafana.authentication];
  return [`aws.grafana: nobody can log in at first: ${first} in the console of Amazon Managed Grafana`];
};

/** A workspace of Grafana that asks this workspace of Prometheus, with the dashboards that a stack has everywhere. */
export function grafanaWorkspace(
  context: AwsContext,
  component: pulumi.Resource,
  model: StackModel,
  { authentication }: ManagedGrafanaArgs,
  prometheus: PrometheusWorkspace,
): Connection {
  const { name } = model;
  const part = partsOf(name).grafana;
  const reads = role(context, component, part, {
    component: name,
    service: "grafana.amazonaws.com",
    description: `What the dashboards of ${name} may ask`,
    statements: readStatements(prometheus),
  });
  return quietly(() => {
    const made = new Workspace(
      part,
      {
        name: context.name(part, "workspace"),
        accountAccessType: "CURRENT_ACCOUNT",
        permissionType: "CUSTOMER_MANAGED",
        authenticationProviders: [providers[authentication]],
        grafanaVersion,
        dataSources: ["PROMETHEUS", "CLOUDWATCH", "XRAY"],
        roleArn: reads.arn,
        kmsKeyId: kmsKey(context, "data").arn,
        tags: context.tags(name, "data", part),
      },
      context.placeData(component, name, { dependsOn: reads.ready }),
    );
    const importing = new WorkspaceServiceAccount(
      `${part}-importer`,
      { name: "groundplan", grafanaRole: "ADMIN", workspaceId: made.id },
      context.place(component, { deleteBeforeReplace: true }),
    );
    const imported = importDashboards(context, component, model, { workspace: made, account: importing, prometheus });
    return connect({
      system: name,
      workload: part,
      scheme: "https",
      host: made.endpoint,
      port: 443,
      tls: true,
      ready: [imported],
      // Behind a login of people: no service is let in by a role.
      endpoint: sealEndpoint({}),
    });
  });
}

/** Sources: "Amazon Managed Grafana permissions and policies for AWS data sources" and "IAM permissions for Amazon Managed Service for Prometheus", AWS, 2026. */
const readStatements = ({ arn }: PrometheusWorkspace): Statement[] => [
  {
    sid: "AskPrometheus",
    actions: ["aps:QueryMetrics", "aps:GetLabels", "aps:GetSeries", "aps:GetMetricMetadata"],
    resources: [arn],
  },
  {
    sid: "ReadFigures",
    actions: ["cloudwatch:ListMetrics", "cloudwatch:GetMetricData", "cloudwatch:DescribeAlarms", "cloudwatch:DescribeAlarmsForMetric"],
    resources: ["*"],
  },
  {
    sid: "ReadTraces",
    actions: [
      ...["xray:BatchGetTraces", "xray:GetTraceSummaries", "xray:GetTraceGraph", "xray:GetServiceGraph", "xray:GetGroups"],
      ...["xray:GetTimeSeriesServiceStatistics", "xray:GetInsightSummaries"],
    ],
    resources: ["*"],
  },
];
