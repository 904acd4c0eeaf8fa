import type { AwsSettings } from "../../core/settings.ts";
import { type Plan, resourcesOfType } from "../../preview/plan.ts";
import { type CommandError, couldNotRun } from "../exit.ts";
import type { EnvironmentProject } from "../project.ts";

type Where = { readonly aws?: AwsSettings };

/** On AWS this is done by the tools of AWS, which know who may: the verb is refused with the commands, names and all. */
export const byAws = (verb: string, lines: readonly string[]): CommandError =>
  couldNotRun(
    "GP510",
    [`on target aws, ${verb} is what the AWS CLI does, with your own rights there:`, ...lines.map((line) => `  ${line}`)].join("\n"),
  );

const region = ({ aws }: Where) => (aws?.region ? ` --region ${aws.region}` : "");

/** Names end with what they are called in the plan: `.../cluster/groundplan-prod` -> `groundplan-prod`. */
const lastOf = (name: unknown) => String(name).split("/").at(-1) ?? "";

const inShell = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

const ownedBy = (tags: unknown, component: string) => (tags as Readonly<Record<string, string>> | undefined)?.["groundplan:component"] === component;

/** Commands that tell the addresses which AWS gave, from the state, and the passwords. */
export const awsConnections = ({ env, stack }: Pick<EnvironmentProject, "env" | "stack">): string[] => [
  `eval "$(groundplan env ${env})"   # addresses are given when things are made, so they are in the state`,
  `pulumi stack export --stack ${stack} | jq '.deployment.resources[] | select(.outputs.connections) | .outputs.connections'`,
  `pulumi stack output credentials --show-secrets --stack ${stack}`,
];

/** Commands that tell which tasks of the stack run. */
export function awsServices(plan: Plan, where: Where): string[] {
  const clusters = new Map<string, string[]>();
  for (const { inputs } of resourcesOfType(plan, "aws:ecs/service:Service")) {
    const cluster = lastOf(inputs.cluster);
    clusters.set(cluster, [...(clusters.get(cluster) ?? []), String(inputs.name)]);
  }
  // It takes ten services at once.
  const batches = [...clusters].flatMap(([cluster, services]) =>
    Array.from({ length: Math.ceil(services.length / 10) }, (_, index) => [cluster, services.slice(index * 10, index * 10 + 10)] as const),
  );
  return batches.map(
    ([cluster, services]) =>
      `aws ecs describe-services --cluster ${cluster} --services ${services.join(" ")}${region(where)} --query "services[].[serviceName,runningCount,desiredCount,deployments[0].rolloutState]" --output table`,
  );
}

/** Commands that print the logs of a component: one for each group. */
export function awsLogs(plan: Plan, component: string, where: Where, follow: boolean): string[] {
  const groups = resourcesOfType(plan, "aws:cloudwatch/logGroup:LogGroup").filter(({ inputs }) => ownedBy(inputs.tags, component));
  if (groups.length === 0) return [`${component} has no log group: it is a managed service, or writes no log`];
  return groups.map(({ inputs }) => `aws logs tail ${String(inputs.name)}${follow ? " --follow" : ""}${region(where)}`);
}

/** The command for a shell in a task of a component, or why there is none. */
export function awsExec(plan: Plan, component: string, command: readonly string[], where: Where): string[] {
  const services = resourcesOfType(plan, "aws:ecs/service:Service").filter(({ inputs }) => ownedBy(inputs.tags, component));
  if (services.length === 0) return [`nothing: ${component} has no ECS service, so there is no container to run it in`];
  return services.flatMap(({ inputs }) => {
    const cluster = lastOf(inputs.cluster);
    const [name, task] = [
      String(inputs.name),
      `$(aws ecs list-tasks --cluster ${cluster} --service-name ${String(inputs.name)}${region(where)} --query "taskArns[0]" --output text)`,
    ];
    return [
      ...(inputs.enableExecuteCommand === true
        ? []
        : [`# ${name} is made without it (enableExecuteCommand is off), so ECS refuses until that is on`]),
      `aws ecs execute-command --cluster ${cluster} --task "${task}" --container ${component} --interactive --command ${inShell(command.join(" ") || "sh")}${region(where)}`,
    ];
  });
}
