import { type PolicyCases, resource } from "../cases.ts";

type Inputs = Record<string, unknown>;
const topic = "arn:aws:sns:eu-central-1:123456789012:on-call";
const alarm = (name: string, inputs: Inputs, from: Readonly<Record<string, readonly ReturnType<typeof resource>[]>> = {}) =>
  resource("aws:cloudwatch/metricAlarm:MetricAlarm", name, inputs, { from });
const silent = alarm("errors", { alarmActions: [] });
const rollout = resource("aws:ecs/service:Service", "shop", { alarms: { alarmNames: ["errors"] } }, { from: { alarms: [silent] } });

const on = (metricName: string, dimensions: Inputs) => alarm(metricName, { metricName, dimensions, alarmActions: [topic] });
const orders = resource("aws:rds/instance:Instance", "orders", { identifier: "orders" });
const ofOrders = ["CPUUtilization", "FreeStorageSpace", "DatabaseConnections"].map((metric) => on(metric, { DBInstanceIdentifier: "orders" }));
const balancer = (inputs: Inputs = {}) => resource("aws:lb/loadBalancer:LoadBalancer", "shop", inputs);
const linked = (metricName: string) => alarm(metricName, { metricName, dimensions: { LoadBalancer: "app/shop/1" } }, { dimensions: [balancer()] });
const sessions = resource("aws:elasticache/replicationGroup:ReplicationGroup", "sessions", { replicationGroupId: "sessions" });
const jobs = resource("aws:sqs/queue:Queue", "jobs", { name: "jobs" });
const service = resource("aws:ecs/service:Service", "web", { name: "web" });
const rate = alarm("rate", {
  metricQueries: [{ id: "age", metric: { metricName: "ApproximateAgeOfOldestMessage", dimensions: { QueueName: "jobs" } } }],
});

export const awsAlarmCases: Readonly<Record<string, PolicyCases>> = {
  "alarms-actionable": {
    compliant: [
      { title: "an alarm that calls somebody", resources: [alarm("full", { actionsEnabled: true, alarmActions: [topic] })] },
      { title: "one that a deployment listens to", resources: [silent, rollout] },
    ],
    violating: [
      { title: "nobody to call", resources: [silent, alarm("full", {})], finds: ["errors: alarmActions", "full: alarmActions"] },
      { title: "switched off", resources: [alarm("full", { actionsEnabled: false, alarmActions: [topic] })], finds: ["full: actionsEnabled"] },
    ],
    reads: { "full: actionsEnabled": [] },
  },
  "alarms-present": {
    compliant: [
      {
        title: "a balancer and its alarms",
        resources: [balancer({ loadBalancerType: "application" }), linked("HTTPCode_ELB_5XX_Count"), linked("TargetResponseTime")],
      },
      { title: "a database, by its name", resources: [orders, ...ofOrders] },
      {
        title: "a cache, a queue and a service",
        resources: [
          sessions,
          on("FreeableMemory", { CacheClusterId: "sessions-001" }),
          jobs,
          rate,
          service,
          on("RunningTaskCount", { ClusterName: "main", ServiceName: "web" }),
        ],
      },
      { title: "a network balancer", resources: [balancer({ loadBalancerType: "network" })] },
    ],
    violating: [
      { title: "a disk that fills up unseen", resources: [orders, ...ofOrders.slice(0, 1), ...ofOrders.slice(2)], finds: ["orders: "] },
      { title: "alarms of others", resources: [jobs, on("ApproximateAgeOfOldestMessage", { QueueName: "mails" })], finds: ["jobs: "] },
      { title: "nothing is watched", resources: [balancer(), sessions, service], finds: ["shop: ", "shop: ", "sessions: ", "web: "] },
    ],
    reads: { "shop: loadBalancerType": [] },
  },
};
