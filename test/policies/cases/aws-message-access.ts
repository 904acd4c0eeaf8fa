import { type PolicyCases, resource } from "../cases.ts";
import { unknown } from "../unknown.ts";

const arn = "arn:aws:sqs:eu-central-1:123456789012:jobs";
const policy = (...statements: Record<string, unknown>[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });
const noPlain = { Effect: "Deny", Principal: "*", Action: "sqs:*", Resource: arn, Condition: { Bool: { "aws:SecureTransport": "false" } } };
const fromTopic = {
  Effect: "Allow",
  Principal: { Service: "sns.amazonaws.com" },
  Action: "sqs:SendMessage",
  Resource: arn,
  Condition: { ArnEquals: { "aws:SourceArn": "arn:aws:sns:eu-central-1:123456789012:orders" } },
};
const anybody = { Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: arn };
const partner = { ...anybody, Principal: { AWS: "arn:aws:iam::210987654321:root" } };

const queue = (inputs: Record<string, unknown>) => resource("aws:sqs/queue:Queue", "jobs", { name: "jobs", ...inputs });
const queuePolicy = (document: unknown, queueUrl = "https://sqs.eu-central-1.amazonaws.com/123456789012/jobs") =>
  resource("aws:sqs/queuePolicy:QueuePolicy", "jobs-policy", { queueUrl, policy: document });
const topic = (inputs: Record<string, unknown>) => resource("aws:sns/topic:Topic", "orders", { name: "orders", ...inputs });
const topicPolicy = (document: unknown) =>
  resource("aws:sns/topicPolicy:TopicPolicy", "orders-policy", { policy: document }, { from: { arn: [topic({})] } });
const busPolicy = (document: unknown) =>
  resource("aws:cloudwatch/eventBusPolicy:EventBusPolicy", "shop-policy", { eventBusName: "shop", policy: document });
const permission = (inputs: Record<string, unknown>) =>
  resource("aws:cloudwatch/eventPermission:EventPermission", "partner", { statementId: "partner", ...inputs });
const ofOrganisation = { key: "aws:PrincipalOrgID", type: "StringEquals", value: "o-1234567890" };

