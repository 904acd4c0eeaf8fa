import { describe, expect, test } from "vitest";
import { type Capability, capabilities } from "../../../src/core/capabilities.ts";
import { coarserOf } from "../../../src/preview/coarser.ts";
import { planWith, resource } from "./plans.ts";

const planOf = (...kinds: readonly string[]) =>
  planWith(kinds.map((kind) => resource(`groundplan:index:${kind}`, kind.toLowerCase(), {}, { custom: false, outputs: { kind } })));
const shown = (...kinds: readonly string[]) => coarserOf(planOf(...kinds), "docker").map(({ capability }) => capability);

describe("what a target honours more coarsely", () => {
  test("is told of the components that are there, and of no others", () => {
    expect(shown("NatsCluster")).toContain(capabilities.quorum.capability);
    expect(shown("AppService")).not.toContain(capabilities.quorum.capability);
    expect(shown("AppService")).toContain(capabilities.autoscale.capability);
    expect(shown("RedisCache")).toContain(capabilities.storageSize.capability);
  });

  test("leaves out what is honoured in full and what is refused", () => {
    const all: readonly Capability[] = Object.values(capabilities);
    for (const target of ["docker", "kubernetes", "aws"] as const) {
      const kinds = [...new Set(all.flatMap(({ component }) => component.split(", ")))];
      expect(coarserOf(planOf(...kinds), target)).toEqual(
        all.filter(({ cells }) => cells[target].state === "coarser").map(({ capability, cells }) => ({ capability, how: cells[target].how })),
      );
    }
  });
});
