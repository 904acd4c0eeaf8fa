import { execa } from "execa";

/** A command line for this Node, and what it is measured against. */
export interface Case {
  readonly name: string;
  readonly args: readonly string[];
  readonly floor: readonly string[];
  /** Median of the ratios to the floor that is too much: wide, so that a busy machine does not fail. */
  readonly limit: number;
}

export interface Measured {
  readonly line: string;
  readonly ratio: number;
}

/** Whole processes, interleaved in pairs with their floor; the first pair, which fills the caches, is dropped. */
export async function measure({ name, args, floor }: Case, cwd: string, pairs: number): Promise<Measured> {
  const taken: { it: number; floor: number }[] = [];
  for (let pair = 0; pair <= pairs; pair++) {
    const both = { it: await timed(args, cwd), floor: await timed(floor, cwd) };
    if (pair > 0) taken.push(both);
  }
  const ratios = taken.map((pair) => pair.it / pair.floor);
  const ratio = median(ratios);
  const least = Math.min(...ratios).toFixed(2);
  const most = Math.max(...ratios).toFixed(2);
  const line = `${name.padEnd(24)} ${shown(taken.map(({ it }) => it))}, floor ${shown(taken.map((pair) => pair.floor))}, ratio ${ratio.toFixed(2)} (${least} to ${most})`;
  return { line, ratio };
}

async function timed(args: readonly string[], cwd: string): Promise<number> {
  const began = performance.now();
  await execa(process.execPath, args, { cwd, stdin: "ignore", stdout: "ignore", env: { GROUNDPLAN_ISOLATION: "" } });
  return performance.now() - began;
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const shown = (values: readonly number[]) =>
  `${Math.round(median(values))} ms (${Math.round(Math.min(...values))} to ${Math.round(Math.max(...values))})`;
