import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { githubReport } from "../../../policies/reports/github.ts";
import { everything, gate, server } from "../gate.ts";

interface Command {
  readonly command: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** As the runner reads a line: up to the first `::` after the properties, which commas part. */
function read(line: string): Command {
  const [, command = "", properties = "", message = ""] = /^::(\w+) (.*?)::(.*)$/s.exec(line) ?? [];
  const data = (text: string) => text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
  const property = (text: string) => data(text.replaceAll("%3A", ":").replaceAll("%2C", ","));
  const pairs = properties.split(",").map((pair) => [pair.slice(0, pair.indexOf("=")), property(pair.slice(pair.indexOf("=") + 1))]);
  return { command, properties: Object.fromEntries(pairs), message: data(message) };
}

const lines = (...args: Parameters<typeof everything>) => githubReport(everything(...args)).split("\n");

describe("annotations", () => {
  test("are errors, warnings and notices at the program or the line of a waiver", () => {
    expect(lines().map((line) => line.slice(0, line.indexOf("::", 2)))).toEqual([
      "::error file=stacks/main.js,line=1,title=toy-open",
      "::error file=stacks/main.js,line=1,title=toy-whole",
      "::warning file=stacks/main.js,line=1,title=toy-days",
      "::warning file=stacks/main.js,line=1,title=toy-days",
      "::error file=policies/waivers.yaml,line=12,title=waiver-expired",
      "::warning file=policies/waivers.yaml,line=20,title=waiver-stale",
      "::error file=stacks/main.js,line=1,title=toy-open",
      "::warning file=stacks/main.js,line=1,title=toy-days",
      "::error file=stacks/main.js,line=1,title=toy-marks",
      "::notice file=stacks/main.js,line=1,title=toy-open",
    ]);
  });

  test("of what did not run are errors in prod alone", () => {
    const staging = lines({ stage: "staging" }).filter((line) => line.includes("not run"));
    expect(staging.map((line) => line.slice(2, 9))).toEqual(["warning", "warning", "warning"]);
  });

  test("hold a message whole, whatever is in it", () => {
    const text = fc.string({ unit: fc.constantFrom("%", "\r", "\n", ",", ":", "::", "%0A", "%25", "=", "a", "::error::") });
    fc.assert(
      fc.property(text, text, (open, program) => {
        const outcome = gate([server("web", { open })]);
        const report = githubReport({ ...outcome, subject: { ...outcome.subject, program } });
        expect(report).not.toMatch(/[\r\n]/);
        const { command, properties, message } = read(report);
        expect({ command, properties }).toEqual({ command: "error", properties: { file: program, line: "1", title: "toy-open" } });
        expect(message.startsWith(`web: open is "${open}"\nfix: `)).toBe(true);
      }),
    );
  });

  test("of nothing are nothing", () => {
    expect(githubReport(gate([server("web", {})]))).toBe("");
  });
});
