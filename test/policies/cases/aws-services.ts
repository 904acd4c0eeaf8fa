import { type PolicyCases, resource } from "../cases.ts";
import { task } from "./aws-tasks.ts";

type Inputs = Record<string, unknown>;
const awslogs = { logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "/shop" } } };
const cluster = (inputs: Inputs) => resource("aws:ecs/cluster:Cluster", "services", inputs);
const insights = { settings: [{ name: "containerInsights", value: "enhanced" }] };
const audited = (logConfiguration: Inputs = { cloudWatchLogGroupName: "/shop/shells" }) =>
  cluster({ configuration: { executeCommandConfiguration: { logging: "OVERRIDE", logConfiguration } } });
const shell = (on: ReturnType<typeof cluster>) => [
  on,
  resource("aws:ecs/service:Service", "shop", { cluster: "arn", enableExecuteCommand: true }, { from: { cluster: [on] } }),
];

const breaker = { enable: true, rollback: true };
const safe = {
  desiredCount: 2,
  schedulingStrategy: "REPLICA",
  platformVersion: "LATEST",
  deploymentMinimumHealthyPercent: 100,
  deploymentCircuitBreaker: breaker,
};
const service = (inputs: Inputs, ignoreChanges: readonly string[] = []) => [
  resource("aws:ecs/service:Service", "shop", { name: "shop", ...safe, ...inputs }, { ignoreChanges }),
];
const canary = (canaryPercent: number, bakeTimeInMinutes: string) => ({
  deploymentCircuitBreaker: undefined,
  deploymentConfiguration: { strategy: "CANARY", bakeTimeInMinutes, canaryConfiguration: { canaryPercent } },
});
const alarms = { alarms: { enable: true, rollback: true, alarmNames: ["shop-errors"] } };

const scaled = (service: Inputs, target: Inputs, ignoreChanges = ["desiredCount"]) => [
  resource("aws:ecs/service:Service", "shop", { name: "shop", schedulingStrategy: "REPLICA", desiredCount: 2, ...service }, { ignoreChanges }),
  resource("aws:appautoscaling/target:Target", "shop-scaling", { resourceId: "service/main/shop", minCapacity: 2, maxCapacity: 6, ...target }),
];
const rule = resource("aws:appautoscaling/policy:Policy", "shop-cpu", { resourceId: "service/main/shop", policyType: "TargetTrackingScaling" });
const [linkedService, linkedTarget] = scaled({ name: undefined }, {});

