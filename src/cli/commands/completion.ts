import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { parse } from "yaml";
import { candidates, files, type KnownWords } from "../completion/candidates.ts";
import { completionScripts, type Shell } from "../completion/scripts.ts";

export const completion = (shell: Shell): void => console.log(completionScripts[shell]);

/** Answers a shell: a line for each word that may stand where the cursor is. */
export function complete(program: Command, words: readonly string[]): void {
  const found = candidates(program, words, knownWords(process.cwd()));
  const lines = found === files ? [`:${files}`] : found.map(({ value, description }) => `${value}\t${description.split("\n")[0]}`);
  process.stdout.write(lines.map((line) => `${line}\n`).join(""));
}

/**
 * Environments by their files; components by what stack files say of them and by the ports that an earlier `up` remembered,
 * since running the program takes too long at a keystroke.
 */
function knownWords(from: string): KnownWords {
  const root = rootAbove(from);
  if (root === undefined) return {};
  const environment = readdirSync(root).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
  const component = environment.flatMap((env) => componentsIn(join(root, `Pulumi.${env}.yaml`), join(root, ".groundplan", env, "allocations.json")));
  return { environment: environment.toSorted(), component: [...new Set(component)].toSorted() };
}

function rootAbove(folder: string): string | undefined {
  if (existsSync(join(folder, "Pulumi.yaml"))) return folder;
  return dirname(folder) === folder ? undefined : rootAbove(dirname(folder));
}

/** What cannot be read has nothing to offer: the verb itself says what is wrong with it. */
function componentsIn(stackFile: string, allocations: string): string[] {
  const names = (read: () => readonly string[]) => {
    try {
      return read();
    } catch {
      return [];
    }
  };
  interface StackFile {
    readonly config: Readonly<Record<string, { readonly components?: object }>>;
  }
  interface Remembered {
    readonly ports: object;
  }
  return [
    ...names(() => Object.keys((parse(readFileSync(stackFile, "utf8")) as StackFile).config["groundplan:stack"]?.components ?? {})),
    ...names(() => Object.keys((JSON.parse(readFileSync(allocations, "utf8")) as Remembered).ports).map((port) => port.split(".")[0] ?? "")),
  ];
}
