import { describe, expect, test } from "vitest";
import { type Capability, capabilities } from "../../../src/core/capabilities.ts";
import { coarserOf } from "../../../src/preview/coarser.ts";
import { planWith, resource } from "./plans.ts";

/** Components that ask for all of which a row tells. */
const all = { egress: ["api.example:443"], replicas: 3, storageGiB: 5 };
const planOf = (kinds: readonly string[], told: object = all) =>
  planWith(kinds.map((kind) => resource(`groundplan:index:${kind}`, kind.toLowerCase(), {}, { custom: false, outputs: { kind, ...told } })));
const shown = (kind: string, told?: object) => coarserOf(planOf([kind], told), "docker").map(({ capability }) => capability);

describe("what a target honours more coarsely", () => {
  test("is told of the components that are there, and of no others", () => {
    expect(shown("NatsCluster")).toContain(capabilities.quorum.capability);
    expect(shown("AppService")).not.toContain(capabilities.quorum.capability);
    expect(shown("AppService")).toContain(capabilities.autoscale.capability);
    expect(shown("RedisCache")).toContain(capabilities.storageSize.capability);
  });

  test.each<[keyof typeof capabilities, string, object]>([
    ["egress", "AppService", { egress: [] }],
    ["quorum", "NatsCluster", { replicas: 1 }],
    ["storageSize", "AppService", { storageGiB: 0 }],
  ])("is left out where nobody asks for it: %s of %s", (key, kind, told) => {
    expect(shown(kind)).toContain(capabilities[key].capability);
    expect(shown(kind, { ...all, ...told })).not.toContain(capabilities[key].capability);
  });

  test("of a system that runs elsewhere, it is the way there", () => {
    const { bindings, existing, tls } = capabilities;
    expect(shown("PostgresDb", { ...all, existing: "db.internal:5432" })).toEqual([bindings, tls, existing].map(({ capability }) => capability));
    expect(shown("PostgresDb")).not.toContain(existing.capability);
  });

  test("leaves out what is honoured in full and what is refused", () => {
    const rows: readonly Capability[] = Object.values(capabilities);
    for (const target of ["docker", "kubernetes", "aws"] as const) {
      const kinds = [...new Set(rows.flatMap(({ component }) => component.split(", ")))];
      const plan = planWith([...planOf(kinds).resources, ...planOf(kinds, { ...all, existing: "db.internal:5432" }).resources]);
      expect(coarserOf(plan, target)).toEqual(
        rows.filter(({ cells }) => cells[target].state === "coarser").map(({ capability, cells }) => ({ capability, how: cells[target].how })),
      );
    }
  });
});
