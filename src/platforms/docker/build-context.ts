import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { isAbsolute, join, normalize, relative, resolve } from "node:path";
import ignoreFactory from "@balena/dockerignore";
import type { Build } from "../../core/images.ts";
import { ignoreFile } from "../../core/missing-paths.ts";

/** Files that go into a build, as .dockerignore leaves them, sorted. The Dockerfile goes in whatever it says. */
export function contextFiles(folder: string, dockerfile: string): string[] {
  const ignore = ignoreFactory.default();
  const file = join(folder, ignoreFile(folder, dockerfile));
  if (existsSync(file)) ignore.add(readFileSync(file, "utf8"));
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => path === normalize(dockerfile) || !ignore.ignores(path))
    .toSorted();
}

/** A link is what it says, not what it leads to. */
function kindOf(path: string) {
  const found = lstatSync(path);
  return { mode: found.mode, isLink: found.isSymbolicLink() };
}

/** Content of a build context: the same files give the same hash, wherever they lie. */
function contextHash(folder: string, dockerfile: string): string {
  const hash = createHash("sha256");
  for (const file of contextFiles(folder, dockerfile)) {
    const path = join(folder, file);
    const { mode, isLink } = kindOf(path);
    hash.update(`${file}\0${isLink ? "link" : (mode & 0o111) !== 0}\0`).update(isLink ? readlinkSync(path) : readFileSync(path));
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
