import { describe, expect, test } from "vitest";
import { inOrder } from "../../../src/core/realise.ts";
import type { JobSpec, WorkloadSpec } from "../../../src/core/workload.ts";

const workload = (name: string, after?: string[]) => ({ name, ...(after ? { after } : {}) }) as unknown as WorkloadSpec;
const job = (name: string, after: string[] = []) => ({ name, when: "up", after }) as unknown as JobSpec;
const ordered = (workloads: WorkloadSpec[], jobs: JobSpec[]) => inOrder({ name: "temporal", workloads, jobs }).map(({ name }) => name);

describe("the order of the parts of a system", () => {
  test("workloads as they are declared, then the jobs that wait for them", () => {
    expect(ordered([workload("db"), workload("pool")], [job("db-databases", ["db"]), job("db-check", ["pool"])])).toEqual([
      "db",
      "pool",
      "db-databases",
      "db-check",
    ]);
  });

  test("a server comes after the job that it waits for, and that job after another", () => {
    expect(
      ordered(
        [workload("temporal", ["temporal-schema"]), workload("temporal-ui")],
        [job("temporal-schema", ["temporal-version"]), job("temporal-version"), job("temporal-namespace", ["temporal"])],
      ),
    ).toEqual(["temporal-ui", "temporal-version", "temporal-schema", "temporal", "temporal-namespace"]);
  });

  test.each([
    ["each other", [workload("temporal", ["temporal-schema"])], [job("temporal-schema", ["temporal"])]],
    ["what is not declared", [workload("temporal", ["schema"])], []],
  ])("parts that wait for %s are a mistake of the spec, by name", (_, workloads, jobs) => {
    expect(() => ordered(workloads, jobs)).toThrow(/temporal: temporal.* wait for each other, or for what is not declared/);
  });
});
