import { existsSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { proseOf, readPage } from "./markdown.ts";
import { repository } from "./recorded.ts";

export interface Link {
  /** Page and line that it stands on. */
  readonly at: string;
  /** File or folder from the folder of the project. */
  readonly to: string;
  readonly anchor: string;
}

/** Links of a page that stay in the repository, pictures too. */
export function linksOf(page: string): Link[] {
  const text = proseOf(page);
  return [...text.matchAll(/\]\(([^)\s]+)(?: "[^"]*")?\)/g)].flatMap(({ index, 1: target = "" }) => {
    if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return [];
    const [path = "", anchor = ""] = target.split("#");
    const to = path === "" ? page : normalize(join(dirname(page), decodeURIComponent(path)));
    return [{ at: `${page}:${text.slice(0, index).split("\n").length}`, to, anchor }];
  });
}

/** Headings of a page as anchors, in the form of GitHub; one that comes again gets a number. */
export function anchorsOf(page: string): string[] {
  const seen = new Map<string, number>();
  // Code in a heading is part of it, so the prose, where code is left out, does not do.
  const prose = readPage(page).replaceAll(/^( *)(`{3,}|~{3,})[\s\S]*?^\1\2 *$/gm, "");
  return [...prose.matchAll(/^#{1,6} +(.*)$/gm)].map(([, heading = ""]) => {
    const text = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const plain = text
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replaceAll(/\s/g, "-");
    const times = seen.get(plain) ?? 0;
    seen.set(plain, times + 1);
    return times === 0 ? plain : `${plain}-${times}`;
  });
}

/** What is wrong with a link; nothing when file and heading are there. */
export function brokenLink({ at, to, anchor }: Link): string[] {
  const file = join(repository, to);
  if (to.startsWith("..")) return [`${at}: ${to} is outside the project`];
  if (!existsSync(file)) return [`${at}: there is no ${to}`];
  if (anchor === "" || statSync(file).isDirectory() || !to.endsWith(".md")) return [];
  return anchorsOf(to).includes(anchor) ? [] : [`${at}: ${to} has no heading #${anchor}`];
}
