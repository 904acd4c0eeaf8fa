import { type Check, matching, type Rules, shape } from "../../src/core/checks.ts";

/** Settings of the instances. Other targets refuse them, so write them into the stack file of an environment on AWS. */
export interface NatsAwsArgs {
  /**
   * Type of the instances, e.g. `m7g.large`.
   * @default by profile: t4g.small (dev, staging), m7g.large (prod)
   * @change restart; node by node, as the README says: nothing happens by itself
   */
  readonly instanceType?: string;
}

const rules: Rules<NatsAwsArgs> = {
  instanceType: matching(/^[a-z]\w*\.(\d*x?large|medium|small)$/, "a type of EC2 instances with 2 GiB or more, without a prefix", "e.g. m7g.large"),
};

export const natsAwsCheck: Check = shape(rules);
