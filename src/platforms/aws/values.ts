import * as pulumi from "@pulumi/pulumi";
import { isSecretText, resolveText, type Secrets } from "../../core/text.ts";
import type { ContainerSpec } from "../../core/workload.ts";
import type { AwsContext } from "./context.ts";
import { type SecretHandle, type SecretKeyRef, secret } from "./secrets.ts";

/** Variables of a container, parted: plain text stays in the definition, everything else goes to Secrets Manager. */
export interface PartedEnv {
  readonly plain: Readonly<Record<string, string>>;
  readonly kept: Readonly<Record<string, pulumi.Output<string>>>;
}

/** Variables that carry the files of a container to the step that writes them. */
export const fileVariable = (index: number) => `${filePrefix}${index}`;
export const filePrefix = "GROUNDPLAN_FILE_";

export function partedEnv(spec: Pick<ContainerSpec, "env">, secrets: Secrets): PartedEnv {
  const plain: Record<string, string> = {};
  const kept: Record<string, pulumi.Output<string>> = {};
  for (const [name, value] of Object.entries(spec.env)) {
    if (typeof value === "string") plain[name] = value;
    else kept[name] = isSecretText(value) ? resolveText(value, secrets) : pulumi.output(value as pulumi.Input<string>);
  }
  return { plain, kept };
}

export function partedFiles(files: ContainerSpec["files"], secrets: Secrets): PartedEnv {
  const env = Object.fromEntries(files.map(({ content }, index) => [fileVariable(index), content]));
  return partedEnv({ env }, secrets);
}

/** Values of one container that are looked up when it starts, by variable. */
export interface KeptValues {
  readonly valuesFrom: Readonly<Record<string, pulumi.Output<string>>>;
  /** Secrets that the execution role opens. */
  readonly arns: readonly pulumi.Input<string>[];
  readonly ready: readonly pulumi.Resource[];
}

/** One secret per workload for all that is kept, with references to secrets that are there already beside it. */
export function keepValues(
  context: AwsContext,
  parent: pulumi.Resource,
  component: string,
  name: string,
  values: Readonly<Record<string, pulumi.Input<string>>>,
  references: Readonly<Record<string, SecretKeyRef>>,
): KeptValues {
  const own: SecretHandle | undefined = Object.keys(values).length > 0 ? secret(context, parent, component, name, values) : undefined;
  return {
    valuesFrom: {
      ...(own ? Object.fromEntries(Object.keys(values).map((key) => [key, own.valueFrom(key)])) : {}),
      ...Object.fromEntries(Object.entries(references).map(([key, ref]) => [key, pulumi.interpolate`${ref.arn}:${ref.key}::`])),
    },
    arns: [...(own ? [own.arn] : []), ...new Set(Object.values(references).map(({ arn }) => arn))],
    ready: own?.ready ?? [],
  };
}
