import type { PlanResource } from "../../../../src/preview/plan.ts";
import { is, keyed, names, type Rows, statements, tlsOnly } from "./rule.ts";

/** Days that CloudWatch Logs takes, as its API names them. */
const days = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];
const group = "aws:cloudwatch/logGroup:LogGroup";
const arn = ({ outputs }: PlanResource) => outputs.arn;

const another = "arn:aws:sns:eu-central-1:123456789012:of-another";

/** Alarms of this severity are looked at, not told. */
const forInformation = ({ inputs }: PlanResource) => String(inputs.alarmDescription).startsWith("info: ");

/** Statements that let a service of AWS do something must name this account. */
const inOwnName = (text: unknown) =>
  statements(text).every(
    ({ Effect, Principal, Condition }) =>
      Effect === "Deny" ||
      (JSON.stringify(Principal).startsWith('{"Service":') && JSON.stringify(Condition ?? {}).includes('"aws:SourceAccount":"123456789012"')),
  );

export const watching: Rows = {
  [group]: [
    keyed("kmsKeyId", "logs"),
    {
      says: "ends after the days of its profile",
      holds: ({ inputs }, { stage }) => inputs.retentionInDays === stage.logDays && days.includes(stage.logDays),
      faults: [{ inputs: { retentionInDays: undefined } }, { inputs: { retentionInDays: 1 } }],
    },
  ],
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": [names("logGroupName", group, ({ inputs }) => inputs.name)],
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": [
    {
      says: "lets in services of AWS in the name of this account",
      holds: ({ inputs }) => inOwnName(inputs.policyDocument),
      faults: [{ inputs: { policyDocument: (was: string) => was.replace('"aws:SourceAccount":"123456789012"', '"aws:SourceAccount":"*"') } }],
    },
  ],
  "aws:cloudwatch/metricAlarm:MetricAlarm": [
    {
      says: "tells a topic when it rings, save for information",
      holds: (it, look) => {
        const told = (it.inputs.alarmActions ?? []) as string[];
        const topics = look.of("aws:sns/topic:Topic").map(arn);
        return forInformation(it) ? told.length === 0 : told.some((to) => topics.includes(to));
      },
      faults: [{ inputs: { alarmActions: [] } }, { inputs: { alarmActions: [another], okActions: [another] } }],
    },
    {
      says: "tells the same topics when it is over",
      holds: ({ inputs }) =>
        ((inputs.alarmActions ?? []) as string[]).every(
          (to) => !to.startsWith("arn:aws:sns:") || ((inputs.okActions ?? []) as string[]).includes(to),
        ),
      faults: [{ inputs: { okActions: [] } }],
    },
    {
      says: "may act",
      holds: ({ inputs }) => inputs.actionsEnabled !== false,
      faults: [{ inputs: { actionsEnabled: false } }],
    },
    {
      says: "says what no figure means",
      holds: ({ inputs }) => ["breaching", "notBreaching", "ignore"].includes(String(inputs.treatMissingData)),
      faults: [{ inputs: { treatMissingData: undefined } }],
    },
  ],
  "aws:cloudwatch/dashboard:Dashboard": "figures that are all emitted: the referential test of this plan asks it",
  "aws:xray/group:Group": "a view of traces; how they are encrypted is a setting of the account, not of a stack",
  "aws:sns/topic:Topic": [
    keyed("kmsMasterKeyId", "alerts"),
    is("signatureVersion", 2, 1),
    {
      says: "has a policy, and somebody who is told",
      holds: (it, look) =>
        look.of("aws:sns/topicPolicy:TopicPolicy").some(({ inputs }) => inputs.arn === it.outputs.arn) &&
        look.of("aws:sns/topicSubscription:TopicSubscription").some(({ inputs }) => inputs.topic === it.outputs.arn),
      faults: [
        { at: ({ type }) => type === "aws:sns/topicPolicy:TopicPolicy", gone: true },
        { at: ({ type }) => type === "aws:sns/topicSubscription:TopicSubscription", gone: true },
      ],
    },
  ],
  "aws:sns/topicPolicy:TopicPolicy": [
    tlsOnly("sns:Publish"),
    {
      says: "lets in services of AWS in the name of this account",
      holds: ({ inputs }) => inOwnName(inputs.policy),
      faults: [{ inputs: { policy: (was: string) => was.replace('"aws:SourceAccount":"123456789012"', '"aws:SourceAccount":"*"') } }],
    },
  ],
  "aws:sns/topicSubscription:TopicSubscription": [
    {
      says: "goes by mail or HTTPS",
      holds: ({ inputs }) => ["email", "https"].includes(String(inputs.protocol)),
      faults: [{ inputs: { protocol: "http" } }],
    },
  ],
};
