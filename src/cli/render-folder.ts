import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { contextFiles } from "../platforms/docker/build-context.ts";
import type { ComposeProject } from "../preview/render/compose.ts";

/** A folder that may be written: new, empty, or rendered before. */
export function isRenderedOrEmpty(folder: string): boolean {
  if (!existsSync(folder) || readdirSync(folder).length === 0) return true;
  const compose = join(folder, "compose.yaml");
  return existsSync(compose) && /^# \S+, rendered by groundplan\./.test(readFileSync(compose, "utf8"));
}

/** Writes a rendered project: the folder for its owner only, secrets 0600. */
export function writeProject(project: ComposeProject, folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  // Wherever the folder lies in a repository, its passwords are not committed.
  writeFileSync(join(folder, ".gitignore"), "*\n");
  for (const { path, content, mode } of project.files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    // Removed first: an existing file would keep its old mode until after the secret is in it.
    rmSync(file, { force: true });
    writeFileSync(file, content, { mode });
  }
  for (const { from, to } of project.contexts) {
    rmSync(join(folder, to), { recursive: true, force: true });
    for (const file of contextFiles(from)) cpSync(join(from, file), join(folder, to, file));
  }
}
