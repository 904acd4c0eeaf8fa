import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parity } from "../../../docs/parity.ts";
import { componentArguments } from "../../../docs/reference/extract.ts";
import { refusal } from "../../../src/core/capabilities.ts";
import type { Target } from "../../../src/core/platform.ts";
import { type Ground, groundSettings } from "../grounds.ts";
import { type InProcess, recordInProcess } from "../in-process.ts";
import { changes } from "./changes.ts";
import { againstClaim } from "./impact.ts";
import { type ArgsOf, type Beside, makers } from "./makers.ts";

let root = "";
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "groundplan-parity-"));
  writeFileSync(join(root, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
  mkdirSync(join(root, "shared"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const recordedBefore = new Map<string, Promise<InProcess>>();

/** What the engine would be asked for; a plan without an argument is recorded once for all that need nothing beside it. */
function recorded(component: string, target: Ground, args: ArgsOf, key?: string): Promise<InProcess> {
  const known = key === undefined ? undefined : recordedBefore.get(key);
  const make = makers[component];
  if (known || !make) return known ?? Promise.reject(new Error(`no maker for ${component}`));
  const made = recordInProcess((platform) => make(platform, args), settings(component, target), root);
  if (key !== undefined) recordedBefore.set(key, made);
  return made;
}

/** Three nodes want three zones, which dev has not; and proxies of a mesh serve a gateway. */
function settings(component: string, target: Ground): Readonly<Record<string, unknown>> {
  if (target === "aws") return { target, profile: component === "NatsCluster" ? "staging" : "dev", ...groundSettings.aws };
  if (target === "docker" || component !== "ServiceMeshGateway") return { target, profile: "dev", ...groundSettings[target] };
  return { target, profile: "dev", kubernetes: { ...groundSettings.kubernetes.kubernetes, mesh: { mode: "sidecar" } } };
}

const made = ({ resources }: InProcess) =>
  JSON.stringify(resources.filter(({ custom }) => custom).map(({ outputs: _, secretOutputs: __, ...asked }) => asked));

/** What the docstrings say that a change costs, by component and argument. */
const claims = once(
  () => new Map(componentArguments().flatMap(({ component, arguments: all }) => all.map(({ path, change }) => [`${component}.${path}`, change] as const))),
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
