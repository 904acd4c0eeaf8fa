/** Memory in MiB that Fargate has for a number of CPU units: from, to, in steps of. Source: the developer guide of ECS, November 2026. */
const sizes = [
  { cpu: 256, memory: [512, 1024, 2048] },
  { cpu: 512, memory: steps(1024, 4096, 1024) },
  { cpu: 1024, memory: steps(2048, 8192, 1024) },
  { cpu: 2048, memory: steps(4096, 16_384, 1024) },
  { cpu: 4096, memory: steps(8192, 30_720, 1024) },
  { cpu: 8192, memory: steps(16_384, 61_440, 4096) },
  { cpu: 16_384, memory: steps(32_768, 122_880, 8192) },
] as const;

export const largestTask = { cpus: 16, memoryMiB: 122_880 };

export interface TaskSize {
  /** Units; 1024 are one CPU. */
  readonly cpu: number;
  readonly memory: number;
}

/** The smallest task that has at least so much; undefined when there is none. */
export function taskSize(cpus: number, memoryMiB: number): TaskSize | undefined {
  for (const { cpu, memory } of sizes) {
    if (cpu < Math.ceil(cpus * 1024)) continue;
    const fitting = memory.find((amount) => amount >= memoryMiB);
    if (fitting !== undefined) return { cpu, memory: fitting };
  }
  return undefined;
}

function steps(from: number, to: number, by: number): number[] {
  return Array.from({ length: (to - from) / by + 1 }, (_, index) => from + index * by);
}
