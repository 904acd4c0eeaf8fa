import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { afterEach, describe, expect, test, vi } from "vitest";
import { commandText, everyVerb, examplesOf, helpOf } from "../../../docs/command.ts";
import { program } from "../../../src/cli/program.ts";

const root = resolve(import.meta.dirname, "..", "..", "..");
const verbs = everyVerb();

test("the reference of the command is what the program declares", () => {
  expect(readFileSync(join(root, "docs", "command.md"), "utf8"), "out of date: npm run docs:command").toBe(commandText());
});

// The option that chooses a copy sets it for the process.
afterEach(() => {
  vi.unstubAllEnvs();
});

/** The verb that a command line calls, when it may be written like that; nothing is done. */
async function called(line: string): Promise<string> {
  const parsed = program();
  let name = "";
  const still = (command: Command, words: readonly string[]) => {
    command.exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
    command.action(() => {
      name = words.join(" ");
    });
    for (const below of command.commands) still(below, [...words, below.name()]);
  };
  for (const command of parsed.commands) still(command, [command.name()]);
  vi.stubEnv("GROUNDPLAN_ISOLATION", "");
  await parsed.exitOverride().parseAsync(line.split(/\s+/), { from: "user" });
  return name;
}

describe.each(verbs)("groundplan $name", ({ name, command }) => {
  test("says what it does, and how it is called", async () => {
    expect(command.description()).toMatch(/^[a-z].{10,}[^.]$/);
    const examples = examplesOf(command);
    expect(examples.length).toBeGreaterThan(0);
    for (const { line, why } of examples) {
      expect(why, line).not.toBe("");
      const [, words = ""] = /groundplan ([^"|>)]+)/.exec(line) ?? [];
      expect(await called(words.trim()), line).toBe(name);
    }
  });

  test("has the form of its JSON written down, where it has one", () => {
    const section = commandText().split(`## groundplan ${name}\n`)[1]?.split("\n## ")[0];
    expect(section?.includes("With `--json`: ")).toBe(command.options.some(({ long }) => long === "--json"));
  });

  test("fits a terminal of 80 columns", () => {
    const wide = helpOf(command)
      .split("\n")
      .filter((line) => line.length > 80);
    expect(wide).toEqual([]);
  });
});

test("the list of verbs fits, too, and has each of them in a group of its own", () => {
  const help = helpOf(program());
  for (const { command } of verbs.filter(({ name }) => !name.includes(" "))) {
    expect(command.helpGroup(), command.name()).not.toBe("");
    expect(help).toContain(`\n  ${command.name()} `);
  }
  expect(help.split("\n").filter((line) => line.length > 80)).toEqual([]);
});
