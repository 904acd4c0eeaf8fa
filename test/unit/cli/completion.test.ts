import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { candidates } from "../../../src/cli/completion/candidates.ts";
import { completionScripts } from "../../../src/cli/completion/scripts.ts";
import { program } from "../../../src/cli/program.ts";

const known = { environment: ["dev", "prod", "staging"], component: ["api", "db"] };
const values = (...words: string[]) => {
  const found = candidates(program(), words, known);
  return found === "files" ? found : found.map(({ value }) => value);
};

describe("a word is completed", () => {
  test.each<[string[], readonly string[] | "files"]>([
    [["prev"], ["preview"]],
    [
      ["up", ""],
      ["dev", "prod", "staging"],
    ],
    [["up", "st"], ["staging"]],
    [["up", "dev", "--eng"], ["--engine"]],
    [
      ["up", "--engine", ""],
      ["pulumi", "compose"],
    ],
    [["up", "--engine", "=", "c"], ["compose"]],
    [["up", "--engine=c"], ["--engine=compose"]],
    [["up", "--engine", "compose", "p"], ["prod"]],
    [["up", "--isolation", "two", "p"], ["prod"]],
    [
      ["retire", ""],
      ["api", "db"],
    ],
    [
      ["retire", "db", "--env", ""],
      ["dev", "prod", "staging"],
    ],
    [["policy", "pa"], ["path"]],
    [["policy", "path", ""], ["--help"]],
    [["completion", "z"], ["zsh"]],
    [["graph", "--plan", "p"], "files"],
    [["graph", "--", "p"], "files"],
    [["nonsense", "x"], []],
  ])("%j", (words, expected) => expect(values(...words)).toEqual(expected));

  test("with verbs and options as they are declared, hidden ones aside", () => {
    expect(values("")).toEqual([
      ...program()
        .commands.map((verb) => verb.name())
        .filter((name) => name !== "complete"),
      "help",
    ]);
    expect(values("up", "--refresh", "--")).not.toContain("--refresh");
  });
});

const bash = existsSync("/bin/bash") || existsSync("/usr/bin/bash");
const folder = mkdtempSync(join(tmpdir(), "groundplan-completion-"));
beforeAll(() => {
  const command = resolve(import.meta.dirname, "../../../bin/groundplan.js");
  writeFileSync(join(folder, "groundplan"), `#!/bin/sh\nexec "${process.execPath}" "${command}" "$@"\n`, { mode: 0o755 });
  writeFileSync(join(folder, "completion.bash"), completionScripts.bash);
  writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\n");
  writeFileSync(join(folder, "Pulumi.dev.yaml"), "config: {}\n");
  writeFileSync(join(folder, "Pulumi.demo.yaml"), "config:\n  groundplan:stack:\n    components: { ledger: { replicas: 2 } }\n");
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What bash itself has to offer, in a project of two environments. */
function inBash(...words: string[]): string[] {
  const script = `. ./completion.bash; COMP_WORDS=(groundplan "$@"); COMP_CWORD=$#; _groundplan; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const path = `${folder}:${process.env.PATH}`;
  const out = execFileSync("bash", ["-c", script, "bash", ...words], { cwd: folder, encoding: "utf8", env: { ...process.env, PATH: path } });
  return out.split("\n").filter(Boolean);
}

describe.skipIf(!bash)("bash", () => {
  test("offers environments, components of stack files and names of files", () => {
    expect(inBash("up", "de")).toEqual(["demo", "dev"]);
    expect(inBash("retire", "l")).toEqual(["ledger"]);
    expect(inBash("graph", "--plan", "Pulumi.d")).toEqual(["Pulumi.demo.yaml", "Pulumi.dev.yaml"]);
  });

  test("runs nothing of what is typed", () => {
    inBash("up", "$(touch owned)", "`touch owned`");
    expect(existsSync(join(folder, "owned"))).toBe(false);
  });
});
