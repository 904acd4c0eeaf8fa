import { Topic } from "@pulumi/aws/sns/topic.js";
import { TopicPolicy } from "@pulumi/aws/sns/topicPolicy.js";
import { TopicSubscription } from "@pulumi/aws/sns/topicSubscription.js";
import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../../../src/core/problems.ts";
import { quietly } from "../../../src/core/quietly.ts";
import type { AlarmSeverity } from "../../../src/platforms/aws/alarm-topics.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import { policyDocument, type ResourceStatement } from "../../../src/platforms/aws/iam.ts";
import { kmsKey } from "../../../src/platforms/aws/kms.ts";
import type { StackModel } from "../part.ts";
import type { SettledReceiver } from "../receivers.ts";

const severities: readonly AlarmSeverity[] = ["info", "warning", "critical"];

/** A receiver gets its own severity and what is worse. */
const hears = ({ severity }: SettledReceiver, told: AlarmSeverity) => severities.indexOf(told) >= severities.indexOf(severity);

export interface AlertTopics {
  /** ARNs by severity; none where nobody is told of it. */
  readonly topics: Readonly<Partial<Record<AlarmSeverity, pulumi.Output<string>>>>;
}

/** A topic for each severity that somebody is told of, encrypted with a key that CloudWatch may use, and its subscribers. */
export function alertTopics(context: AwsContext, component: pulumi.Resource, { name, receivers, given }: StackModel): AlertTopics {
  const told = severities.filter((severity) => receivers.some((receiver) => hears(receiver, severity)));
  const made = told.map((severity) => {
    const part = `${name}-${severity}`;
    const physical = context.name(part, "topic");
    const arn = context.arn("sns", physical);
    const replaced = context.place(component, { deleteBeforeReplace: true });
    return quietly(() => {
      const topic = new Topic(
        part,
        {
          name: physical,
          displayName: `${context.prefix}: ${severity}`,
          kmsMasterKeyId: kmsKey(context, "alerts", given.aws?.prometheus ? [workspaces(context)] : []).arn,
          signatureVersion: 2,
          tags: context.tags(name, "alarm", part),
        },
        replaced,
      );
      new TopicPolicy(part, { arn: topic.arn, policy: policyDocument(statements(context, arn, given.aws?.prometheus ?? false)) }, replaced);
      for (const receiver of receivers.filter((one) => hears(one, severity))) {
        new TopicSubscription(`${part}-to-${receiver.name}`, { topic: topic.arn, ...subscriber(receiver) }, replaced);
      }
      return [severity, topic.arn] as const;
    });
  });
  return { topics: Object.fromEntries(made) };
}

/** Workspaces encrypt what they publish, too. */
const workspaces = (context: AwsContext): ResourceStatement => ({
  sid: "WorkspacesOfThisAccount",
  principal: { Service: "aps.amazonaws.com" },
  actions: ["kms:GenerateDataKey", "kms:Decrypt"],
  resources: ["*"],
  conditions: { StringEquals: { "aws:SourceAccount": context.account } },
});

function statements(context: AwsContext, arn: string, prometheus: boolean): ResourceStatement[] {
  const own = { StringEquals: { "aws:SourceAccount": context.account } };
  const publish = { actions: ["sns:Publish"], resources: [arn] };
  return [
    { ...publish, sid: "DenyWithoutTls", effect: "Deny", principal: "*", conditions: { Bool: { "aws:SecureTransport": "false" } } },
    {
      ...publish,
      sid: "AlarmsOfThisStack",
      principal: { Service: "cloudwatch.amazonaws.com" },
      conditions: { ...own, ArnLike: { "aws:SourceArn": context.arn("cloudwatch", `alarm:${context.prefix}-*`) } },
    },
    ...(prometheus
      ? [
          {
            ...publish,
            // It looks at the topic before it tells it. Source: "Amazon Managed Service for Prometheus: permissions for SNS", AWS, 2026.
            actions: ["sns:Publish", "sns:GetTopicAttributes"],
            sid: "AlertsOfWorkspaces",
            principal: { Service: "aps.amazonaws.com" },
            conditions: { ...own, ArnLike: { "aws:SourceArn": context.arn("aps", "workspace/*") } },
          },
        ]
      : []),
  ];
}

/** The URL of a webhook stays a secret. What SNS sends there first is a question whether it may: the receiver answers it. */
function subscriber({ kind, to, secret }: SettledReceiver): { readonly protocol: string; readonly endpoint: pulumi.Input<string> } {
  if (kind === "email") return { protocol: "email", endpoint: to ?? "" };
  return { protocol: "https", endpoint: pulumi.secret(secret ?? "") };
}

/** What SNS cannot deliver to. */
export function receiverProblems(component: string, receivers: readonly SettledReceiver[]): Problem[] {
  return receivers.flatMap(({ name, kind, service, secret }): Problem[] => {
    const path = `receivers.${name.replace(/-(\d+)$/, "[$1]")}`;
    if (kind === "slack") {
      const fix = "use email, or a webhook of a service that reads what SNS sends, under components of the environment on AWS";
      return [{ component, path, value: "[hidden]", rule: "no channel of Slack on AWS: SNS does not write what its webhooks read", fix }];
    }
    if (service) {
      const rule = "a URL outside: SNS reaches no service in private subnets";
      return [{ component, path: `${path}.service`, value: service.summary.workload, rule, fix: "give url and host, or use email" }];
    }
    if (kind === "webhook" && typeof secret === "string" && !secret.startsWith("https://")) {
      return [{ component, path: `${path}.url`, value: "[hidden]", rule: "an https:// URL: alerts leave the network", fix: "use TLS" }];
    }
    return [];
  });
}

/** What is different of a receiver that SNS delivers to. */
export function receiverWarnings(receivers: readonly SettledReceiver[]): string[] {
  const mails = receivers.filter(({ kind }) => kind === "email");
  const hooks = receivers.filter(({ kind }) => kind === "webhook");
  return [
    ...(mails.length > 0
      ? [
          "receivers.email: SNS sends the mail, from an address of its own: from, host, port and login are not used, and each address confirms by a link",
        ]
      : []),
    ...(hooks.length > 0 ? ["receivers.webhook: the body is what SNS sends, not Alertmanager's, and the service confirms the subscription"] : []),
  ];
}
