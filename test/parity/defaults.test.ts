import { expect, test } from "vitest";
import { componentArguments } from "../../docs/reference/extract.ts";
import { type Ground, type ProfileName, profiles } from "../support/grounds.ts";
import { made, recorded } from "../support/parity/record.ts";

/** A default that is a value: itself, or one for each profile. What is told in words is not tried. */
interface Tried {
  readonly component: string;
  readonly path: string;
  readonly profile: ProfileName;
  readonly value: unknown;
}

const plain = /^("[^"]*"|\d[\d.]*|true|false|\[[^\]]*\])(?=$|,|;)/;

function valuesOf(text: string): [ProfileName, unknown][] {
  const [value] = plain.exec(text) ?? [];
  if (value !== undefined) return [["dev", JSON.parse(value)]];
  const [, list] = /^by profile: ([^;]*)/.exec(text) ?? [];
  const parts = [...(list ?? "").matchAll(/([^\s,]+) \(([^)]*)\)/g)];
  return parts.flatMap(([, of = "", names = ""]) => names.split(", ").map((name): [ProfileName, unknown] => [name as ProfileName, valueOf(of)]));
}

const valueOf = (text: string): unknown => (/^(\d[\d.]*|true|false)$/.test(text) ? JSON.parse(text) : text);

/** What one argument decides stands for another one, so its default is not a value of its own: the disk of a store, say. */
const perPart = new Set(["ObservabilityStack storageGiB"]);

const tried: Tried[] = componentArguments().flatMap(({ component, arguments: all }) =>
  all
    .filter(({ path }) => /^(aws\.)?\w+$/.test(path) && !perPart.has(`${component} ${path}`))
    .flatMap(({ path, default: text }) => valuesOf(text ?? "").map(([profile, value]) => ({ component, path, profile, value }))),
);

test("there are defaults to try, in all profiles", () => {
  expect(tried.length).toBeGreaterThan(80);
  for (const profile of profiles) expect(tried.filter((one) => one.profile === profile).length).toBeGreaterThan(15);
});

/** Kubernetes honours most arguments, so another value would show; what only AWS has is tried there. */
const groundOf = (path: string): Ground => (path.startsWith("aws.") ? "aws" : "kubernetes");

test.each(tried)("$component $path is $value in $profile, whether it is written down or not", async ({ component, path, profile, value }) => {
  const ground = groundOf(path);
  const argument = path.replace(/^aws\./, "");
  // Makers write one container down, which is the default of dev alone.
  const beside = path === "replicas" && profile !== "dev" ? { replicas: undefined } : {};
  const without = await recorded(component, ground, () => beside, `${component} ${ground} ${profile} ${Object.keys(beside)}`, profile);
  const given = ground === "aws" ? { aws: { [argument]: value } } : { ...beside, [argument]: value };
  const written = await recorded(component, ground, () => given, undefined, profile);
  expect(written.problems).toEqual(without.problems);
  if (without.problems.length === 0) expect(made(written)).toBe(made(without));
});
