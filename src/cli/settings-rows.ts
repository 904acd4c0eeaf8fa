import { openValue } from "../core/problems.ts";
import type { EnvironmentOverride, StackSettings } from "../core/settings.ts";

/** One resolved setting. */
export interface SettingRow {
  readonly section: "stack" | "target" | "profile" | "components";
  /** As in the stack file: `ports.db.sql`, `components.db.replicas`; values of the profile as `profile.<name>`. */
  readonly path: string;
  /** What holds; null when it is not set. Hidden when its name, or what is in it, could be a secret. */
  readonly value: unknown;
  /** `default`, `profile <name>`, the stack file, or `environment <variable>`. */
  readonly origin: string;
  /** What the stack file says, where the environment wins over it. */
  readonly instead?: unknown;
}

/**
 * Everything that an environment is made with, resolved, without running its program. What components take by default is
 * therefore not in it; what the profile gives them is.
 */
export function settingRows(settings: StackSettings): SettingRow[] {
  return [...stackRows(settings), ...targetRows(settings), ...profileRows(settings), ...componentRows(settings)];
}

const originIn = ({ origins }: StackSettings, name: string) => origins[name] ?? "default";

const rowOf = (section: SettingRow["section"], path: string, value: unknown, origin: string): SettingRow => ({
  section,
  path,
  value: openValue(path, value),
  origin,
});

function stackRows(settings: StackSettings): SettingRow[] {
  const { images, isolation } = settings;
  const row = (path: string, value: unknown, name = path) => rowOf("stack", path, value, originIn(settings, name));
  return [
    row("topology", settings.topology),
    row("target", settings.target),
    row("profile", settings.profile.name),
    row("isolation", isolation || undefined),
    row("mirror", images.mirror),
    row("mirrorDigests", images.mirrorDigests ?? false),
    ...Object.entries(images.overrides ?? {}).map(([name, image]) => row(`images.${name}`, image, "images")),
    ...Object.entries(settings.ports).map(([name, port]) => row(`ports.${name}`, port, "ports")),
    row("egress", settings.egress ?? "whatever components declare"),
    row("subnetPool", settings.subnetPool),
    row("retired", settings.retired),
  ];
}

/** Settings of a ground; what the environment sets has an origin of its own. */
function targetRows(settings: StackSettings): SettingRow[] {
  return (["kubernetes", "aws"] as const).flatMap((ground) =>
    Object.entries(settings[ground] ?? {}).map(([name, value]) => {
      const path = `${ground}.${name}`;
      const from = originIn(settings, path);
      return rowOf("target", path, value, from === "default" ? originIn(settings, ground) : from);
    }),
  );
}

/** All values of the profile; one of them may be set by itself. */
function profileRows({ profile, origins }: StackSettings): SettingRow[] {
  const { name, ...values } = profile;
  return leavesOf("profile", values).map(([path, value]) => ({
    section: "profile",
    path,
    // Data of this package: no value of it is a secret, whatever its name.
    value,
    origin: (path === "profile.publishData" && origins.publishData) || `profile ${name}`,
  }));
}

const leavesOf = (path: string, value: unknown): [string, unknown][] =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, inner]) => leavesOf(`${path}.${key}`, inner))
    : [[path, value]];

/** What is laid over the arguments of components: the stack file's, and over those the environment's. */
function componentRows(settings: StackSettings): SettingRow[] {
  const { components, environmentOverrides } = settings;
  const written = Object.entries(components).flatMap(([name, args]) =>
    Object.entries(args).map(([key, value]) => rowOf("components", `components.${name}.${key}`, value, originIn(settings, "components"))),
  );
  const laid = environmentOverrides.map((override) => {
    const row = rowOf("components", pathOf(override, components), override.value, `environment ${override.variable}`);
    const below = written.find(({ path }) => path === row.path);
    return below ? { ...row, instead: below.value } : row;
  });
  return [...written.filter(({ path }) => !laid.some((row) => row.path === path)), ...laid];
}

/** `["DB", "STORAGE_GIB"]` -> `components.db.storageGiB`, as far as the stack file has these words; the program knows the rest. */
function pathOf({ path }: EnvironmentOverride, components: StackSettings["components"]): string {
  let here: unknown = components;
  const words = path.map((word, depth) => {
    const known = typeof here === "object" && here !== null ? Object.keys(here) : [];
    const plain = (text: string) => text.toLowerCase().replace(/[-_]/g, "");
    const key = known.find((name) => plain(name) === plain(word)) ?? (path[depth - 1]?.toLowerCase() === "env" ? word : spelled(word, depth));
    here = typeof here === "object" && here !== null ? (here as Record<string, unknown>)[key] : undefined;
    return key;
  });
  return ["components", ...words].join(".");
}

/** Components have hyphens in their names, arguments are in camel case. */
const spelled = (word: string, depth: number) =>
  depth === 0 ? word.toLowerCase().replaceAll("_", "-") : word.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