export const awsServiceCases: Readonly<Record<string, PolicyCases>> = {
  "ecs-observable": {
    compliant: [
      { title: "a log and a counted cluster", resources: [task([awslogs]), cluster(insights)] },
      { title: "the older way to count", resources: [cluster({ settings: [{ name: "containerInsights", value: "enabled" }] })] },
    ],
    violating: [
      {
        title: "no log, and nobody counts",
        resources: [task([awslogs, {}]), cluster({})],
        finds: ["shop: containerDefinitions[1].logConfiguration", "services: settings"],
      },
      {
        title: "counting is off",
        resources: [cluster({ settings: [{ name: "containerInsights", value: "disabled" }] })],
        finds: ["services: settings[0].value"],
      },
    ],
    reads: {
      "shop: containerDefinitions": [],
      "services: settings": ["services: settings"],
      "services: settings[0].name": ["services: settings"],
      "services: settings[0].value": ["services: settings[0].value"],
    },
  },
  "ecs-exec-audited": {
    compliant: [
      { title: "shells with a log of their own", resources: shell(audited()) },
      {
        title: "a cluster that the stack does not show",
        resources: [resource("aws:ecs/service:Service", "shop", { cluster: "shared", enableExecuteCommand: true }), cluster({ name: "services" })],
      },
      { title: "no shells", resources: [cluster({}), resource("aws:ecs/service:Service", "shop", { enableExecuteCommand: false })] },
    ],
    violating: [
      { title: "shells, and a cluster as it comes", resources: shell(cluster({})), finds: ["shop: enableExecuteCommand"] },
      {
        title: "the same, named by its ARN",
        resources: [
          cluster({ name: "services" }),
          resource("aws:ecs/service:Service", "shop", {
            cluster: "arn:aws:ecs:eu-central-1:123456789012:cluster/services",
            enableExecuteCommand: true,
          }),
        ],
        finds: ["shop: enableExecuteCommand"],
      },
      { title: "a log without a place", resources: shell(audited({})), finds: ["shop: enableExecuteCommand"] },
      {
        title: "no log on purpose",
        resources: shell(cluster({ configuration: { executeCommandConfiguration: { logging: "NONE" } } })),
        finds: ["shop: enableExecuteCommand"],
      },
    ],
    reads: {
      "shop: enableExecuteCommand": [],
      "services: configuration": ["shop: enableExecuteCommand"],
      "services: configuration.executeCommandConfiguration.logging": ["shop: enableExecuteCommand"],
    },
  },
  "ecs-deploy-safety": {
    compliant: [
      { title: "a release that goes back by itself", resources: service({}) },
      { title: "a canary that alarms watch", resources: service({ ...canary(25, "10"), ...alarms }) },
      { title: "as many tasks as scaling says", resources: service({ desiredCount: 1 }, ["desiredCount"]) },
      {
        title: "a task on every machine",
        resources: service({ schedulingStrategy: "DAEMON", desiredCount: undefined, deploymentMinimumHealthyPercent: 0 }),
      },
      {
        title: "deployments by CodeDeploy",
        resources: service({ deploymentController: { type: "CODE_DEPLOY" }, deploymentCircuitBreaker: undefined }),
      },
      { title: "one task in staging", stage: "staging", resources: service({ desiredCount: 1 }) },
    ],
    violating: [
      {
        title: "nothing stops a broken release",
        resources: service({ deploymentCircuitBreaker: undefined, deploymentMinimumHealthyPercent: 99 }),
        finds: ["shop: deploymentCircuitBreaker.enable", "shop: deploymentMinimumHealthyPercent"],
      },
      {
        title: "stopped, but not taken back",
        resources: service({ deploymentCircuitBreaker: { enable: true, rollback: false } }),
        finds: ["shop: deploymentCircuitBreaker.rollback"],
      },
      {
        title: "one task, on an old platform",
        resources: service({ desiredCount: 1, platformVersion: "1.3.0" }),
        finds: ["shop: desiredCount", "shop: platformVersion"],
      },
      {
        title: "a large canary that nobody watches",
        resources: service(canary(26, "0")),
        finds: ["shop: alarms", "shop: deploymentConfiguration.bakeTimeInMinutes", "shop: deploymentConfiguration.canaryConfiguration.canaryPercent"],
      },
      {
        title: "alarms that take nothing back",
        resources: service({ ...canary(5, "10"), alarms: { enable: true, rollback: false, alarmNames: ["shop-errors"] } }),
        finds: ["shop: alarms.rollback"],
      },
    ],
    reads: {
      "shop: deploymentCircuitBreaker": ["shop: deploymentCircuitBreaker.enable"],
      "shop: deploymentCircuitBreaker.enable": ["shop: deploymentCircuitBreaker.enable"],
      "shop: deploymentCircuitBreaker.rollback": ["shop: deploymentCircuitBreaker.rollback"],
      "shop: deploymentMinimumHealthyPercent": [],
      "shop: desiredCount": ["shop: desiredCount"],
      "shop: platformVersion": [],
      "shop: deploymentController": [],
      "shop: schedulingStrategy": [],
    },
  },
  "ecs-autoscaled": {
    compliant: [
      { title: "two to six tasks", resources: [...scaled({}, {}), rule] },
      {
        title: "joined by where the id comes from",
        resources: [
          ...(linkedService ? [linkedService] : []),
          ...(linkedService && linkedTarget ? [{ ...linkedTarget, propertyDependencies: { resourceId: [linkedService.urn] } }] : []),
          rule,
        ],
      },
      { title: "a task on every machine", resources: service({ schedulingStrategy: "DAEMON" }) },
      { title: "one to two in staging", stage: "staging", resources: [...scaled({}, { minCapacity: 1, maxCapacity: 2 }), rule] },
    ],
    violating: [
      { title: "a fixed number", resources: service({}), finds: ["shop: "] },
      { title: "scaling of another service", resources: [...scaled({ name: "cart" }, {}), rule], finds: ["shop: "] },
      { title: "one task at night", resources: [...scaled({}, { minCapacity: 1 }), rule], finds: ["shop-scaling: minCapacity"] },
      { title: "a range of one number", resources: [...scaled({}, { maxCapacity: 2 }), rule], finds: ["shop-scaling: maxCapacity"] },
      { title: "a range that nothing uses", resources: scaled({}, {}), finds: ["shop-scaling: "] },
      { title: "a number that every update sets back", resources: [...scaled({}, {}, []), rule], finds: ["shop: desiredCount"] },
    ],
    reads: {
      "shop: schedulingStrategy": [],
      "shop: name": ["shop: "],
      "shop-scaling: resourceId": ["shop: "],
      "shop-scaling: minCapacity": ["shop-scaling: minCapacity"],
      "shop-scaling: maxCapacity": ["shop-scaling: maxCapacity"],
      "shop-cpu: resourceId": ["shop-scaling: "],
    },
  },
};
