import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { candidates, type KnownWords } from "../../../src/cli/completion/candidates.ts";
import { foldersWithState } from "../../../src/cli/completion/project-words.ts";
import { completionScripts } from "../../../src/cli/completion/scripts.ts";
import { program } from "../../../src/cli/program.ts";

const components: Readonly<Record<string, string[]>> = { dev: ["api", "db"], prod: ["api", "ledger"], devtwo: ["copy"] };
const known: KnownWords = (name, { environment = "none", key = "", component }) =>
  ({
    environment: ["dev", "prod", "staging"],
    component: components[environment + key] ?? [],
    service: [`${environment}-service`],
    part: [`${component}-0`],
    key: ["two"],
    code: ["GP101", "GP404"],
  })[name] ?? [];
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
      ["logs", ""],
      ["api", "db"],
    ],
    [
      ["logs", "--env", "prod", ""],
      ["api", "ledger"],
    ],
    [["exec", "-e", "prod", "l"], ["ledger"]],
    [["logs", "--env=prod", "l"], ["ledger"]],
    [["logs", "--env", "=", "prod", "l"], ["ledger"]],
    [["logs", "--isolation", "two", ""], ["copy"]],
    [["logs", "--env", "pr"], ["prod"]],
    [["logs", "--env", "=", "pr"], ["prod"]],
    [["logs", "--env=pr"], ["--env=prod"]],
    [["logs", "bus", "--part", ""], ["bus-0"]],
    [["connections", "prod", "--for", ""], ["prod-service"]],
    [["up", "--isolation", ""], ["two"]],
    [["explain", "GP40"], ["GP404"]],
    [["graph", "prod", "--component", "l"], ["ledger"]],
    [["logs", "api", "--tail", ""], []],
    [["rotate", "db", "--only", ""], []],
    [["retire", "db", "--env", "s"], ["staging"]],
    [["verify", "--folder", "b"], "files"],
    [["verify", "--folder=b"], "files"],
    [["init", "s"], "files"],
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
  const kept = { dev: { bus: { kind: "NatsCluster", parts: ["bus-0", "bus-1"] }, api: { kind: "AppService", parts: ["api"] } } };
  for (const [stack, words] of Object.entries({ ...kept, "dev-two": { copy: { kind: "AppService", parts: [] } } })) {
    mkdirSync(join(folder, ".groundplan", stack), { recursive: true });
    writeFileSync(join(folder, ".groundplan", stack, "words.json"), JSON.stringify(words));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

test("words alone make no copy with state: one that was only previewed", () => {
  expect(foldersWithState(folder)).toEqual([]);
  const file = join(folder, ".groundplan", "dev-two", "allocations.json");
  writeFileSync(file, "{}");
  expect(foldersWithState(folder)).toEqual(["dev-two"]);
  rmSync(file);
  expect(foldersWithState(join(folder, "nowhere"))).toEqual([]);
});

/** What bash itself has to offer, in a project of two environments. */
function inBash(...words: string[]): string[] {
  const script = `. ./completion.bash; COMP_WORDS=(groundplan "$@"); COMP_CWORD=$#; _groundplan; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const path = `${folder}:${process.env.PATH}`;
  const out = execFileSync("bash", ["--norc", "-c", script, "bash", ...words], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, PATH: path },
  });
  return out.split("\n").filter(Boolean);
}

describe.skipIf(!bash)("bash", () => {
  test("offers environments, components of stack files and names of files", () => {
    expect(inBash("up", "de")).toEqual(["demo", "dev"]);
    expect(inBash("retire", "--env", "demo", "")).toEqual(["ledger"]);
    expect(inBash("logs", "--env", "=", "de")).toEqual(["demo", "dev"]);
    expect(inBash("explain", "GP51")).toContain("GP511");
    expect(inBash("graph", "--plan", "Pulumi.d")).toEqual(["Pulumi.demo.yaml", "Pulumi.dev.yaml"]);
  });

  test("offers components and parts of the plan that was recorded last, of that environment alone", () => {
    expect(inBash("logs", "")).toEqual(["api", "bus"]);
    expect(inBash("logs", "bus", "--part", "")).toEqual(["bus-0", "bus-1"]);
    expect(inBash("connections", "--for", "")).toEqual(["api"]);
    expect(inBash("logs", "--isolation", "two", "")).toEqual(["copy"]);
    expect(inBash("logs", "--isolation", "unknown", "")).toEqual(["api", "bus"]);
    expect(inBash("up", "dev", "--isolation", "")).toEqual(["two"]);
  });

  test("runs nothing of what is typed", () => {
    inBash("up", "$(touch owned)", "`touch owned`");
    expect(existsSync(join(folder, "owned"))).toBe(false);
  });
});
