import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { markdownReport } from "../../../policies/reports/markdown.ts";
import { everything, gate, server, waiver } from "../gate.ts";

describe("Markdown", () => {
  test("has the open findings in sight and folds the rest", () => {
    const text = markdownReport(everything());
    const [seen = "", ...folded] = text.split("<details>");
    expect(seen).toContain("### Policies of shop-prod, stage prod: stopped\n\n3 mandatory, 3 advisory, 1 waived, 3 not run.");
    expect(seen).toContain("| data | mandatory | toy-whole | data | belongs to no server |");
    expect(seen).toContain("| W-2 | mandatory | waiver-expired | policies/waivers.yaml:12 | ended with 2026-11-27 |");
    expect(folded.map((block) => /<summary>(.*?)<\/summary>/.exec(block)?.[1])).toEqual(["How to repair it (3)", "Waived (1)", "Not run (3)"]);
    expect(folded[1]).toContain("| W-1 | Ada, Alan | 2026-12-31 |");
  });

  test("is two lines where nothing is wrong", () => {
    expect(markdownReport(gate([server("web", {})]))).toBe(
      "### Policies of shop-prod, stage prod: passed\n\n0 mandatory, 0 advisory, 0 waived, 0 not run.",
    );
  });

  test("says how many findings it leaves out, so that the comment is not refused", () => {
    const servers = (count: number, inputs: object) => Array.from({ length: count }, (_, index) => server(`web-${index}`, { open: "x", ...inputs }));
    const left = (text: string) => [...text.matchAll(/and (\d+) more: see the other reports/g)].map(([, count]) => Number(count));
    const shown = (text: string) => [...text.matchAll(/^\| web-\d+ \| mandatory/gm)].length;
    const many = markdownReport(gate(servers(300, {})));
    expect(left(many)).toEqual([300 - shown(many)]);
    expect(left(markdownReport(gate(servers(20, {}))))).toEqual([]);
    const odd = {
      get days(): number {
        throw new Error("://".repeat(500));
      },
    };
    const waivers = Array.from({ length: 500 }, (_, index) =>
      waiver({ id: `W-${index}`, urn: index > 0 ? "*://::gone" : "*::web-1*", reason: "x".repeat(index + 30) }),
    );
    const endless = gate(
      servers(1000, { open: "://".repeat(2000) }).concat(
        Array.from({ length: 1000 }, (_, index) => ({ ...server(`odd-${index}`, {}), inputs: odd })),
      ),
      { waivers },
    );
    expect(markdownReport(endless).length).toBeLessThan(65_536);
    expect(left(markdownReport(endless))).toHaveLength(4);
  });

  test("text of a program ends no cell, makes no markup and mentions nobody", () => {
    const text = fc.string({
      unit: fc.constantFrom("|", "\n", "\r", "`", "*", "_", "[a](b)", "<b>", "@all", "\\", "https://x.example", "&", "#1", "a", "~~", "!"),
    });
    fc.assert(
      fc.property(text, (open) => {
        const report = markdownReport(gate([server("web", { open })]));
        const row = report.split("\n").find((line) => line.startsWith("| web |")) ?? "";
        expect(row.match(/(?<!\\)(?:\\\\)*\|/g), row).toHaveLength(6);
        expect(row).not.toMatch(/[<>@]|:\/\//);
        expect(row, "every sign of markup stands behind a backslash").not.toMatch(/(?<!\\)(?:\\\\)*[`*_[\]~#!](?!64;|47;)/);
      }),
    );
  });
});
