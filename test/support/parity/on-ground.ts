import { describe, expect, test } from "vitest";
import { parity } from "../../../docs/parity.ts";
import { componentArguments } from "../../../docs/reference/extract.ts";
import { refusal } from "../../../src/core/capabilities.ts";
import type { Target } from "../../../src/core/platform.ts";
import type { Ground } from "../grounds.ts";
import { changes } from "./changes.ts";
import { againstClaim } from "./impact.ts";
import type { Beside } from "./makers.ts";
import { made, recorded } from "./record.ts";

/** What the docstrings say that a change costs, by component and argument. */
const claims = once(
  () =>
    new Map(
      componentArguments().flatMap(({ component, arguments: all }) => all.map(({ path, change }) => [`${component}.${path}`, change] as const)),
    ),
);

function once<R>(make: () => R): () => R {
  let made: R | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Each argument of each component is changed on a ground. A file for each ground: they run beside each other. */
export const describeArguments = (target: Ground) => {
  describe.each(Object.keys(parity))("%s", (component) => {
    test.each(Object.keys(parity[component] ?? {}))("%s is what its cell says", async (argument) => {
      const cell = parity[component]?.[argument]?.[target];
      const change = changes[component]?.[argument];
      if (!cell || !change) throw new Error("a row without a change");
      const { base, to } = change;
      const beside = (around: Beside) => (typeof base === "function" ? base(around, target) : (base ?? {}));
      const value: (around: Beside, target: Target) => unknown = typeof to === "function" ? (to as never) : () => to;
      const after = await recorded(component, target, (around) => ({ ...beside(around), [argument]: value(around, target) }));
      if (cell.state === "refused") {
        const named = after.problems.filter(({ component: name }) => name === "it");
        expect(named, "a refusal that names the component").not.toEqual([]);
        if (cell.capability) expect(named).toContainEqual(expect.objectContaining(refusal(cell.capability, target)));
        else
          expect(
            named.some(({ path }) => path === argument || path.startsWith(`${argument}.`)),
            JSON.stringify(named),
          ).toBe(true);
        return;
      }
      expect(after.problems).toEqual([]);
      const before = await recorded(component, target, beside, base ? undefined : `${component} ${target}`);
      if (cell.idle) {
        expect(made(after), "nothing to do for it").toBe(made(before));
        return;
      }
      const told = after.warnings.some((warning) => !before.warnings.includes(warning));
      const changed = made(after) !== made(before);
      expect(changed || (cell.state === "translated" && told), "the plan changes, or a warning tells why it does not").toBe(true);
      // Only here a plan shows what runs on: the classes of the docstrings are about containers first.
      if (target === "docker") expect(againstClaim(claims().get(`${component}.${argument}`), before.resources, after.resources)).toEqual([]);
    });
  });
};
