import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import type * as pulumi from "@pulumi/pulumi";
import { quietly } from "../../core/quietly.ts";
import type { AwsContext, Owner } from "./context.ts";
import { kmsKey } from "./kms.ts";

/** Days that CloudWatch Logs takes, November 2026. */
export const logRetentions = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

/** Path of the log group of a part, unless a service wants one of its own. */
export const logPath = (context: AwsContext, name: string) => `/groundplan/${context.prefix}/${name}`;

/**
 * A log group, encrypted and kept as long as the profile says. Declared before what writes into it, which must depend on
 * it: a service that finds none makes one that keeps everything forever. `path` is for services that choose the name,
 * e.g. `/aws/rds/instance/<id>/postgresql`.
 */
export function logGroup(
  context: AwsContext,
  parent: pulumi.Resource,
  component: Owner,
  name: string,
  path: string = logPath(context, name),
): LogGroup {
  const made = quietly(
    () =>
      new LogGroup(
        `${name}-logs`,
        {
          name: path,
          retentionInDays: context.profile.logDays,
          kmsKeyId: kmsKey(context, "logs").arn,
          tags: context.tags(component, "log", `${name}-logs`),
        },
        context.place(parent, { deleteBeforeReplace: true }),
      ),
  );
  logGroupsOf(context, component).push({ name, group: made });
  return made;
}

/** Log groups by what owns them, for whoever comes later and reads them. */
export const logGroupsOf = (context: AwsContext, component: Owner): { readonly name: string; readonly group: LogGroup }[] =>
  context.once(`logs of ${String(component)}`, () => []);
