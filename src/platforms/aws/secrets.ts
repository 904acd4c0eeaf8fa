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

const recoveryDays = { dev: 0, staging: 7, prod: 30 } as const;

/** One secret with several values by key, encrypted, and recoverable for a while by profile. */
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
        name: `${context.prefix}/${name}`,
        description: `${context.prefix}: values of ${name}`,
        kmsKeyId: kmsKey(context, "secrets").arn,
        recoveryWindowInDays: recoveryDays[context.profile.name],
        tags: context.tags(component, "secret", `${name}-secret`),
      },
      context.place(parent, { deleteBeforeReplace: true }),
    );
    const version = new SecretVersion(
      `${name}-secret-version`,
      { secretId: made.id, secretString: pulumi.secret(pulumi.jsonStringify(values)) },
      context.place(parent),
    );
    return {
      arn: made.arn,
      valueFrom: (key) => pulumi.interpolate`${made.arn}:${key}::${version.versionId}`,
      version: version.versionId,
      ready: [made, version],
    };
  });
}
