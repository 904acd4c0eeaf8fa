import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import * as pulumi from "@pulumi/pulumi";
import type { Ready } from "../../core/connection.ts";
import { generateRevision } from "../../core/credentials.ts";
import { shortHash } from "../../core/naming.ts";
import { quietly } from "../../core/quietly.ts";
import { isSecretText, resolveText, type Secrets } from "../../core/text.ts";
import type { ContainerSpec, EnvValue } from "../../core/workload.ts";
import type { KubernetesContext } from "./context.ts";
import { configMap, holdsSecret, type LaidFile, laidFiles, secret, secretEnv } from "./manifests/config.ts";
import type { ConfigNames } from "./manifests/container.ts";
import type { Part } from "./manifests/names.ts";

type Data = Readonly<Record<string, pulumi.Output<string>>>;

export interface Config {
  readonly names: ConfigNames;
  readonly made: Ready;
}

/** Files and variables of a container, in objects whose names change with what they hold. */
export function containerConfig(context: KubernetesContext, parent: pulumi.Resource, part: Part, spec: ContainerSpec, secrets: Secrets): Config {
  const { place } = context;
  const laid = laidFiles(part.name, spec.files);
  const plain = filesData(
    laid.filter(({ file }) => !holdsSecret(file)),
    secrets,
  );
  const hidden = filesData(
    laid.filter(({ file }) => holdsSecret(file)),
    secrets,
  );
  const env = mapValues(secretEnv(spec.env), (value) => envValue(value, secrets));
  const files = `${part.name}-files`;
  const variables = `${part.name}-env`;
  const named = (base: string, kind: "files" | "files-secret" | "env", data: Data, make: (name: pulumi.Output<string>) => pulumi.Resource) => {
    if (Object.keys(data).length === 0) return undefined;
    const content = pulumi.output(data).apply((values) => shortHash(JSON.stringify(sorted(values))));
    const name = pulumi.interpolate`${base}-${generateRevision(parent, `${part.name}-${kind}-revision`, content)}`;
    return { name, resource: quietly(() => make(name)) };
  };
  const made = [
    named(files, "files", plain, (name) => new ConfigMap(files, configMap(place, part, name, plain), context.child(parent))),
    named(files, "files-secret", hidden, (name) => new Secret(files, secret(place, part, name, hidden), context.child(parent))),
    named(variables, "env", env, (name) => new Secret(variables, secret(place, part, name, env), context.child(parent))),
  ] as const;
  const [config, secretFilesMade, secretEnvMade] = made;
  return {
    names: {
      ...(config ? { config: config.name } : {}),
      ...(secretFilesMade ? { secretFiles: secretFilesMade.name } : {}),
      ...(secretEnvMade ? { secretEnv: secretEnvMade.name } : {}),
    },
    made: made.flatMap((entry) => (entry ? [entry.resource] : [])),
  };
}

const filesData = (files: readonly LaidFile[], secrets: Secrets): Data =>
  Object.fromEntries(files.map(({ file, key }) => [key, resolveText(file.content, secrets)]));

const envValue = (value: EnvValue, secrets: Secrets): pulumi.Output<string> =>
  isSecretText(value) ? resolveText(value, secrets) : pulumi.output(value as pulumi.Input<string>);

const sorted = (record: Readonly<Record<string, unknown>>) => Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1));

const mapValues = <V, R>(record: Readonly<Record<string, V>>, map: (value: V) => R): Record<string, R> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