export const awsMessageAccessCases: Readonly<Record<string, PolicyCases>> = {
  "queue-topic-policy-not-public": {
    compliant: [
      { title: "one topic that may send", resources: [queuePolicy(policy(noPlain, fromTopic))] },
      { title: "no policy of its own", resources: [queue({}), topic({})] },
      {
        title: "everybody of one organisation",
        resources: [queuePolicy(policy({ ...anybody, Condition: { StringEquals: { "aws:PrincipalOrgID": ["o-1234567890"] } } }))],
      },
      {
        title: "all for the account that owns it, as AWS writes it",
        resources: [
          queue({ policy: { Statement: { Effect: "Allow", Principal: { AWS: "arn:aws:iam::123456789012:root" }, Action: "SQS:*", Resource: arn } } }),
        ],
      },
      {
        title: "known by an account, a branch of an organisation, a bucket, a role, addresses",
        resources: [
          queuePolicy(
            policy(
              { ...anybody, Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } } },
              { ...anybody, Condition: { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-1234567890/r-ab12/*" } } },
              { ...anybody, Condition: { ArnLike: { "aws:SourceArn": "arn:aws:s3:::uploads" } } },
              { ...anybody, Condition: { ArnLike: { "aws:SourceArn": "arn:aws:sns:*:123456789012:*" } } },
              { ...anybody, Condition: { StringLike: { "aws:userid": "AROA0123456789ABCDEFG:*" } } },
              { ...anybody, Condition: { IpAddress: { "aws:SourceIp": ["198.51.100.0/24", "203.0.113.7"] } } },
            ),
          ),
        ],
      },
      { title: "an account by its number", resources: [permission({ principal: "210987654321" })] },
      {
        title: "an organisation of the same stack, whose id is not known yet",
        resources: unknown([permission({ principal: "*", condition: ofOrganisation })], "partner: condition.value"),
      },
      {
        title: "an organisation",
        resources: [permission({ principal: "*", condition: ofOrganisation })],
      },
    ],
    violating: [
      { title: "everybody may send", resources: [queuePolicy(policy(noPlain, anybody))], finds: ["jobs-policy: policy.Statement[1].Principal"] },
      {
        title: "everybody may do everything, in the topic itself",
        resources: [topic({ policy: { Statement: { ...anybody, Principal: { AWS: ["*"] }, Action: ["sns:*"] } } })],
        finds: ["orders: policy.Statement.Principal", "orders: policy.Statement.Action"],
      },
      {
        title: "another account may do everything",
        resources: [queuePolicy(policy({ ...anybody, Principal: { AWS: "arn:aws:iam::210987654321:root" }, Action: "*" }))],
        finds: ["jobs-policy: policy.Statement[0].Action"],
      },
      {
        title: "everybody but one",
        resources: [queuePolicy(policy({ ...anybody, Principal: undefined, NotPrincipal: { AWS: "210987654321" } }))],
        finds: ["jobs-policy: policy.Statement[0].Principal"],
      },
      {
        title: "a condition that is no limit",
        resources: [
          topicPolicy(
            policy(
              { ...anybody, Condition: { ArnLike: { "aws:SourceArn": "arn:aws:s3:*:*:*" } } },
              { ...anybody, Condition: { StringNotEquals: { "aws:SourceAccount": "123456789012" } } },
              { ...anybody, Condition: { IpAddress: { "aws:SourceIp": ["10.0.0.0/8", "0.0.0.0/0"] } } },
              { ...anybody, Condition: { Bool: { "aws:SecureTransport": true } } },
            ),
          ),
        ],
        finds: [0, 1, 2, 3].map((index) => `orders-policy: policy.Statement[${index}].Principal`),
      },
      {
        title: "a condition that everybody meets",
        resources: [
          queuePolicy(
            policy(
              ...[
                { "ForAllValues:StringEquals": { "aws:PrincipalOrgID": "o-1234567890" } },
                { StringEqualsIfExists: { "aws:PrincipalOrgID": "o-1234567890" } },
                { StringLike: { "aws:PrincipalOrgID": "o-*" } },
                { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "*/r-ab12/*" } },
                { StringLike: { "aws:SourceAccount": "????????????" } },
                { StringLike: { "aws:SourceVpce": "vpce-*" } },
                { StringEquals: { "aws:PrincipalAccount": `${"$"}{aws:PrincipalAccount}` } },
                { StringEquals: { "aws:username": "deployer" } },
                { StringLike: { "aws:userid": "AROA*:deployer" } },
                { StringLike: { "aws:SourceArn": "arn:aws:*" } },
                { StringLike: { "aws:SourceArn": "arn:aws:sns:*" } },
                { ArnLike: { "aws:SourceArn": "arn:aws:sns:*:1*:orders" } },
                { ArnLike: { "aws:SourceArn": "arn:aws:s3:::upload*" } },
                { IpAddress: { "aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"] } },
                { IpAddress: { "aws:SourceIp": "2000::/3" } },
                { IpAddress: { "aws:VpcSourceIp": "10.0.0.0/8" } },
              ].map((Condition) => ({ ...anybody, Condition })),
            ),
          ),
        ],
        finds: Array.from({ length: 16 }, (_, index) => `jobs-policy: policy.Statement[${index}].Principal`),
      },
      {
        title: "a bus for every account, with a condition that says nothing",
        resources: [
          permission({ principal: "*", condition: {} }),
          resource("aws:cloudwatch/eventPermission:EventPermission", "any", {
            principal: "*",
            condition: { key: "aws:PrincipalOrgID", type: "StringLike", value: "o-*" },
          }),
        ],
        finds: ["partner: principal", "any: principal"],
      },
      { title: "no JSON", resources: [busPolicy("{Statement}")], finds: ["shop-policy: policy"] },
      { title: "a bus for every account", resources: [permission({ principal: "*" })], finds: ["partner: principal"] },
    ],
    reads: { "jobs-policy: policy": [] },
  },
  "queue-topic-cross-account": {
    compliant: [
      {
        title: "the own account, and a topic",
        resources: [queuePolicy(policy({ ...anybody, Principal: { AWS: ["arn:aws:iam::123456789012:role/shop", "123456789012"] } }, fromTopic))],
      },
      { title: "no policy of its own", resources: [queue({}), topic({})] },
      {
        title: "another account, as long as it belongs to the organisation",
        resources: [topicPolicy(policy({ ...partner, Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1234567890" } } }))],
      },
      { title: "another account that may not", resources: [queuePolicy(policy({ ...partner, Effect: "Deny" }))] },
      { title: "everybody, which queue-topic-policy-not-public tells", resources: [queuePolicy(policy(anybody))] },
      {
        title: "an account that nobody can compare",
        resources: [topicPolicy(policy({ ...partner, Resource: "*" })), queuePolicy(policy({ ...partner, Resource: "*" }), "jobs")],
      },
    ],
    violating: [
      {
        title: "another account may send",
        resources: [queuePolicy(policy(noPlain, partner))],
        finds: ["jobs-policy: policy.Statement[1].Principal"],
      },
      {
        title: "a role of another account beside the own one, in the queue itself",
        resources: [
          queue({
            policy: { Statement: { ...partner, Principal: { AWS: ["123456789012", "arn:aws:iam::210987654321:role/shop"] } } },
          }),
        ],
        finds: ["jobs: policy.Statement.Principal"],
      },
      {
        title: "a condition on something else than the organisation, or on any of them",
        resources: [
          busPolicy(
            policy(
              {
                ...partner,
                Resource: "arn:aws:events:eu-central-1:123456789012:event-bus/shop",
                Condition: { Bool: { "aws:SecureTransport": "true" } },
              },
              { ...partner, Resource: "arn:aws:events:eu-central-1:123456789012:event-bus/*", Principal: { AWS: "210987654321" } },
              { ...partner, Condition: { StringLike: { "aws:PrincipalOrgID": "o-*" } } },
              { ...partner, Condition: { StringEqualsIfExists: { "aws:PrincipalOrgID": "o-1234567890" } } },
            ),
          ),
        ],
        finds: [0, 1, 2, 3].map((index) => `shop-policy: policy.Statement[${index}].Principal`),
      },
      {
        title: "the queue named by its address alone",
        resources: [queuePolicy(policy({ ...partner, Resource: "*" }))],
        finds: ["jobs-policy: policy.Statement[0].Principal"],
      },
    ],
    reads: { "jobs-policy: policy": [], "jobs-policy: queueUrl": [] },
    enoughUnknown: ["jobs-policy: queueUrl"],
  },
  "queue-topic-tls-only": {
    compliant: [
      {
        title: "a queue and a topic that refuse plain HTTP",
        resources: [queue({}), queuePolicy(policy(fromTopic, noPlain)), topic({}), topicPolicy(policy({ ...noPlain, Action: ["sns:Publish"] }))],
      },
      {
        title: "in the queue itself, but for services of AWS",
        resources: [
          queue({
            policy: { Statement: { ...noPlain, Condition: { Bool: { "aws:SecureTransport": false, "aws:PrincipalIsAWSService": "false" } } } },
          }),
        ],
      },
    ],
    violating: [
      { title: "a policy that does not refuse it", resources: [queue({}), queuePolicy(policy(fromTopic))], finds: ["jobs-policy: policy"] },
      { title: "no policy", resources: [queue({}), topic({})], finds: ["jobs: policy", "orders: policy"] },
      {
        title: "only for some, only some actions, or only on a further condition",
        resources: [
          queuePolicy(
            policy(
              { ...noPlain, Principal: { AWS: "210987654321" } },
              { ...noPlain, Action: "sqs:SendMessage" },
              { ...noPlain, Condition: { ...noPlain.Condition, StringEquals: { "aws:SourceAccount": "123456789012" } } },
              { ...noPlain, Effect: "Allow" },
              { ...noPlain, Condition: { Bool: { "aws:SecureTransport": "true" } } },
            ),
          ),
        ],
        finds: ["jobs-policy: policy"],
      },
    ],
    reads: { "jobs-policy: policy": ["jobs: policy"], "jobs-policy: queueUrl": ["jobs: policy"], "orders-policy: policy": ["orders: policy"] },
  },
};
