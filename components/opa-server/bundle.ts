import { createHash } from "node:crypto";
import { basename } from "node:path";
import type { Finding } from "../../src/core/checks.ts";
import type { FileSpec } from "../../src/core/workload.ts";
import { type Add, merged, type Tree } from "./documents.ts";
import type { PolicyFolder } from "./policies.ts";

/** Most that the files of a bundle may have together: they are part of the plan. */
const limitKiB = 512;

export interface Bundle {
  readonly files: readonly FileSpec[];
  readonly findings: readonly Finding[];
  /** Files of the folder that OPA does not read. */
  readonly unread: readonly string[];
}

/**
 * The folder as a bundle whose files all lie in one folder: policies say by their package where they stand, so only
 * names are flattened, and data is merged into one document by the folders it lay in.
 */
export function bundleOf({ folder, files }: PolicyFolder, dataPath: string, masks: readonly string[], target: string): Bundle {
  const policies = files.filter(({ path }) => path.endsWith(".rego") && !path.endsWith("_test.rego"));
  const documents = files.filter(({ path }) => /^data\.(json|ya?ml)$/.test(basename(path)));
  const findings: Finding[] = [];
  const add: Add = (path, value, rule, fix) => findings.push({ path, value, rule, fix });
  const data = documents.reduce<Tree>((tree, file) => merged(tree, file, add), {});
  const packages = policies.map(({ content }) => packageOf(content));
  if (masks.length > 0 && packages.includes("system/log")) {
    add("maskInputs", masks, "masks are declared in one place, and the policies have a package system.log", "declare all masks there, or remove it");
  }
  if (folder !== undefined && policies.length === 0) {
    add("policies", folder, "a folder with at least one policy, a .rego file that is no test", "correct the path, or write one");
  } else if (policies.length > 0 && !packages.some((name) => name !== undefined && within(name, dataPath))) {
    const known = [...new Set(packages)].filter((name) => name !== undefined).toSorted();
    add(
      "path",
      dataPath,
      "the path of a package in the folder, or of a rule in one",
      `use e.g. ${known[0] ?? "repo/guard"}; there are ${known.join(", ")}`,
    );
  }
  const bundled: FileSpec[] = [
    ...policies.map(({ path, content }) => ({ path: `${target}/${encodeURIComponent(path)}`, content })),
    ...(masks.length > 0 ? [{ path: `${target}/+mask.rego`, content: maskPolicy(masks) }] : []),
    { path: `${target}/data.json`, content: `${JSON.stringify(data)}\n` },
  ];
  const size = Math.ceil(bundled.reduce((sum, { content }) => sum + Buffer.byteLength(String(content)), 0) / 1024);
  if (size > limitKiB) {
    add(
      "policies",
      folder,
      `policies and data of ${limitKiB} KiB at most; these have ${size}`,
      "serve more data from a system that holds it, as input",
    );
  }
  const revision = createHash("sha256").update(JSON.stringify(bundled)).digest("hex");
  return {
    files: [...bundled, { path: `${target}/.manifest`, content: manifest(revision, folder ?? "") }],
    findings,
    unread: files.filter((file) => !file.path.endsWith(".rego") && !documents.includes(file)).map(({ path }) => path),
  };
}

/** The root is everything: what is not in the bundle cannot be put there over the API either. */
const manifest = (revision: string, folder: string) => `${JSON.stringify({ revision, roots: [""], rego_version: 1, metadata: { folder } })}\n`;

const maskPolicy = (masks: readonly string[]) =>
  `package system.log\n\n${masks.map((pointer) => `mask contains ${JSON.stringify(`/input${pointer}`)}\n`).join("\n")}`;

/** `package repo.guard` or `package repo["guard"]` -> `repo/guard`. */
function packageOf(policy: string): string | undefined {
  const [, name] = /^\s*package\s+(\S+)/m.exec(policy.replace(/^\s*#.*$/gm, "")) ?? [];
  return name?.replaceAll(/\["([^"]*)"\]/g, ".$1").replaceAll(".", "/");
}

/** A path below a package names a rule, and one above names all packages below it. */
const within = (name: string, path: string) => `${path}/`.startsWith(`${name}/`) || `${name}/`.startsWith(`${path}/`);
