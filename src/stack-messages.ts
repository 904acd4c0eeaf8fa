import { createRequire } from "node:module";
import { missingPeer, notInstalled, peersOf } from "./core/peers.ts";
import type { Target } from "./core/platform.ts";

/** What is said of a target for which a program names no ground. */
export const missingGround = (target: Target) =>
  `target ${target}: this program names no ground for it\n  Add it to grounds of runStack: ${target}: () => import("groundplan/${target}")`;

/** What is said when a ground could not be loaded because SDKs are not installed: all of them. Undefined when something else is wrong. */
export function missingSdks(target: Target, error: unknown): string | undefined {
  const met = missingPeer(String(error));
  if (met === undefined) return undefined;
  const { resolve } = createRequire(import.meta.url);
  const missing = peersOf(target).filter((peer) => !resolves(resolve, peer));
  return notInstalled(missing.length > 0 ? missing : [met], `target ${target}`);
}

function resolves(resolve: (name: string) => string, name: string): boolean {
  try {
    resolve(`${name}/package.json`);
    return true;
  } catch {
    return false;
  }
}
