import { createRequire } from "node:module";
import { join } from "node:path";
import { execa } from "execa";
import type { Plan } from "../../preview/plan.ts";
import { composeFits, composeRangeText, composeVersion } from "../engines/compose.ts";
import { inRange, pulumiRangeText } from "../engines/pulumi.ts";
import { type Check, notLookedAt, ok, problem, type Verdict, warning } from "./check.ts";
import type { Examined } from "./examined.ts";

/** Native type stripping without a flag came with it. */
const oldestNode = [22, 18] as const;

export function judgeNode(version: string): Verdict {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  const fits = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  return fits
    ? ok(`${version}, ${process.execPath}`)
    : problem(`${version}; the command needs ${oldestNode.join(".")} or later`, "npm install in the project brings one, or install a newer Node");
}

/** `pulumi`: whether the other engine could deploy in its place. */
export function judgeCompose(version: string | undefined, pulumi: boolean): Verdict {
  const fix = "install the Compose plugin: https://docs.docker.com/compose/install/";
  if (version === undefined) {
    return pulumi ? warning("not installed; engine pulumi deploys without it", fix) : problem("neither Compose nor the Pulumi CLI is installed", fix);
  }
  if (composeFits(version)) return ok(version);
  const found = `${version}; engine compose needs ${composeRangeText}`;
  return pulumi ? warning(found, fix) : problem(found, fix);
}

/** `needed`: nothing else can deploy this environment. */
export function judgePulumi(version: string | undefined, needed: boolean): Verdict {
  const fix = `install Pulumi ${pulumiRangeText}: https://www.pulumi.com/docs/install/`;
  if (version === undefined)
    return needed ? problem("not installed, and this environment is deployed by it", fix) : ok("not installed; engine compose deploys");
  if (inRange(version)) return ok(version);
  const found = `${version}; tried with ${pulumiRangeText}`;
  return needed ? problem(found, fix) : warning(found, `${fix}, or use --engine compose`);
}

/** A provider and the version of it that the program asks for. */
export interface Plugin {
  readonly name: string;
  readonly version: string;
}

export function judgePlugins(wanted: readonly Plugin[], installed: readonly Plugin[]): Verdict {
  const missing = wanted.filter(({ name, version }) => !installed.some((other) => other.name === name && other.version === version));
  if (missing.length === 0) return ok(wanted.map(({ name, version }) => `${name} ${version}`).join(", ") || "none is needed");
  return warning(
    `not installed: ${missing.map(({ name, version }) => `${name} ${version}`).join(", ")}; the first up loads them from the network`,
    missing.map(({ name, version }) => `pulumi plugin install resource ${name} v${version}`).join(" && "),
  );
}

/** Providers of a plan, at the versions of their packages in the project. */
function pluginsOf(plan: Plan, root: string): Plugin[] {
  const names = plan.resources.filter(({ custom }) => custom).map(({ type }) => type.slice(0, type.indexOf(":")));
  const require = createRequire(join(root, "package.json"));
  return [...new Set(names)]
    .filter((name) => name !== "pulumi")
    .flatMap((name) => {
      try {
        return [{ name, version: (require(`@pulumi/${name}/package.json`) as { version: string }).version }];
      } catch {
        // A package that is not there, or does not say: the program itself tells.
        return [];
      }
    });
}

async function installedPlugins(): Promise<Plugin[]> {
  const { stdout } = await execa("pulumi", ["plugin", "ls", "--json"], { env: { PULUMI_SKIP_UPDATE_CHECK: "true" }, timeout: 4500 });
  return JSON.parse(stdout) as Plugin[];
}

const hosted = ({ project }: Examined) => project !== undefined && project.settings.target !== "docker";

export const toolChecks: readonly Check<Examined>[] = [
  { id: "node", title: "Node", look: () => judgeNode(process.version) },
  {
    id: "compose",
    title: "Docker Compose",
    look: async (about) => {
      if (hosted(about)) return notLookedAt(`target ${about.project?.settings.target} does not use it`);
      if (!about.daemon) return notLookedAt("no Docker daemon answers");
      return judgeCompose(await composeVersion(about.daemon), inRange(about.pulumi ?? ""));
    },
  },
  { id: "pulumi", title: "Pulumi CLI", look: (about) => judgePulumi(about.pulumi, hosted(about) || (about.engine === "pulumi" && !!about.pulumi)) },
  {
    id: "plugins",
    title: "Pulumi plugins",
    look: async ({ pulumi, plan, project, engine }) => {
      if (!pulumi || engine !== "pulumi") return notLookedAt("engine pulumi is not used");
      if (!plan || !project) return notLookedAt("there is no plan that names them");
      return judgePlugins(pluginsOf(plan, project.root), await installedPlugins());
    },
  },
];
