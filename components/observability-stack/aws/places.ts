import type { Input } from "@pulumi/pulumi";
import { clusterName } from "../../../src/platforms/aws/cluster.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import { cloudMapName } from "../../../src/platforms/aws/discovery.ts";
import { logPath } from "../../../src/platforms/aws/logs.ts";
import { toldDimensions } from "../../../src/platforms/aws/told-dimensions.ts";
import type { Places } from "../catalogue/cloudwatch/model.ts";
import type { StackModel } from "../part.ts";
import type { Around } from "./config.ts";

export const figuresLogName = (stack: string) => `${stack}-figures`;
export const linesLogName = (stack: string) => `${stack}-sdk`;

const namespaceOf = (context: AwsContext, stack: string) => `${context.prefix}/${stack}`;

export const placesOf = (context: AwsContext, { name, given }: Pick<StackModel, "name" | "given">): Places => ({
  namespace: namespaceOf(context, name),
  cluster: clusterName(context),
  scrapeSeconds: given.scrapeSeconds ?? context.sizes.scrapeSeconds,
  stack: name,
  service: (workload) => context.name(workload, "service"),
  database: (part) => context.name(part, "rds"),
  told: (component): Readonly<Record<string, Input<string>>> => toldDimensions(context, component),
});

export const aroundOf = (context: AwsContext, stack: string): Around => ({
  region: context.region,
  prefix: context.prefix,
  namespace: namespaceOf(context, stack),
  figuresLog: logPath(context, figuresLogName(stack)),
  linesLog: logPath(context, linesLogName(stack)),
  host: (workload) => cloudMapName(context, workload),
});
