import { Secret } from "@pulumi/aws/secretsmanager/secret.js";
import { SecretVersion } from "@pulumi/aws/secretsmanager/secretVersion.js";
import * as pulumi from "@pulumi/pulumi";
import { quietly } from "../../core/quietly.ts";
import type { AwsContext } from "./context.ts";
import { kmsKey } from "./kms.ts";

export interface SecretHandle {
  readonly arn: pulumi.Output<string>;
  /** How a container names one key of the JSON value, in this version: a changed value gives a new task. */
  valueFrom(key: string): pulumi.Output<string>;
  /** Id of this version, another one for each change of a value. */
  readonly version: pulumi.Output<string>;
  /** What reads the secret depends on this. */
  readonly ready: pulumi.Resource[];
}

/** A secret that is there already, e.g. the one in which RDS keeps the administrator's password. */
export interface SecretKeyRef {
  readonly arn: pulumi.Input<string>;
  readonly key: string;
}

/**
 * One secret with several values by key, encrypted, and recoverable for a while by profile. Its name ends with what the
 * provider adds: a secret that waits for its deletion keeps its name, and would stop an environment that is made again.
 */
export function secret(
  context: AwsContext,
  parent: pulumi.Resource,
  component: string,
  name: string,
  values: Readonly<Record<string, pulumi.Input<string>>>,
): SecretHandle {
  return quietly(() => {
    const made = new Secret(
      `${name}-secret`,
      {
        namePrefix: `${context.prefix}/${name}-`,
        description: `${context.prefix}: values of ${name}`,
        kmsKeyId: kmsKey(context, "secrets").arn,
        recoveryWindowInDays: context.sizes.secretRecoveryDays,
        tags: context.tags(component, "secret", `${name}-secret`),
      },
      context.place(parent),
    );
    const version = new SecretVersion(
      `${name}-secret-version`,
      { secretId: made.id, secretString: pulumi.secret(pulumi.jsonStringify(values)) },
      // A rollout that goes back needs the version before; Secrets Manager drops old ones by itself, and all with the secret.
      context.place(parent, { retainOnDelete: true }),
    );
    return {
      arn: made.arn,
      valueFrom: (key) => pulumi.interpolate`${made.arn}:${key}::${version.versionId}`,
      version: version.versionId,
      ready: [made, version],
    };
  });
}
