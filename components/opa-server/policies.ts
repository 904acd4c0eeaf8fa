import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

/** What is in a folder of policies. */
export interface PolicyFolder {
  /** The folder as it was given; undefined when there is none. */
  readonly folder: string | undefined;
  readonly files: readonly PolicyFile[];
}

export interface PolicyFile {
  /** Below the folder, with slashes. */
  readonly path: string;
  readonly content: string;
}

/** Reads what could belong to policies: `.rego`, `.json`, `.yaml` and `.yml`, in all folders that are not hidden. */
export function readPolicies(root: string, folder: unknown): PolicyFolder {
  const top = typeof folder === "string" && folder !== "" ? resolve(root, folder) : undefined;
  if (top === undefined || !statSync(top, { throwIfNoEntry: false })?.isDirectory()) return { folder: undefined, files: [] };
  return { folder: folder as string, files: below(top, "").map((path) => ({ path, content: readFileSync(join(top, path), "utf8") })) };
}

function below(top: string, folder: string): string[] {
  return readdirSync(join(top, folder), { withFileTypes: true })
    .filter(({ name }) => !name.startsWith("."))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return below(top, path);
      return /\.(rego|json|ya?ml)$/.test(entry.name) ? [path] : [];
    });
}
