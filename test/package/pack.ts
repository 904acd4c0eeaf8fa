import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    /** The package as npm gets it, packed once for all tests of this project. */
    readonly tarball: string;
  }
}

const repository = resolve(import.meta.dirname, "..", "..");

export default async function pack(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), "groundplan-package-"));
  // What `npm pack` does, but for the bundles: other tests read them meanwhile, and `npm install` has made them.
  await execa("npm", ["run", "--silent", "build"], { cwd: repository, timeout: 240_000 });
  const { stdout } = await execa("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder], { cwd: repository, timeout: 60_000 });
  project.provide("tarball", join(folder, stdout.trim()));
  return () => rmSync(folder, { recursive: true, force: true });
}
