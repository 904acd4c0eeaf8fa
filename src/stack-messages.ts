import type { Target } from "./core/platform.ts";

/** What is said of a target whose ground this version does not carry. */
export const missingGround = (target: Target) =>
  `target ${target}: this ground comes next; what is built so far is target docker (Pulumi.dev.yaml). Try: groundplan preview dev`;
