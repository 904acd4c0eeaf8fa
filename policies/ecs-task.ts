import { below, json, records, text } from "./read.ts";

export const taskDefinition = "aws:ecs/taskDefinition:TaskDefinition";
export const ecsService = "aws:ecs/service:Service";

type Entry = Readonly<Record<string, unknown>>;
type Container = readonly [path: string, container: Entry];

/** Containers of a task definition with the path of each; none when they are no JSON, which `ecs-no-privileged` tells. */
export const containersOf = ({ containerDefinitions }: Entry): readonly Container[] =>
  records(json(containerDefinitions)).map(([index, container]) => [`containerDefinitions[${index}]`, container] as const);

/** Windows knows neither users by number nor a root file system that cannot be written. */
export const onWindows = (inputs: Entry): boolean => text(below(inputs, "runtimePlatform.operatingSystemFamily"))?.startsWith("WINDOWS") === true;

/** A first step: it may end, and an essential container starts only when it has. */
export const endsBefore = (first: Entry, containers: readonly Container[]): boolean =>
  first.essential === false &&
  containers.some(
    ([, { essential, dependsOn }]) =>
      essential !== false &&
      records(dependsOn).some(
        ([, { containerName, condition }]) => containerName === first.name && (condition === "SUCCESS" || condition === "COMPLETE"),
      ),
  );
