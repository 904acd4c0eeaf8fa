import { expect, test } from "vitest";
import { profiles } from "../../../../src/config/profiles.ts";
import { instanceMemoryMiB, isArm } from "../../../../src/platforms/aws/instance-memory.ts";

test.each([
  ["db.t4g.micro", 1024],
  ["db.t4g.medium", 4096],
  ["db.m7g.large", 8192],
  ["db.r7g.large", 16_384],
  ["db.r7g.4xlarge", 131_072],
  ["cache.t4g.micro", 512],
  ["cache.t4g.small", 1402],
  ["cache.r7g.large", 13_383],
  ["t4g.nano", 512],
  ["t4g.small", 2048],
  ["m7g.large", 8192],
  ["c7g.xlarge", 8192],
])("%s has %i MiB", (type, memory) => expect(instanceMemoryMiB(type)).toBe(memory));

test.each(["db.z9q.large", "db.r7g.metal", "large", ""])("%s is not in the table", (type) => expect(instanceMemoryMiB(type)).toBeUndefined());

test.each([
  ["t4g.small", true],
  ["m7g.large", true],
  ["r8gd.2xlarge", true],
  ["m7i.large", false],
  ["g5.xlarge", false],
])("%s is ARM: %s", (type, arm) => expect(isArm(type)).toBe(arm));

test.each(Object.values(profiles))("what $name runs on is large enough for what it runs", ({ aws, resources }) => {
  expect(instanceMemoryMiB(aws.cacheType)).toBeGreaterThanOrEqual(resources.cache.memoryMiB);
  expect(instanceMemoryMiB(aws.databaseClass)).toBeGreaterThanOrEqual(resources.database.memoryMiB);
  expect(instanceMemoryMiB(aws.brokerType)).toBeGreaterThanOrEqual(resources.broker.memoryMiB + 768);
});
