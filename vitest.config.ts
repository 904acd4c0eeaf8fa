import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["test/unit/**/*.test.ts"] } },
      { test: { name: "parity", include: ["test/parity/**/*.test.ts"] } },
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
    ],
  },
});
