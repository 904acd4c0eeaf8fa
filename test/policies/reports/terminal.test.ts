import { expect, test } from "vitest";
import { terminalReport } from "../../../policies/reports/terminal.ts";
import { everything, gate, server } from "../gate.ts";

test("is grouped by component, the worst first, with each fix once, what is waived and what did not run", () => {
  expect(terminalReport(everything())).toMatchInlineSnapshot(`
    "Policies of shop-prod, stage prod

    api
      mandatory  toy-open  api (toy:index:Server)
                 open is "100%, really: <b>|\`x\`|</b> ::error::@all  [31m"
                 fix  Change the input, and look again.

    data
      mandatory  toy-whole  data (toy:index:Disk)
                 belongs to no server
                 fix  Change the input, and look again.

    old
      advisory   toy-days  old (toy:index:Disk)
                 days is 2
                 fix  Change the input, and look again.

    web
      advisory   toy-days  web (toy:index:Server)
                 days is 3

    Waivers and overrides
      mandatory  waiver-expired  W-2 (policies/waivers.yaml:12)
                 ended with 2026-11-27
                 fix  Repair what it covers and remove it, or decide anew and name a later day.
      advisory   waiver-stale  W-3 (policies/waivers.yaml:20)
                 covers nothing in stage prod
                 fix  Remove it, or correct its pattern.

    Not run: stops stage prod
      mandatory  toy-marks  urn:pulumi:test::cases::toy:index:Server::odd
                 the check failed: cannot be read
      mandatory  toy-open  urn:pulumi:test::cases::toy:index:Server::odd
                 the check failed: cannot be read
      advisory   toy-days  urn:pulumi:test::cases::toy:index:Server::odd
                 the check failed: cannot be read

    Waived
      toy-open  web  open is "on"  (W-1, Ada and Alan, until 2026-12-31)

    3 mandatory, 3 advisory, 1 waived, 3 not run; 4 of 5 policies had something to look at"
  `);
});

test("says in one line that nothing is wrong", () => {
  expect(terminalReport(gate([server("web", {})]))).toBe(
    "Policies of shop-prod, stage prod\n\n0 mandatory, 0 advisory, 0 waived, 0 not run; 3 of 5 policies had something to look at",
  );
});

test("names the policies that do not run in this way, and what that stops", () => {
  const text = terminalReport(gate([{ ...server("web", {}), secretInputs: undefined }]));
  expect(text).toContain("Not in this way of running: nobody tells here which inputs are secret\n  toy-marks\n");
  expect(terminalReport(everything())).toContain("Not run: stops stage prod");
  expect(terminalReport(everything({ stage: "staging" }))).toContain("\nNot run\n");
});

test("carries out nothing that a program wrote", () => {
  const text = terminalReport(gate([server("a\u001b[2Jb", { open: "x\u001b]0;title\u0007\ny" })]));
  expect(text.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
});

test("paints the levels", () => {
  const mark = (sign: string) => (text: string) => `<${sign}>${text}</${sign}>`;
  const text = terminalReport(everything(), { bold: mark("b"), dim: mark("d"), red: mark("r"), yellow: mark("y") });
  expect(text).toContain("<r>mandatory</r>  toy-open");
  expect(text).toContain("<y>advisory </y>  toy-days");
});
