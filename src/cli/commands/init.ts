import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import pc from "picocolors";
import { badConfiguration, couldNotRun } from "../exit.ts";
import { newProject, testedVersions } from "../new-project.ts";

export interface InitOptions {
  /** Name of the project. @default that of the folder */
  readonly name?: string;
}

/** Folders that a new project may find there already. */
const tolerated = [".git"];
const longestShown = 5;

/** Writes a project of its own that uses the package; touches nothing that is there. */
export function init(folder: string, options: InitOptions): void {
  const root = resolve(folder);
  const name = projectName(options.name ?? basename(root), options.name === undefined);
  requireEmpty(root);
  const files = newProject({ ...testedVersions(), name });
  for (const { path, content } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content, { flag: "wx" });
  }
  console.log(summary(root, name, files.length));
}

/** The project's name is the beginning of every name that it makes, on all targets. */
function projectName(name: string, ofFolder: boolean): string {
  if (/^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,23}$/.test(name)) return name;
  const rule = "lower-case letters, digits and single hyphens, at most 24, beginning with a letter";
  const fix = ofFolder ? "name the project: groundplan init <folder> --name <name>" : "choose another name";
  const problem = { component: "project", path: "name", value: name, rule, fix };
  throw badConfiguration([problem], "in what the project is called; nothing was written");
}

function requireEmpty(root: string): void {
  if (!existsSync(root)) return;
  if (!statSync(root).isDirectory()) throw couldNotRun("GP503", `${root} is a file; name a new folder, or an empty one`);
  const found = readdirSync(root).filter((file) => !tolerated.includes(file));
  if (found.length === 0) return;
  const rest = found.length > longestShown ? ` and ${found.length - longestShown} more` : "";
  throw couldNotRun(
    "GP503",
    `${root} is not empty: ${found.slice(0, longestShown).join(", ")}${rest}\n  Name a new folder, or an empty one; nothing was written`,
  );
}

function summary(root: string, name: string, files: number): string {
  const here = relative(process.cwd(), root);
  return [
    `${pc.bold(name)}: ${files} files in ${here === "" ? "this folder" : here}`,
    "",
    "Next",
    ...(here === "" ? [] : [`  cd ${here}`]),
    "  npm install",
    "  npm start                        # dev on Docker, or its preview",
    "  npx groundplan preview staging   # Kubernetes; put your image and cluster into Pulumi.staging.yaml",
    "  npx groundplan policy prod       # AWS; put your image and account into Pulumi.prod.yaml",
  ].join("\n");
}
