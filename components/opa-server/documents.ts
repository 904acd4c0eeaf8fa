import { dirname } from "node:path";
import { parse } from "yaml";
import { isRecord } from "../../src/core/checks.ts";
import type { PolicyFile } from "./policies.ts";

/** Data as it stands in the bundle. */
export interface Tree {
  [key: string]: unknown;
}

/** Tells what is wrong with a document. */
export type Add = (path: string, value: unknown, rule: string, fix: string) => void;

/** The tree with a document laid where its folder is. */
export function merged(tree: Tree, { path, content }: PolicyFile, add: Add): Tree {
  const folders = dirname(path) === "." ? [] : dirname(path).split("/");
  let document: unknown;
  try {
    document = path.endsWith(".json") ? JSON.parse(content) : parse(content);
  } catch (error) {
    const [said = ""] = String(error instanceof Error ? error.message : error).split("\n");
    add("policies", path, `a document that can be read: ${said}`, "correct it");
    return tree;
  }
  if (!isRecord(document)) {
    add("policies", path, "an object: its keys stand in the data below the path of its folder", "put the value below a key");
    return tree;
  }
  const clash = put(
    tree,
    folders.reduceRight<Tree>((inner, folder) => ({ [folder]: inner }), document),
    "",
  );
  if (clash) add("policies", path, `each value of the data in one document, and another has ${clash.slice(1)} as well`, "remove one of the two");
  return tree;
}

/** Puts a document into the tree; answers where a value is already. */
function put(tree: Tree, over: Tree, at: string): string | undefined {
  for (const [key, value] of Object.entries(over)) {
    const before = Object.hasOwn(tree, key) ? tree[key] : undefined;
    if (before === undefined) Object.defineProperty(tree, key, { value, enumerable: true, configurable: true, writable: true });
    else if (!isRecord(before) || !isRecord(value)) return `${at}/${key}`;
    else {
      const clash = put(before, value, `${at}/${key}`);
      if (clash) return clash;
    }
  }
  return undefined;
}
