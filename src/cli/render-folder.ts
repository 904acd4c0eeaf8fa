import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { contextFiles } from "../platforms/docker/build-context.ts";
import type { ComposeProject, RenderedFile } from "../preview/render/compose.ts";

/** How a rendered folder is known again. */
const marks: Readonly<Record<string, RegExp>> = { "compose.yaml": /^# \S+, rendered by groundplan\./, "README.md": /^Rendered by groundplan;/m };

/** A folder that may be written: new, empty, or rendered before for the same target. */
export function isRenderedOrEmpty(folder: string, marker: "compose.yaml" | "README.md"): boolean {
  if (!existsSync(folder) || readdirSync(folder).length === 0) return true;
  const file = join(folder, marker);
  return existsSync(file) && (marks[marker]?.test(readFileSync(file, "utf8")) ?? false);
}

/** Writes a rendered project: the folder for its owner only, secrets 0600. */
export function writeProject(project: ComposeProject, folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  // Wherever the folder lies in a repository, its passwords are not committed.
  writeFileSync(join(folder, ".gitignore"), "*\n");
  writeFiles(project.files, folder);
  for (const { from, to, dockerfiles } of project.contexts) {
    rmSync(join(folder, to), { recursive: true, force: true });
    const files = new Set(dockerfiles.flatMap((dockerfile) => contextFiles(from, dockerfile)));
    for (const file of files) cpSync(join(from, file), join(folder, to, file), { verbatimSymlinks: true });
  }
}

/** Writes manifests in place of those that were rendered there before; what else lies in the folder stays. */
export function writeManifests(files: readonly RenderedFile[], folder: string): void {
  const before = join(folder, "kustomization.yaml");
  const parts = existsSync(before) ? ((parse(readFileSync(before, "utf8")) as { resources?: string[] } | null)?.resources ?? []) : [];
  for (const part of parts.filter((name) => /^[a-z][a-z0-9-]*$/.test(name))) rmSync(join(folder, part), { recursive: true, force: true });
  mkdirSync(join(folder, "secrets"), { recursive: true });
  chmodSync(join(folder, "secrets"), 0o700);
  writeFiles(files, folder);
}

function writeFiles(files: readonly RenderedFile[], folder: string): void {
  for (const { path, content, mode } of files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    // Removed first: an existing file would keep its old mode until after the secret is in it.
    rmSync(file, { force: true });
    writeFileSync(file, content, { mode });
  }
}
