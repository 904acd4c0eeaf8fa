import { AlertManagerDefinition } from "@pulumi/aws/amp/alertManagerDefinition.js";
import { RuleGroupNamespace } from "@pulumi/aws/amp/ruleGroupNamespace.js";
import { Workspace } from "@pulumi/aws/amp/workspace.js";
import * as pulumi from "@pulumi/pulumi";
import type { Observed } from "../../../src/core/observed.ts";
import { quietly } from "../../../src/core/quietly.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import { kmsKey } from "../../../src/platforms/aws/kms.ts";
import { logGroup } from "../../../src/platforms/aws/logs.ts";
import { inhibitRules } from "../alertmanager.ts";
import { rulesFile } from "../catalogue/index.ts";
import { type StackModel, yamlOf } from "../part.ts";
import type { AlertTopics } from "./topics.ts";

export interface PrometheusWorkspace {
  readonly arn: pulumi.Output<string>;
  /** Ends with a slash. */
  readonly endpoint: pulumi.Output<string>;
}

/** A workspace of Prometheus with the rules file that a stack has everywhere; `only` are the alerts that it tells somebody of. */
export function workspace(
  context: AwsContext,
  component: pulumi.Resource,
  model: StackModel,
  { topics }: AlertTopics,
  only: readonly string[],
): PrometheusWorkspace {
  const { name, observes } = model;
  const part = `${name}-prometheus`;
  // The service takes no group under another path.
  const logs = logGroup(context, component, name, part, `/aws/vendedlogs/prometheus/${context.prefix}/${name}`);
  return quietly(() => {
    const made = new Workspace(
      part,
      {
        alias: context.name(part, "workspaceAlias"),
        kmsKeyArn: kmsKey(context, "data").arn,
        loggingConfiguration: { logGroupArn: pulumi.interpolate`${logs.arn}:*` },
        tags: context.tags(name, "data", part),
      },
      context.placeData(component),
    );
    const replaced = context.place(component, { deleteBeforeReplace: true });
    new RuleGroupNamespace(
      `${part}-rules`,
      {
        name: "groundplan",
        workspaceId: made.id,
        data: rulesFile(observes.map(scrapedOnly), { selfName: name }),
        tags: context.tags(name, "alarm", `${part}-rules`),
      },
      replaced,
    );
    if (Object.keys(topics).length > 0) {
      new AlertManagerDefinition(`${part}-alerts`, { workspaceId: made.id, definition: definition(context, topics, only) }, replaced);
    }
    return { arn: made.arn, endpoint: made.prometheusEndpoint };
  });
}

/** Nobody asks for health here, so rules about that would miss what was never there. */
const scrapedOnly = ({ health: _, ...it }: Observed): Observed => it;

/** What CloudWatch tells as the rule means it is not told twice: only the others go on, each to the topic of its severity. */
function definition(context: AwsContext, topics: AlertTopics["topics"], only: readonly string[]): pulumi.Output<string> {
  const entries = Object.entries(topics);
  return pulumi.all(entries.map(([, topic]) => topic)).apply((arns) =>
    yamlOf({
      alertmanager_config: yamlOf({
        route: {
          receiver: "nobody",
          group_by: ["alertname", "component"],
          group_wait: "10s",
          group_interval: "1m",
          repeat_interval: "4h",
          routes: entries.map(([severity]) => ({
            receiver: severity,
            matchers: [`severity="${severity}"`, `alertname=~"${only.join("|")}"`],
          })),
        },
        inhibit_rules: inhibitRules,
        receivers: [
          { name: "nobody" },
          ...entries.map(([severity], index) => ({
            name: severity,
            sns_configs: [{ topic_arn: arns[index], sigv4: { region: context.region }, send_resolved: true }],
          })),
        ],
      }),
    }),
  );
}
