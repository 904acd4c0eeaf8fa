import { relative } from "node:path";
import { buildsOf, containersOf, type PlanBuild } from "../preview/containers.ts";
import { type Plan, resourcesOfType } from "../preview/plan.ts";

/** Lines of a step that are shown of a build that failed. */
const shownLines = 20;

/** What a build said before it failed, for a person: component and Dockerfile, then the lines of the step. */
function told(root: string, component: string, { dockerfile }: Pick<PlanBuild, "dockerfile">, lines: readonly string[]): string {
  return [
    `the image of ${component} could not be built from ${relative(root, dockerfile)}`,
    ...lines.slice(-shownLines).map((line) => `  ${line}`),
  ].join("\n");
}

/** Out of what Compose printed; undefined when no build failed. */
export function composeBuildFailure(plan: Plan, root: string, output: string): string | undefined {
  const lines = output.split("\n").map((line) => line.trimEnd());
  const end = lines.findLastIndex((line) => /failed to solve|failed to build|returned a non-zero code|dockerfile parse error/i.test(line));
  if (end < 0) return undefined;
  const builds = buildsOf(plan);
  const built = containersOf(plan).filter(({ inputs }) => builds.has(inputs.image));
  // A step is headed by its service, e.g. ` > [shop-dev-api build 2/4] RUN npm ci:`, when it is one of several.
  const heading = lines.findLastIndex((line) => /^\s*> \[.+\]/.test(line));
  const [, service] = /> \[(\S+)[ \]]/.exec(lines[heading] ?? "") ?? [];
  const named = lines.slice(0, end + 1).findLast((line) => built.some(({ inputs }) => line.includes(inputs.name))) ?? "";
  const container = built.find(({ inputs }) => inputs.name === service) ?? built.find(({ inputs }) => named.includes(inputs.name)) ?? built[0];
  const build = container && builds.get(container.inputs.image);
  if (!build) return undefined;
  const step = lines.slice(heading < 0 ? Math.max(0, end - shownLines) : heading, end + 1).filter((line) => line !== "" && !/^-+$/.test(line));
  return told(root, container.component, build, step);
}

/** Out of what the engine printed, which shows a build's own lines as its progress alone; undefined when no build failed. */
export function engineBuildFailure(plan: Plan, root: string, output: string): string | undefined {
  const failures = resourcesOfType(plan, "docker:index/image:Image").flatMap(({ name, inputs }) => {
    const said = output.split("\n").flatMap((line) => {
      const [, words] = new RegExp(`docker:index:Image ${name} (?:creating|updating|creating replacement) \\([^)]*\\) ?(.*)$`).exec(line) ?? [];
      return words && !/^(digest: |Starting Docker build|Building your image|warning: )/.test(words) ? [words.trimEnd()] : [];
    });
    if (!said.some((words) => words.startsWith("error: "))) return [];
    return [told(root, name.replace(/^image-/, ""), inputs.build as PlanBuild, [...new Set(said)])];
  });
  return failures.length > 0 ? failures.join("\n") : undefined;
}
