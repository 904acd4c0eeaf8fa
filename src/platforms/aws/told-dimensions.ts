import type { Input } from "@pulumi/pulumi";
import type { AwsContext } from "./context.ts";

type Dimensions = Readonly<Record<string, Input<string>>>;

const all = (context: AwsContext): Map<string, Dimensions> => context.once("told dimensions", () => new Map<string, Dimensions>());

/**
 * Tells the dimensions by which CloudWatch knows a component, where no name gives them, e.g. `{ LoadBalancer: "app/x/1a2b" }`:
 * what watches it is made later and reads them.
 */
export const tellDimensions = (context: AwsContext, component: string, dimensions: Dimensions): void => {
  all(context).set(component, dimensions);
};

export const toldDimensions = (context: AwsContext, component: string): Dimensions => all(context).get(component) ?? {};
