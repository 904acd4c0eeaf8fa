import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { execa } from "execa";
import { archived } from "../core/archive.ts";
import type { Problem } from "../core/problems.ts";
import { containersOf } from "../preview/containers.ts";
import { objectsOf, serversOf } from "../preview/kubernetes.ts";
import { componentsOf, type Plan } from "../preview/plan.ts";
import { badConfiguration } from "./exit.ts";

interface Bundle {
  readonly component: string;
  readonly files: readonly { readonly name: string; readonly content: string }[];
}

/**
 * Has the policies of a plan checked, strictly, by the `opa` on PATH, and answers a line for each policy server. Policies
 * that do not compile end the command.
 */
export async function checkPolicies(plan: Plan): Promise<string[]> {
  const results = await Promise.all(bundlesOf(plan).map(checkBundle));
  const problems = results.flatMap((result) => ("problems" in result ? result.problems : []));
  if (problems.length > 0) throw badConfiguration(problems);
  return results.flatMap((result) => ("line" in result ? [result.line] : []));
}

/** The files of each policy server, as its containers, pods or tasks get them; none of one that pulls its bundle from a registry. */
function bundlesOf(plan: Plan): Bundle[] {
  const servers = componentsOf(plan).flatMap(({ name, outputs }) => (outputs.kind === "OpaServer" ? [name] : []));
  return servers.map((component) => {
    const carriers = containersOf(plan).filter((container) => container.component === component && container.role === "files");
    const uploads = (carriers[0]?.inputs.uploads ?? []).map(({ file, content }) => ({ name: basename(file), content }));
    const [files = []] = [uploads, podFiles(plan, component), objectFiles(plan, component)].filter(({ length }) => length > 0);
    return { component, files: files.some(({ name }) => name === ".manifest") ? files : [] };
  });
}

function podFiles(plan: Plan, component: string): Bundle["files"] {
  const [server] = serversOf(plan).filter((maker) => maker.component === component);
  const sources = (server?.pod.volumes ?? []).flatMap(({ projected }) => projected?.sources.flatMap(({ configMap }) => configMap ?? []) ?? []);
  return sources.flatMap(({ name, items = [] }) => {
    const data = objectsOf(plan).find((object) => object.kind === "ConfigMap" && object.name === name)?.manifest.data;
    return items.map(({ key, path }) => ({ name: basename(path), content: (data as Readonly<Record<string, string>>)[key] ?? "" }));
  });
}

/** Tasks pull an archive from S3, whose bytes are in the plan. */
function objectFiles(plan: Plan, component: string): Bundle["files"] {
  return plan.resources
    .filter(({ type }) => type === "aws:s3/bucketObjectv2:BucketObjectv2")
    .filter(({ inputs }) => (inputs.tags as Readonly<Record<string, string>>)["groundplan:component"] === component)
    .flatMap(({ inputs }) => archived(Buffer.from(String(inputs.contentBase64), "base64")))
    .map(({ path, content }) => ({ name: path, content }));
}

async function checkBundle({ component, files }: Bundle): Promise<{ readonly line: string } | { readonly problems: Problem[] }> {
  if (files.length === 0) return { line: `${component}: policies not checked: they come from a registry` };
  const folder = mkdtempSync(join(tmpdir(), "groundplan-policies-"));
  try {
    for (const { name, content } of files) writeFileSync(join(folder, name), content);
    const { exitCode, stdout, stderr, code } = await execa("opa", ["check", "--strict", "--bundle", "--format", "json", folder], { reject: false });
    if (code === "ENOENT") return { line: `${component}: policies not checked: no opa on PATH` };
    if (exitCode === 0) return { line: `${component}: policies checked by opa check --strict` };
    return { problems: problemsOf(component, sourceOf(files), `${stderr}\n${stdout}`) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The folder that the policies were read from, as the bundle tells it. */
function sourceOf(files: Bundle["files"]): string {
  const manifest = JSON.parse(files.find(({ name }) => name === ".manifest")?.content ?? "{}") as { metadata?: { folder?: string } };
  return (manifest.metadata?.folder ?? "").replace(/\/+$/, "");
}

interface OpaError {
  readonly message: string;
  readonly location?: { readonly file?: string; readonly row?: number };
}

function problemsOf(component: string, folder: string, said: string): Problem[] {
  const problem = (value: string, rule: string): Problem => ({ component, path: "policies", value, rule, fix: "correct the policy", code: "GP328" });
  const errors = errorsIn(said);
  if (errors.length === 0) return [problem(folder, `opa check --strict: ${said.trim().slice(0, 500)}`)];
  return errors.map(({ message, location }) => {
    const [file, row] = [location?.file, location?.row];
    return problem(file ? `${folder}/${decodeURIComponent(basename(file))}:${row ?? 1}` : folder, `opa check --strict: ${message}`);
  });
}

/** What `--format json` prints, wherever this version of the program prints it. */
function errorsIn(said: string): readonly OpaError[] {
  try {
    const { errors = [] } = JSON.parse(said) as { errors?: readonly OpaError[] };
    return errors;
  } catch {
    return [];
  }
}
