import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** What is printed in a test has no colours, wherever it runs: continuous integration asks for them. */
const env = { NO_COLOR: "1" };

/** Recordings are processes of their own, which a worker waits for: one for each core, at least two. Equal in all that run at once. */
const maxWorkers = Math.max(2, availableParallelism());

export default defineConfig({
  test: {
    env,
    projects: [
      // One module cache for all files: loading the SDK again for each of them would take most of the time.
      {
        test: {
          name: "unit",
          maxWorkers,
          include: ["test/unit/**/*.test.ts"],
          setupFiles: ["test/support/property-seed.ts"],
          isolate: false,
          // Properties are tried on hundreds of inputs, also on a machine that is busy with other tiers.
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "policies",
          maxWorkers,
          include: ["test/policies/**/*.test.ts"],
          setupFiles: ["test/support/property-seed.ts"],
          isolate: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      { test: { name: "parity", maxWorkers, include: ["test/parity/**/*.test.ts"], testTimeout: 180_000, hookTimeout: 180_000 } },
      {
        test: {
          name: "docker",
          include: ["test/integration/**/*.test.ts"],
          // One file after another, after everything that is quick: they share a daemon.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
      {
        test: {
          name: "kubernetes",
          include: ["test/kubernetes/**/*.test.ts"],
          // One file after another: they share an API server, and some deploy through the engine.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
      {
        test: {
          name: "package",
          include: ["test/package/**/*.test.ts"],
          // Builds and packs once. With the tiers on containers, so that compilers and installs do not take the cores from what is quick.
          globalSetup: ["test/package/pack.ts"],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          // Tests of one file run beside each other, and wait for each other's compilers.
          testTimeout: 300_000,
          hookTimeout: 240_000,
        },
      },
      { test: { name: "stacks", maxWorkers, include: ["test/stacks/**/*.test.ts"], testTimeout: 180_000, hookTimeout: 180_000 } },
      {
        test: {
          name: "engine",
          include: ["test/engine/**/*.test.ts"],
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
