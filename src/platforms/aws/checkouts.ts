import * as pulumi from "@pulumi/pulumi";
import { checkoutScript } from "../../core/checkout.ts";
import type { CheckoutSpec } from "../../core/workload.ts";
import { type ContainerDefinition, confined, type LogConfiguration } from "./container.ts";
import type { TaskVolume } from "./task-volumes.ts";

/** GiB of disk that a task on Fargate has without asking: images are unpacked there, too. Source: the developer guide of ECS, November 2026. */
const usualDiskGiB = 20;
const largestDiskGiB = 200;
/** What copies may take of the usual disk before a larger one is asked for. */
const roomForCopiesMiB = 5 * 1024;

/** Variable that carries the token of a repository to the step that fetches it; no other container gets it. */
const tokenVariable = ({ name }: Pick<CheckoutSpec, "name">) => `${tokenPrefix}${name.replaceAll("-", "_").toUpperCase()}`;
export const tokenPrefix = "GROUNDPLAN_CHECKOUT_";

/** Tokens, kept with the other values of the task that are not plain text. */
export const checkoutTokens = (checkouts: readonly CheckoutSpec[]): Record<string, pulumi.Output<string>> =>
  Object.fromEntries(checkouts.flatMap((checkout) => (checkout.login ? [[tokenVariable(checkout), pulumi.output(checkout.login.token)]] : [])));

const volumeName = ({ name }: Pick<CheckoutSpec, "name">) => `checkout-${name}`;

/** A folder on the disk of the task for each, which the service may only read. */
export const checkoutVolumes = (checkouts: readonly CheckoutSpec[]): TaskVolume[] =>
  checkouts.map((checkout) => ({ name: volumeName(checkout), path: checkout.path, readOnly: true }));

/**
 * The step that fetches one repository before the service starts. The volume belongs to root on Fargate, so this runs as
 * root, but with no capability and a root file system that it cannot write; what it writes everybody may read. It has no
 * memory of its own: until the service starts it may take all that the task has.
 */
export function checkoutStep(
  service: string,
  image: string,
  checkout: CheckoutSpec,
  tokens: ContainerDefinition["secrets"],
  log: LogConfiguration,
): ContainerDefinition {
  const token = tokens.find(({ name }) => name === tokenVariable(checkout));
  const environment = { FOLDER: checkout.path, HOME: "/tmp", REF: checkout.ref, URL: checkout.url };
  return {
    name: `${service}-checkout-${checkout.name}`,
    image,
    essential: false,
    entryPoint: ["sh", "-c"],
    command: [checkoutScript],
    cpu: 0,
    user: "0:0",
    readonlyRootFilesystem: true,
    environment: Object.entries({ ...environment, ...(checkout.login ? { USERNAME: checkout.login.username } : {}) }).map(([name, value]) => ({
      name,
      value,
    })),
    secrets: token ? [{ name: "TOKEN", valueFrom: token.valueFrom }] : [],
    portMappings: [],
    dependsOn: [],
    mountPoints: [{ sourceVolume: volumeName(checkout), containerPath: checkout.path, readOnly: false }],
    ...confined(["/tmp"]),
    logConfiguration: log,
  };
}

/** GiB of disk that a task needs for its copies; undefined where the usual one is enough. */
export function checkoutDiskGiB(checkouts: readonly Pick<CheckoutSpec, "sizeMiB">[]): number | undefined {
  const copies = checkouts.reduce((sum, { sizeMiB }) => sum + sizeMiB, 0);
  return copies > roomForCopiesMiB ? usualDiskGiB + Math.ceil(copies / 1024) : undefined;
}

/** Most MiB that all copies of a task may have together. */
export const mostCheckoutMiB = (largestDiskGiB - usualDiskGiB) * 1024;
