import { dirname } from "node:path";
import type { core } from "@pulumi/kubernetes/types/input.js";
import type { Input } from "@pulumi/pulumi";
import { shortHash } from "../../../core/naming.ts";
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

/** Whether a file goes to a Secret, and not to a ConfigMap. */
export const holdsSecret = ({ content }: FileSpec) => isSecretText(content) && content.parts.some((part) => typeof part !== "string");

/** The folder that all files of a container lie in, or below. */
export function filesFolder(name: string, files: readonly FileSpec[]): string | undefined {
  const folders = [...new Set(files.map(({ path }) => dirname(path)))].toSorted((a, b) => a.length - b.length);
  const [folder] = folders;
  if (folders.some((other) => other !== folder && !other.startsWith(`${folder}/`))) {
    throw new Error(`${name}: all files of a container must lie in one folder, or below it`);
  }
  return folder;
}

/** A file as its volume lays it down: where below the folder, and under which key of its ConfigMap or Secret. */
export interface LaidFile {
  readonly file: FileSpec;
  readonly path: string;
  readonly key: string;
}

/** What may go into a file's name goes beyond what may go into a key: slashes above all. */
const keyed = /^[\w.-]{1,253}$/;

export function laidFiles(name: string, files: readonly FileSpec[]): LaidFile[] {
  const folder = filesFolder(name, files);
  return files.map((file) => {
    const path = file.path.slice(`${folder}/`.length);
    // The short hash keeps apart what would have one key: `a/b` and `a-b`.
    return { file, path, key: keyed.test(path) ? path : `${path.replaceAll(/[^\w.-]/g, "-").slice(-200)}-${shortHash(path)}` };
  });
}

/** Variables in plain text; everything else goes to a Secret, since nobody knows in time whether an Output is one. */
export const plainEnv = (env: ContainerSpec["env"]): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => typeof entry[1] === "string"));

export const secretEnv = (env: ContainerSpec["env"]): Record<string, Exclude<EnvValue, string>> =>
  Object.fromEntries(Object.entries(env).filter((entry): entry is [string, Exclude<EnvValue, string>] => typeof entry[1] !== "string"));
