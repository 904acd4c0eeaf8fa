import type { AppServiceArgs } from "./app-service.ts";

/** What keeps the heap of a runtime below the memory limit of its container, so that it collects before it is killed. */
export function heapEnv(runtime: AppServiceArgs["runtime"], memoryMiB: number): Readonly<Record<string, string>> {
  switch (runtime) {
    case "go":
      return { GOMEMLIMIT: `${Math.floor(memoryMiB * 0.9)}MiB` };
    case "node":
      return { NODE_OPTIONS: `--max-old-space-size=${Math.floor(memoryMiB * 0.75)}` };
    case "java":
      return { JAVA_TOOL_OPTIONS: "-XX:MaxRAMPercentage=75" };
    case undefined:
      return {};
  }
}
