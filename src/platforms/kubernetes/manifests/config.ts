import { basename, dirname } from "node:path";
import type { core } from "@pulumi/kubernetes/types/input.js";
import type { Input } from "@pulumi/pulumi";
import { isSecretText } from "../../../core/text.ts";
import type { ContainerSpec, EnvValue, FileSpec } from "../../../core/workload.ts";
import { metadata, type Part, type Place } from "./names.ts";

type Data = Readonly<Record<string, Input<string>>>;

/** Plain settings. Immutable: other content is another name, and that rolls the pods. */
export const configMap = (place: Place, part: Part, name: Input<string>, data: Data): core.v1.ConfigMap => ({
  metadata: metadata(place, part, name),
  immutable: true,
  data,
});

/** Settings that hold secrets. Immutable: other content is another name, and that rolls the pods. */
export const secret = (place: Place, part: Part, name: Input<string>, stringData: Data): core.v1.Secret => ({
  metadata: metadata(place, part, name),
  type: "Opaque",
  immutable: true,
  stringData,
});

const holdsSecret = ({ content }: FileSpec) => isSecretText(content) && content.parts.some((part) => typeof part !== "string");

/** Files that hold a secret go to a Secret, the rest to a ConfigMap. */
export const plainFiles = (files: readonly FileSpec[]) => files.filter((file) => !holdsSecret(file));
export const secretFiles = (files: readonly FileSpec[]) => files.filter(holdsSecret);

/** Key of a file in its ConfigMap or Secret. */
export const fileKey = ({ path }: FileSpec) => basename(path);

/** The folder that all files of a container share. */
export function filesFolder(name: string, files: readonly FileSpec[]): string | undefined {
  const folders = new Set(files.map(({ path }) => dirname(path)));
  if (folders.size > 1) throw new Error(`${name}: all files of a container must share one folder`);
  return [...folders][0];
}

/** Variables in plain text; everything else goes to a Secret, since nobody knows in time whether an Output is one. */
export const plainEnv = (env: ContainerSpec["env"]): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => typeof entry[1] === "string"));

export const secretEnv = (env: ContainerSpec["env"]): Record<string, Exclude<EnvValue, string>> =>
  Object.fromEntries(Object.entries(env).filter((entry): entry is [string, Exclude<EnvValue, string>] => typeof entry[1] !== "string"));
