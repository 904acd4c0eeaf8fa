import { execa } from "execa";

/** A command line for this Node, and what it is measured against. */
export interface Case {
  readonly name: string;
  readonly args: readonly string[];
  readonly floor: readonly string[];
  /** Median of the ratios of processor time that is too much: wide, so that a busy machine does not fail. */
  readonly limit: number;
}

export interface Measured {
  readonly line: string;
  /** Of processor time, which a busy machine changes least. */
  readonly ratio: number;
}

/** One process with all that it starts, in milliseconds. */
interface Taken {
  readonly elapsed: number;
  readonly processor: number;
}

/** Whole processes, interleaved in pairs with their floor; the first pair, which fills the caches, is dropped. */
export async function measure({ name, args, floor }: Case, cwd: string, pairs: number): Promise<Measured> {
  const taken: { it: Taken; floor: Taken }[] = [];
  for (let pair = 0; pair <= pairs; pair++) {
    const both = { it: await timed(args, cwd), floor: await timed(floor, cwd) };
    if (pair > 0) taken.push(both);
  }
  const told = (what: keyof Taken) => {
    const ratios = taken.map((pair) => pair.it[what] / pair.floor[what]);
    const range = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
    const ms = [taken.map(({ it }) => it[what]), taken.map((pair) => pair.floor[what])].map((values) => `${Math.round(median(values))} ms`);
    return { ratio: median(ratios), text: `${ms.join(" / ")} = ${median(ratios).toFixed(2)} (${range})` };
  };
  const processor = told("processor");
  return { line: `${name}\n  elapsed    ${told("elapsed").text}\n  processor  ${processor.text}`, ratio: processor.ratio };
}

/** Bash tells the processor time of everything that it waited for; Node does not. */
async function timed(args: readonly string[], cwd: string): Promise<Taken> {
  const script = 'TIMEFORMAT="processor %U %S"; time "$@" >/dev/null 2>&1';
  const began = performance.now();
  const { stderr } = await execa("bash", ["-c", script, "bash", process.execPath, ...args], {
    cwd,
    stdin: "ignore",
    env: { GROUNDPLAN_ISOLATION: "", LC_ALL: "C" },
  });
  const [, user = "", system = ""] = /processor ([\d.]+) ([\d.]+)/.exec(stderr) ?? [];
  return { elapsed: performance.now() - began, processor: (Number(user) + Number(system)) * 1000 };
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
