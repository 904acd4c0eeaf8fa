import { type Capability, type Cell, capabilities } from "../src/core/capabilities.ts";
import type { Target } from "../src/core/platform.ts";

const targets = ["docker", "kubernetes", "aws"] as const satisfies readonly Target[];

const heading = `# Capability matrix

Generated from \`src/core/capabilities.ts\` by \`npm run docs:matrix\`; do not edit.

How to read a cell: **yes** is honoured in full, **coarser** is honoured with less precision in the way described, and **refused** is an error before anything is created, which names this row and what to do instead (the words after the semicolon).
`;

/** The text of docs/capability-matrix.md. */
export function capabilityMatrix(): string {
  const rows = Object.values<Capability>(capabilities).map(({ component, capability, cells }) => [
    component,
    capability,
    ...targets.map((target) => shown(cells[target])),
  ]);
  const header = ["component", "capability", ...targets];
  return `${heading}\n${[header, header.map(() => "---"), ...rows].map(line).join("\n")}\n`;
}

const shown = ({ state, how }: Cell) => `**${state}**: ${how}`;

const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;

if (import.meta.main) process.stdout.write(capabilityMatrix());
