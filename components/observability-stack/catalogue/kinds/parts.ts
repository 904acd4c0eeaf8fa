import type { Observed } from "../../../../src/core/observed.ts";

/** Programs of the stack that are scraped, each as a job of its own: `<stack>-<part>`. */
export type Part = "collector" | "prometheus" | "alertmanager" | "loki" | "tempo";

export const part = (stack: Observed, name: Part): Observed => ({ ...stack, name: `${stack.name}-${name}` });
