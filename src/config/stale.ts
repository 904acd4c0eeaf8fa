import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";
import type { Problem } from "../core/problems.ts";

/**
 * With the exports of `groundplan env` the engine reads a copy of the stack file, because it writes its salt into the
 * one that it reads. A copy that is older than the file must not be deployed in its stead.
 */
export function staleCopy(root: string, env: string, document: unknown, copy: string | undefined): Problem[] {
  const file = `Pulumi.${env}.yaml`;
  const tracked = join(root, file);
  if (!copy?.startsWith(join(root, ".groundplan")) || !existsSync(tracked)) return [];
  const written = (parse(readFileSync(tracked, "utf8")) as { config?: Record<string, unknown> } | null)?.config?.["groundplan:stack"];
  if (isDeepStrictEqual(written, document)) return [];
  return [
    {
      component: "stack",
      path: file,
      value: "changed",
      rule: "the stack file as it was when this shell took its exports: the engine reads a copy of it",
      fix: `take them again: eval "$(groundplan env ${env})"`,
      origin: "environment PULUMI_OPTION_CONFIG_FILE",
      code: "GP325",
    },
  ];
}
