import type { Input, Output } from "@pulumi/pulumi";

/**
 * What a child of a component may be told beside its arguments, target by target: the inputs of its resource. A child is named
 * by the kind of its resource, and where it is not called as the component by the rest of its name: `Container`,
 * `Container/databases`. Each target fills the interface of its name, so that no other one's types are ever read.
 */
export interface Overrides {
  /**
   * Inputs of children on Docker, by child.
   * @default none
   * @change replace; or restart, or safe, as the provider changes that input
   */
  readonly docker?: DockerOverrides;
  /**
   * Inputs of children on Kubernetes, by child.
   * @default none
   * @change replace; or restart, or safe, as the provider changes that input
   */
  readonly kubernetes?: KubernetesOverrides;
  /**
   * Inputs of children on AWS, by child.
   * @default none
   * @change replace; or restart, or safe, as the provider changes that input
   */
  readonly aws?: AwsOverrides;
}

/** Filled by "groundplan/docker". */
// biome-ignore lint/suspicious/noEmptyInterface: another module fills it
export interface DockerOverrides {}

/** Filled by "groundplan/kubernetes". */
// biome-ignore lint/suspicious/noEmptyInterface: another module fills it
export interface KubernetesOverrides {}

/** Filled by "groundplan/aws". */
// biome-ignore lint/suspicious/noEmptyInterface: another module fills it
export interface AwsOverrides {}

/** By the kind of a resource, what its inputs are: an entry for each child of that kind. */
export type Children<Kinds> = { readonly [Kind in keyof Kinds & string as Kind | `${Kind}/${string}`]?: Patch<Kinds[Kind]> };

type Whole = string | number | boolean | null | undefined | Promise<unknown> | Output<unknown>;

/** Some of the inputs, at any depth; null takes one away. */
export type Patch<T> = T extends Whole ? T : T extends readonly (infer E)[] ? Patch<E>[] : { [K in keyof T]?: Patch<T[K]> | Input<null> };
