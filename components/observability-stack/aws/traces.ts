import { Group } from "@pulumi/aws/xray/group.js";
import type * as pulumi from "@pulumi/pulumi";
import { quietly } from "../../../src/core/quietly.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import type { StackModel } from "../part.ts";

/** Traces of this stack as a group of X-Ray. */
export function tracing(context: AwsContext, component: pulumi.Resource, { name }: StackModel): void {
  const replaced = context.place(component, { deleteBeforeReplace: true });
  quietly(() => {
    new Group(
      `${name}-traces`,
      {
        groupName: context.name(name, "traces"),
        // The collector marks each span with the stack.
        filterExpression: `annotation.stack = "${context.prefix}"`,
        insightsConfiguration: { insightsEnabled: context.sizes.traceInsights, notificationsEnabled: false },
        tags: context.tags(name, "log", `${name}-traces`),
      },
      replaced,
    );
  });
}
