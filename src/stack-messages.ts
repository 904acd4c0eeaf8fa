import type { Target } from "./core/platform.ts";

/** What is said of a target for which a program names no ground. */
export const missingGround = (target: Target) =>
  `target ${target}: this program names no ground for it\n  Add it to grounds in stacks/index.ts: ${target}: () => import("../src/${target}.ts")`;
