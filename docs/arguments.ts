import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parity } from "./parity.ts";
import { componentArguments } from "./reference/extract.ts";
import { page } from "./reference/page.ts";

const heading = `# Arguments

Generated from the docstrings of the components by \`npm run docs:arguments\`; do not edit.

A page for each component: what each argument means, its type and unit, its default, what a change of it costs, and what each target makes of it. An argument is written in the topology, or per environment below \`components.<name>\` of the stack file.

`;

const words = `
**A change** is what \`up\` does after another value:

- **safe**: nothing that runs is disturbed. New parts may appear, and steps that keep databases, streams or queues in order run again.
- **restart**: containers, pods or tasks of the component are made anew; data and credentials stay.
- **replace**: data or an identity would be made anew. Where data is kept, most of these are refused until it is moved or deleted.

A word may be for one target only; then the note behind it says what others do. \`test/parity/arguments-docker.test.ts\` changes every argument on Docker and holds the word against the plan; \`test/parity/defaults.test.ts\` writes every default that is a plain value down and expects the same plan as without it.

**Docker, Kubernetes, AWS**: honoured, translated or refused, as in [the table of arguments](parity.md). Nothing is silently ignored.

**by profile** means that the profile of the environment decides; the numbers are for dev, staging and prod, in this order.

In paths, \`<name>\` stands for a key that you choose, and \`[]\` for each entry of a list. Every component also takes \`platform\`: the ground it is made on, which the topology gets.
`;

/** File below docs/ -> its text. */
export function argumentPages(): Readonly<Record<string, string>> {
  const components = componentArguments();
  const rows = components.map(({ component, folder, summary }) => `| [${component}](arguments/${folder}.md) | ${summary} |`);
  return {
    "arguments.md": `${heading}${["| component | what it is |", "| --- | --- |", ...rows].join("\n")}\n${words}`,
    ...Object.fromEntries(components.map((component) => [`arguments/${component.folder}.md`, page(component, parity[component.component] ?? {})])),
  };
}

if (import.meta.main) {
  for (const [name, text] of Object.entries(argumentPages())) {
    const file = join(import.meta.dirname, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
