import { stringify } from "yaml";
import { areas } from "../policies/catalogue/index.ts";
import { defaultsOf, evaluate } from "../policies/evaluate.ts";
import { fileRules } from "../policies/file-rules.ts";
import { type Policy, type Resource, stages } from "../policies/model.ts";
import { cases } from "../test/policies/cases/index.ts";
import type { Case } from "../test/policies/cases.ts";

const heading = `# Policies

Generated from \`policies/catalogue\` and the first cases of its tests by \`npm run docs:policies\`; do not edit.

\`groundplan policy\` checks a plan against them; how to run it, waive a finding or set a level otherwise is in [The policy gate](policy-gate.md). What is **mandatory** in a stage stops it, what is **advisory** is told, what is **disabled** is not looked for. The stage of a stack is its profile.

In the examples \`from\` names the resources that an input comes from, and \`secretInputs\` the inputs that are marked secret.
`;

/** What other catalogues ask for, and why this one does not. */
const notCovered = [
  ["Another port than the usual one for a database (Security Hub RDS.23, Control Tower)", "hides nothing: whoever reaches the network finds it"],
  ["MFA delete on buckets (S3.20)", "only the root user can switch it on, by hand"],
  ["Event notifications on every bucket (S3.11)", "noise where nobody waits for events"],
  ["Replication of every bucket to another region (S3.7)", "a decision by the worth of the data, not a rule"],
  [
    "What is in a Helm Release, an `aws-native` or Cloud Control resource or a CloudFormation stack",
    "no plan shows it, or not in the words that policies read; `unread-resources` names each of them",
  ],
  [
    "What a patch of an object (`DeploymentPatch` and the like) leaves out",
    "another one made the object; judged is what a patch writes down of access to the node, guards of the kernel, volumes, images, secrets and rights",
  ],
  [
    "User, capabilities, limits and health of the services of a swarm (`docker.Service`)",
    "components make none; only their images, mounts and ports are read",
  ],
  ["GuardDuty, Config, the root user's MFA and other settings of an account", "outside of what a stack can reach"],
] as const;

/** The text of docs/policies.md. */
export function policiesText(): string {
  const byArea = Object.entries(areas).filter(([, policies]) => policies.length > 0);
  return `${[
    heading,
    ...byArea.flatMap(([area, policies]) => [`## ${area}: overview\n`, overview(policies), ""]),
    "## Waivers and overrides\n",
    "A waiver that breaks a mandatory rule covers nothing. A lowered level is told in every run of its stage.\n",
    table(
      ["rule", "level", "holds when", "fix"],
      Object.entries(fileRules).map(([id, { level, title, fix }]) => [id, level, title, fix]),
    ),
    "",
    "## Declared not covered\n",
    table(["what others ask for", "why not here"], notCovered),
    "",
    ...byArea.flatMap(([area, policies]) => [`## ${area}\n`, ...policies.map(section)]),
  ]
    .join("\n")
    .trimEnd()}\n`;
}

const overview = (policies: readonly Policy[]) =>
  table(
    ["policy", "severity", ...stages, "holds when"],
    policies.map(({ id, severity, levels, title }) => [`[${id}](#${id})`, severity, ...stages.map((stage) => levels[stage]), title]),
  );

function section(policy: Policy): string {
  const { id, title, severity, levels, why, fix, types, references, parameters = {}, needsSecretMarks } = policy;
  const { compliant = [], violating = [] } = cases[id] ?? {};
  const [good] = compliant;
  const [bad] = violating;
  if (!good || !bad) throw new Error(`policy ${id} has no cases: test/policies/cases`);
  return [
    `### ${id}\n`,
    `${title}.\n`,
    `Severity **${severity}**; ${stages.map((stage) => `${stage} ${levels[stage]}`).join(", ")}.\n`,
    `**Why.** ${why}\n`,
    `**Fix.** ${fix}\n`,
    ...(Object.keys(parameters).length > 0
      ? [
          `${table(
            ["parameter", "meaning", "range", ...stages],
            Object.entries(parameters).map(([name, { meaning, minimum, maximum, default: defaults }]) => [
              `\`${name}\``,
              meaning,
              `${minimum} to ${maximum}`,
              ...stages.map((stage) => String(defaults[stage])),
            ]),
          )}\n`,
        ]
      : []),
    ...(needsSecretMarks ? ["It needs to know which inputs are marked secret: a pack on the engine is not told, and does not run it.\n"] : []),
    `${policy.scope === "stack" ? "Looks at the whole stack, and places findings at" : "Looks at"} ${types.map((type) => `\`${type}\``).join(", ")}. References: ${references.join(", ")}.\n`,
    example("Breaks it", bad, found(policy, bad)),
    example("Keeps it", good, []),
  ].join("\n");
}

/** What is said of an example. */
function found(policy: Policy, { resources, stage = "prod" }: Case): string[] {
  const { findings } = evaluate([policy], resources, { ...defaultsOf(stage), level: () => "mandatory" });
  return findings.map(({ name, message }) => `${name}: ${message}`);
}

function example(title: string, { title: what, resources, stage }: Case, says: readonly string[]): string {
  const head = `${title}: ${what}${stage ? ` (stage ${stage})` : ""}`;
  const told = says.length > 0 ? ["", "```text", ...says, "```"] : [];
  return [
    `<details><summary>${html(head)}</summary>\n`,
    "```yaml",
    resources.map(shown).join("---\n").trimEnd(),
    "```",
    ...told,
    "\n</details>\n",
  ].join("\n");
}

/** A resource with what its policy may look at, and nothing that is as usual. */
function shown({ type, name, parent, inputs, protect, ignoreChanges, propertyDependencies, secretInputs = [] }: Resource): string {
  const from = Object.fromEntries(Object.entries(propertyDependencies).map(([input, urns]) => [input, urns.map((urn) => urn.split("::").at(-1))]));
  const document = {
    type,
    name,
    ...(parent === undefined ? {} : { parent: parent.split("::").at(-1) }),
    inputs,
    ...(protect ? { protect } : {}),
    ...(ignoreChanges.length > 0 ? { ignoreChanges } : {}),
    ...(Object.keys(from).length > 0 ? { from } : {}),
    ...(secretInputs.length > 0 ? { secretInputs } : {}),
  };
  return stringify(document, { lineWidth: 0, aliasDuplicateObjects: false });
}

const html = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`).join("\n");

if (import.meta.main) process.stdout.write(policiesText());
