import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";

/**
 * Whole process of `groundplan preview` of the starter, against its floor: the SDK's program host with an empty program,
 * recorded by the same monitor. Interleaved pairs, warm compile cache; the first pair is dropped.
 */
const root = resolve(import.meta.dirname, "..");
const pairs = 9;
const floorProject = emptyProject();

const timed = async (args: readonly string[], cwd: string): Promise<number> => {
  const began = performance.now();
  await execa(process.execPath, args, { cwd, stdin: "ignore", stdout: "ignore", env: { GROUNDPLAN_ISOLATION: "" } });
  return performance.now() - began;
};

const preview = () => timed([join(root, "bin", "groundplan.js"), "preview", "starter-dev"], root);
const floor = () => timed([join(floorProject, "record.ts")], floorProject);

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const shown = (values: readonly number[]) =>
  `median ${Math.round(median(values))} ms (${Math.round(Math.min(...values))} to ${Math.round(Math.max(...values))})`;

const measured: { preview: number; floor: number }[] = [];
for (let pair = 0; pair <= pairs; pair++) {
  const both = { preview: await preview(), floor: await floor() };
  if (pair > 0) measured.push(both);
}
const ratios = measured.map((m) => m.preview / m.floor);
console.log(`Node ${process.versions.node}, ${pairs} pairs, warm compile cache
  preview of the starter            ${shown(measured.map((m) => m.preview))}
  floor: host with an empty program ${shown(measured.map((m) => m.floor))}
  ratio                             median ${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`);
rmSync(floorProject, { recursive: true, force: true });

/** A project whose program does nothing, and a script that records it. */
function emptyProject(): string {
  const folder = mkdtempSync(join(tmpdir(), "groundplan-floor-"));
  mkdirSync(join(folder, "stacks"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  writeFileSync(join(folder, "stacks", "main.js"), "export default async () => ({});\n");
  const recorder = join(root, "src", "preview", "recorder.ts");
  writeFileSync(
    join(folder, "record.ts"),
    `import { enableCompileCache } from "node:module";
// As the command itself does: both sides start from compiled code.
enableCompileCache();
const { record } = await import(${JSON.stringify(recorder)});
const result = await record({ root: ${JSON.stringify(folder)}, main: "stacks/main.js", project: "floor", stack: "dev", config: {}, environment: { NODE_COMPILE_CACHE: ${JSON.stringify(join(root, "node_modules", ".cache", "groundplan"))} } });
if (!("plan" in result)) throw new Error(JSON.stringify(result));
`,
  );
  return folder;
}
