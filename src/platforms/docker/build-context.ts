import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { isAbsolute, join, normalize, relative, resolve } from "node:path";
import ignoreFactory from "@balena/dockerignore";
import type { Build } from "../../core/images.ts";

/** Files that go into a build, as .dockerignore leaves them, sorted. The Dockerfile goes in whatever it says. */
export function contextFiles(folder: string, dockerfile: string): string[] {
  const ignore = ignoreFactory.default();
  const ignoreFile = join(folder, ".dockerignore");
  if (existsSync(ignoreFile)) ignore.add(readFileSync(ignoreFile, "utf8"));
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((file) => file === normalize(dockerfile) || !ignore.ignores(file))
    .toSorted();
}

/** Content of a build context: the same files give the same hash, wherever they lie. */
function contextHash(folder: string, dockerfile: string): string {
  const hash = createHash("sha256");
  for (const file of contextFiles(folder, dockerfile)) {
    const path = join(folder, file);
    hash.update(`${file}\0${(statSync(path).mode & 0o111) !== 0}\0`).update(readFileSync(path));
  }
  return hash.digest("hex");
}

/** The folder of a build, from the directory of Pulumi.yaml. */
export const buildFolder = (root: string, { context }: Build) => (isAbsolute(context) ? context : resolve(root, context));

/** Tag of a built image: the hash of everything that goes into it, and the machines that it is made for when they are named. */
export function buildTag(root: string, build: Build, architecture?: string): string {
  const dockerfile = build.dockerfile ?? "Dockerfile";
  const content = [contextHash(buildFolder(root, build), dockerfile), dockerfile, build.target, build.args ?? {}, architecture];
  return createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, 12);
}
