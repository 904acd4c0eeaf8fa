import { chmodSync, cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { contextFiles } from "../platforms/docker/build-context.ts";
import type { ComposeProject } from "../preview/render/compose.ts";

/** Writes a rendered project: the folder for its owner only, secrets 0600. */
export function writeProject(project: ComposeProject, folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
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
