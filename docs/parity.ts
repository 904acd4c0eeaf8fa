import type { Target } from "../src/core/platform.ts";
import { type ArgumentCell, type ArgumentRow, asMatrix } from "./parity/cells.ts";
import { dataRows } from "./parity/data.ts";
import { platformRows } from "./parity/platform.ts";
import { serviceRows } from "./parity/service.ts";

const targets = ["docker", "kubernetes", "aws"] as const satisfies readonly Target[];

/** By component and argument: what each ground makes of it. */
export const parity: Readonly<Record<string, Readonly<Record<string, ArgumentRow>>>> = {
  ...Object.fromEntries(
    Object.entries({ ...dataRows, ...platformRows, AppService: serviceRows }).map(([component, rows]) => [
      component,
      // What every component has.
      { ...rows, overrides: asMatrix("overrides") },
    ]),
  ),
};

const heading = `# Arguments, ground by ground

Generated from \`docs/parity/\` by \`npm run docs:parity\`; do not edit.

**honoured** is in full. **translated** is by something else than what the argument names, or in part: a warning tells it where it is given, unless the cell says that it is not needed. **refused** is an error before anything is made, in the words of the cell. Nothing is silently ignored: \`test/parity/arguments-*.test.ts\` changes every argument on every ground and looks at what becomes of the plan.

What does not depend on an argument is in [the capability matrix](capability-matrix.md). The arguments of a gateway that lie below \`routes\`, \`tls\` and \`hsts\`, and its two interfaces on Kubernetes, are in [gateway.md](gateway.md).
`;

/** The text of docs/parity.md. */
export function parityTable(): string {
  const header = ["argument", ...targets];
  const sections = Object.entries(parity).map(([component, rows]) => {
    const lines = Object.entries(rows).map(([argument, cells]) => [`\`${argument}\``, ...targets.map((target) => shown(cells[target]))]);
    return `## ${component}\n\n${[header, header.map(() => "---"), ...lines].map(line).join("\n")}\n`;
  });
  return [heading, ...sections].join("\n");
}

const shown = ({ state, how }: ArgumentCell) => `**${state}**: ${how}`;

const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;

if (import.meta.main) process.stdout.write(parityTable());
