import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { execa } from "execa";
import { couldNotRun } from "../exit.ts";
import { systemReason } from "../system-reason.ts";

/** Writes a file that only its owner reads; refuses to write over one that somebody else made. */
export function writeOwn(name: string, text: string, isOurs: (before: string) => boolean): void {
  const file = resolve(name);
  try {
    if (existsSync(file) && !isOurs(readFileSync(file, "utf8")))
      throw couldNotRun("GP503", `${name} is there, and not written by this command; name another file, or take that one away`);
    writeFileSync(`${file}.new`, text, { mode: 0o600 });
    chmodSync(`${file}.new`, 0o600);
    renameSync(`${file}.new`, file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!code || code.startsWith("GP")) throw error;
    throw couldNotRun("GP503", `${name} could not be written: ${systemReason(error)}`);
  }
}

/** Git would take the file along: it is in a work tree, and nothing ignores it. */
export async function gitTakes(name: string): Promise<boolean> {
  const file = resolve(name);
  const { exitCode } = await execa("git", ["check-ignore", "--quiet", file], { cwd: dirname(file), reject: false, stdin: "ignore" });
  return exitCode === 1;
}
