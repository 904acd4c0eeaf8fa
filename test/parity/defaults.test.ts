import { expect, test } from "vitest";
import { componentArguments } from "../../docs/reference/extract.ts";
import { type Ground, type ProfileName, profiles } from "../support/grounds.ts";
import { made, recorded } from "../support/parity/record.ts";

/** Defaults of a component that are values, for one profile, and the ground where they are tried. What is told in words is not. */
interface Tried {
  readonly component: string;
  readonly ground: Ground;
  readonly profile: ProfileName;
  readonly values: Readonly<Record<string, unknown>>;
}

const plain = /^("[^"]*"|\d[\d.]*|true|false|\[[^\]]*\])(?=$|,|;)/;

function valuesOf(text: string): [ProfileName, unknown][] {
  const [value] = plain.exec(text) ?? [];
  if (value !== undefined) return [["dev", JSON.parse(value)]];
  const [, list] = /^by profile: ([^;]*)/.exec(text) ?? [];
  const parts = [...(list ?? "").matchAll(/([^\s,]+) \(([^)]*)\)/g)];
  return parts.flatMap(([, of = "", names = ""]) => names.split(", ").map((name): [ProfileName, unknown] => [name as ProfileName, plainOf(of)]));
}

const plainOf = (text: string): unknown => (/^(\d[\d.]*|true|false)$/.test(text) ? JSON.parse(text) : text);

/** A number for each store stands there, and what is written down is a map. */
const isPerPart = (component: string, path: string) => component === "ObservabilityStack" && path === "storageGiB";

/** Kubernetes honours most arguments, so another value would show; what only AWS has is tried there. */
const tried: Tried[] = componentArguments().flatMap(({ component, arguments: all }) =>
  (["kubernetes", "aws"] as const).flatMap((ground) =>
    profiles.flatMap((profile) => {
      const form = ground === "aws" ? /^aws\.(\w+)$/ : /^(\w+)$/;
      const entries = all.flatMap(({ path, default: text }) => {
        const name = form.exec(path)?.[1];
        const value = valuesOf(text ?? "").find(([of]) => of === profile);
        return name && value && !isPerPart(component, path) ? [[name, value[1]] as const] : [];
      });
      return entries.length > 0 ? [{ component, ground, profile, values: Object.fromEntries(entries) }] : [];
    }),
  ),
);

test("there are defaults to try, in all profiles", () => {
  expect(tried.flatMap(({ values }) => Object.keys(values)).length).toBeGreaterThan(100);
  for (const profile of profiles) expect(tried.filter((one) => one.profile === profile).length).toBeGreaterThan(10);
});

const named = tried.map((one) => ({ ...one, names: Object.keys(one.values).join(", ") }));

test.each(named)("$component, $profile on $ground: $names are the same, written down or not", async ({ component, ground, profile, values }) => {
  // Makers write some of them down themselves, and no default then stands for them.
  const unsaid = ground === "aws" ? {} : Object.fromEntries(Object.keys(values).map((name) => [name, undefined]));
  const without = await recorded(component, ground, () => unsaid, undefined, profile);
  const written = await recorded(component, ground, () => (ground === "aws" ? { aws: values } : values), undefined, profile);
  expect(written.problems).toEqual(without.problems);
  expect(made(written)).toBe(made(without));
});
