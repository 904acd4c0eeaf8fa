import type { ArgumentCell, ArgumentRow } from "../parity/cells.ts";
import type { Impact } from "./doc.ts";
import type { Argument, ComponentArguments } from "./extract.ts";

const targets = { docker: "Docker", kubernetes: "Kubernetes", aws: "AWS" } as const;

/** The page of one component: a table to look at, then each argument with everything that is below it. */
export function page({ component, folder, summary, arguments: all }: ComponentArguments, parity: Readonly<Record<string, ArgumentRow>>): string {
  const top = all.filter(({ path }) => !isBelow(path));
  const header = ["argument", "type", "unit", "default", "a change", ...Object.values(targets)];
  const rows = top.map((argument) => [
    `[\`${argument.path}\`](#${argument.path.toLowerCase()})`,
    code(argument.type),
    argument.unit ?? "",
    defaultOf(argument),
    bold(argument.change),
    ...states(parity[argument.path]),
  ]);
  return [
    `# Arguments of ${component}\n`,
    "Generated from the docstrings of the component and from `docs/parity/` by `npm run docs:arguments`; do not edit.\n",
    `${summary} [What it is and how it is run](../../components/${folder}/README.md). What the words of the columns mean: [arguments](../arguments.md).\n`,
    `${table([header, ...rows])}\n`,
    ...top.map((argument) => section(argument, all, parity[argument.path])),
  ].join("\n");
}

function section(argument: Argument, all: readonly Argument[], row: ArgumentRow | undefined): string {
  const cells = row ? Object.entries(targets).map(([target, name]) => `- ${name}: ${told(row[target as keyof typeof targets])}`) : [];
  const below = all.filter(({ path }) => isWithin(path, argument.path));
  return [
    `## ${argument.path}\n`,
    `${argument.text}\n`,
    `- Type: ${code(argument.type)}${argument.unit ? `, in ${argument.unit}` : ""}`,
    `- Default: ${defaultOf(argument)}`,
    `- A change: ${changeOf(argument)}`,
    ...cells,
    "",
    ...(below.length > 0 ? [nested(argument, below)] : []),
  ].join("\n");
}

function nested(above: Argument, below: readonly Argument[]): string {
  const header = ["below it", "type", "unit", "default", "a change", "meaning"];
  const rows = below.map((argument) => [
    `\`${argument.path}\``,
    code(argument.type),
    argument.unit ?? "",
    defaultOf(argument),
    argument.change ? changeOf(argument) : `as \`${nearestAbove(argument, [above, ...below]).path}\``,
    argument.text,
  ]);
  return `${table([header, ...rows])}\n`;
}

/** What says the cost of a change for an argument that does not say it: the nearest one above that does. */
export function nearestAbove(argument: Argument, all: readonly Argument[]): Argument {
  const above = all.filter(({ path, change }) => change && isWithin(argument.path, path));
  return above.toSorted((a, b) => b.path.length - a.path.length)[0] ?? argument;
}

const isBelow = (path: string) => /[.[]/.test(path);

const isWithin = (path: string, above: string) => path.startsWith(`${above}.`) || path.startsWith(`${above}[`);

const defaultOf = ({ optional, default: value }: Argument) => (optional ? literal(value ?? "") : "required");

/** A default that is a value is shown as one. */
const literal = (value: string) => (/^("[^"]*"|\d[\d.]*|true|false|\[.*\])$/.test(value) ? `\`${value}\`` : value);

const bold = (change: Impact | undefined) => (change === "each" ? "as each says" : `**${change}**`);

const changeOf = ({ change, changeNote }: Argument) => `${bold(change)}${changeNote ? `; ${changeNote}` : ""}`;

const states = (row: ArgumentRow | undefined) => Object.keys(targets).map((target) => row?.[target as keyof typeof targets].state ?? "");

/** Links of the tables are written from docs/, these pages lie one folder below. */
const told = ({ state, how }: ArgumentCell) => `**${state}**: ${how.replaceAll("](gateway.md)", "](../gateway.md)")}`;

const code = (type: string) => `\`${type}\``;

const table = (rows: readonly (readonly string[])[]) => {
  const [header = [], ...lines] = rows;
  return [header, header.map(() => "---"), ...lines].map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`).join("\n");
};
