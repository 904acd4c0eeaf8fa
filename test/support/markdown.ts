import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "./recorded.ts";

/** A fenced block of a page, without its indentation. */
export interface Block {
  /** Page, from the folder of the project, and line of the fence. */
  readonly at: string;
  readonly page: string;
  readonly language: string;
  readonly text: string;
  /** The comment right before the fence: what stands around a fragment. */
  readonly around: string | undefined;
}

/** Every page that somebody reads, from the folder of the project. */
export const pages: readonly string[] = globSync(["*.md", "docs/**/*.md", "components/*/README.md", ".github/**/*.md"], {
  cwd: repository,
}).toSorted();

export const readPage = (page: string) => readFileSync(join(repository, page), "utf8");

const fence = /^( *)(`{3,}|~{3,})([^\n]*)\n([\s\S]*?)^\1\2 *$/gm;
const comment = /<!-- around:\n([\s\S]*?)\n-->\n*$/;

export function blocksOf(page: string): Block[] {
  const text = readPage(page);
  return [...text.matchAll(fence)].map(({ index, 1: indent = "", 3: language = "", 4: inner = "" }) => {
    const before = text.slice(0, index);
    return {
      at: `${page}:${before.split("\n").length}`,
      page,
      language: language.trim(),
      text: inner.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
      around: comment.exec(before)?.[1],
    };
  });
}

/** The page without its blocks, its code and its comments: where a link is a link. */
export const proseOf = (page: string) =>
  readPage(page)
    .replaceAll(fence, (block) => block.replace(/[^\n]/g, ""))
    .replaceAll(/<!--[\s\S]*?-->/g, (text) => text.replace(/[^\n]/g, ""))
    .replaceAll(/`[^`\n]*`/g, "``");
