import { join } from "node:path";
import type { Target } from "../src/core/platform.ts";
import { componentsOf, type Plan } from "../src/preview/plan.ts";
import { readinessOf } from "../src/preview/readiness.ts";
import { record } from "../src/preview/recorder.ts";

const root = join(import.meta.dirname, "..");

/** The starter in an environment that exists nowhere, on each target. */
const settings: Readonly<Record<Target, object>> = {
  docker: {},
  kubernetes: { kubernetes: { context: "nowhere", registry: "registry.example/shop" } },
  aws: { aws: { region: "eu-central-1", accountId: "123456789012", zones: ["eu-central-1a", "eu-central-1b"] } },
};
const targets = Object.keys(settings) as Target[];

const heading = `# Readiness

Generated from plans of \`stacks/starter.ts\` (profile dev) by \`npm run docs:readiness\`; do not edit.

A component declares once how it says that it can serve. This is what each target makes of it, and what waits for it: \`groundplan preview\` prints the same for an environment of yours.
`;

/** The text of docs/readiness.md. */
export async function readinessTable(): Promise<string> {
  const plans = await Promise.all(targets.map(planOn));
  const [first] = plans;
  const rows = componentsOf(first as Plan).flatMap(({ name, outputs }) => [
    [name, `${outputs.kind}: ${outputs.probe}`, ...plans.map((plan) => translations(plan, name))],
    [name, "starts after", ...plans.map((plan) => waits(plan, name))],
  ]);
  const header = ["component", "declared", ...targets];
  return `${heading}\n${[header, header.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n")}\n`;
}

async function planOn(target: Target): Promise<Plan> {
  const document = { topology: "starter", target, profile: "dev", ...settings[target] };
  const result = await record({
    root,
    main: "stacks/main.js",
    project: "groundplan",
    // No environment of this name is ever deployed, so nothing on this machine is remembered for it.
    stack: "readiness",
    config: { "groundplan:stack": JSON.stringify(document) },
    environment: { GROUNDPLAN_IMAGE_MIRROR: "", GROUNDPLAN_ISOLATION: "", DOCKER_HOST: "unix:///var/run/docker.sock" },
  });
  if (!("plan" in result)) throw new Error(JSON.stringify(result));
  return result.plan;
}

const rowsOf = (plan: Plan, component: string) =>
  readinessOf(plan).filter(({ workload }) => workload === component || workload.startsWith(`${component}-`));

const translations = (plan: Plan, component: string) =>
  unique(rowsOf(plan, component).map(({ workload, translated }) => (workload === component ? translated : `\`${workload}\`: ${translated}`)));

const waits = (plan: Plan, component: string) => {
  const outside = rowsOf(plan, component).flatMap(({ waitsFor }) =>
    waitsFor.filter((part) => !part.startsWith(`${component}-`) && !part.startsWith(`${component} `)),
  );
  return unique(outside) || "nothing of another component";
};

const unique = (texts: readonly string[]) => [...new Set(texts)].join("; ");

if (import.meta.main) process.stdout.write(await readinessTable());
