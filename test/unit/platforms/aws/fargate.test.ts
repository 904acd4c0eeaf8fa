import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { largestTask, taskSize } from "../../../../src/platforms/aws/fargate.ts";

describe("size of a task", () => {
  test("has at least what was asked for, and is one that Fargate offers", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 16, noNaN: true }), fc.integer({ min: 16, max: largestTask.memoryMiB }), (cpus, memory) => {
        const size = taskSize(cpus, memory);
        expect(size).toBeDefined();
        if (!size) return;
        expect(size.cpu).toBeGreaterThanOrEqual(cpus * 1024);
        expect(size.memory).toBeGreaterThanOrEqual(memory);
        expect([256, 512, 1024, 2048, 4096, 8192, 16_384]).toContain(size.cpu);
        if (size.cpu >= 512) expect(size.memory % 1024).toBe(0);
      }),
    );
  });

  test.each([
    [0.25, 512, { cpu: 256, memory: 512 }],
    [0.25, 513, { cpu: 256, memory: 1024 }],
    [0.25, 2049, { cpu: 512, memory: 3072 }],
    [0.26, 100, { cpu: 512, memory: 1024 }],
    [1, 9000, { cpu: 2048, memory: 9216 }],
    [8, 16_385, { cpu: 8192, memory: 20_480 }],
    [16, 122_880, { cpu: 16_384, memory: 122_880 }],
    [16.1, 1024, undefined],
    [1, 122_881, undefined],
  ])("%s CPUs and %s MiB", (cpus, memory, expected) => {
    expect(taskSize(cpus, memory)).toEqual(expected);
  });
});
