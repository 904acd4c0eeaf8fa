import { componentsOf, type Plan, type PlanResource } from "./plan.ts";
import { type ReadinessRow, stepDeclared, stepTranslated } from "./readiness-row.ts";

interface TaskContainer {
  readonly essential?: boolean;
  readonly healthCheck?: { readonly interval?: number; readonly retries?: number; readonly startPeriod?: number };
}

/** Types that others wait for, with what it means that one of them is there. */
const managed: Readonly<Record<string, { readonly state: string; readonly translated: string }>> = {
  "aws:rds/instance:Instance": { state: "available", translated: "RDS says that the instance is available" },
  "aws:elasticache/replicationGroup:ReplicationGroup": { state: "available", translated: "ElastiCache says that the group is available" },
  "aws:lb/loadBalancer:LoadBalancer": { state: "active", translated: "Elastic Load Balancing says that it is active" },
  "aws:sqs/queue:Queue": { state: "made", translated: "SQS has the queue" },
  "aws:ssm/association:Association": { state: "set up", translated: "Systems Manager says that every node answers its own health check" },
};
const serviceType = "aws:ecs/service:Service";
const runType = "aws:lambda/invocation:Invocation";

export function awsReadiness(plan: Plan): ReadinessRow[] {
  const components = new Map(componentsOf(plan).map((component) => [component.urn, component]));
  const parts = plan.resources.filter(({ type }) => type === serviceType || type === runType || type in managed);
  return parts.map((part) => {
    const component = components.get(part.parent ?? "");
    const isRun = part.type === runType;
    return {
      workload: shownName(part),
      declared: isRun ? stepDeclared : String(component?.outputs.probe ?? ""),
      translated: isRun ? stepTranslated : (managed[part.type]?.translated ?? serviceTranslation(plan, part)),
      waitsFor: parts.filter(({ urn }) => part.dependencies.includes(urn)).map((other) => `${shownName(other)} ${stateOf(other)}`),
    };
  });
}

const shownName = ({ name }: PlanResource) => name.replace(/-(service|run|converge|balancer)$/, "");

function stateOf({ type }: PlanResource): string {
  if (type === runType) return "done";
  return managed[type]?.state ?? "steady";
}

function serviceTranslation(plan: Plan, service: PlanResource): string {
  const definition = plan.resources.find(
    ({ type, outputs }) => type === "aws:ecs/taskDefinition:TaskDefinition" && outputs.arn === service.inputs.taskDefinition,
  );
  const containers = JSON.parse(String(definition?.inputs.containerDefinitions ?? "[]")) as TaskContainer[];
  const [main, ...beside] = containers.toSorted((a, b) => Number(b.essential ?? false) - Number(a.essential ?? false));
  const own = main?.healthCheck;
  const check = own ?? beside.find(({ healthCheck }) => healthCheck)?.healthCheck;
  if (!check) return "a steady service";
  return `${own ? "health check" : "prober beside it"} every ${check.interval ?? 30}s, ${check.retries ?? 3} failures, and a steady service`;
}
