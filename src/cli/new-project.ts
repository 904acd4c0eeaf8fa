import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A file of a new project. */
export interface NewFile {
  /** From the folder of the project. */
  readonly path: string;
  readonly content: string;
}

/** What stands in the templates for `{{name}}` and for versions, each by the name of its package. */
export type TemplateValues = Readonly<Record<string, string>>;

/** The package that this file belongs to: of a clone, or installed, where the code is a folder deeper. */
const packageRoot = (from = import.meta.dirname): string => {
  const file = join(from, "package.json");
  if (existsSync(file) && (JSON.parse(readFileSync(file, "utf8")) as { name?: string }).name === "groundplan") return from;
  return packageRoot(join(from, ".."));
};

/** Versions with which this version of the package was tested. */
export function testedVersions(): TemplateValues {
  const manifest = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as {
    version: string;
    devDependencies: TemplateValues;
  };
  return { ...manifest.devDependencies, version: manifest.version };
}

/** npm leaves some names out of a package, so their templates have another ending. */
const named = (path: string) => path.replace(/\.template$/, "");

/** The files of a new project: the templates with their values, and the gate for pull requests that the documentation has. */
export function newProject(values: TemplateValues): NewFile[] {
  const root = join(import.meta.dirname, "..", "..");
  const templates = join(root, "templates", "project");
  const files = readdirSync(templates, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: named(file.slice(templates.length + 1)), content: filled(readFileSync(file, "utf8"), values) }));
  const [, ...gate] = readFileSync(join(root, "docs", "ci", "github-actions.yml"), "utf8").split("\n");
  return [...files, { path: ".github/workflows/policies.yml", content: ["# Gate of pull requests.", ...gate].join("\n") }].toSorted((a, b) =>
    a.path.localeCompare(b.path),
  );
}

const filled = (text: string, values: TemplateValues): string =>
  text.replace(/\{\{([^{}]+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`the templates ask for ${name}, which nobody gives`);
    return value;
  });
