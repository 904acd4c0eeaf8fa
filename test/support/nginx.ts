import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { mirror } from "./docker-tier.ts";

const script = join(import.meta.dirname, "..", "ground", "nginx", "up");

/**
 * What makes the library use an nginx of the pinned line. A mirror may hold an older one under its name, which knows
 * neither `http2 on` nor `resolve`; without a mirror it is the official image.
 */
export function realNginx(): Record<string, string> {
  const named = process.env.GROUNDPLAN_IMAGES__NGINX;
  if (!mirror || named) return named ? { GROUNDPLAN_IMAGES__NGINX: named } : {};
  const told = execFileSync(script, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], timeout: 200_000 });
  const [, reference] = /^export GROUNDPLAN_IMAGES__NGINX=(\S+)$/m.exec(told) ?? [];
  if (!reference) throw new Error(`${script} named no image: ${told}`);
  return { GROUNDPLAN_IMAGES__NGINX: reference };
}
