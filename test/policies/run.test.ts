import { describe, expect, test } from "vitest";
import { stops } from "../../policies/run.ts";
import { disk, everything, gate, policies, server, waiver } from "./gate.ts";

const ids = (found: readonly { readonly policy: string }[]) => found.map(({ policy }) => policy);

describe("a run", () => {
  test("counts for each policy what it looked at and found", () => {
    const { policies: runs } = everything();
    const of = (id: string) => runs.find((policy) => policy.id === id);
    expect(of("toy-open")).toMatchObject({ state: "ran", looked: { "toy:index:Server": 3 }, open: 1, waived: 1, notRun: 1 });
    expect(of("toy-days")).toMatchObject({ looked: { "toy:index:Server": 3, "toy:index:Disk": 2 }, open: 2, notRun: 1, level: "advisory" });
    expect(of("toy-whole")).toMatchObject({ looked: { "toy:index:Disk": 2 }, open: 1 });
    expect(of("toy-idle")).toMatchObject({ state: "ran", looked: {} });
  });

  test("is the same every time, and does not depend on the order of waivers", () => {
    expect(everything()).toEqual(everything());
  });

  test("leaves out a policy that must know secret marks where nobody tells them, and does not call it not run", () => {
    const web = server("web", { password: "x" });
    expect(ids(gate([web]).open)).toEqual(["toy-marks"]);
    const { open, notRun, policies: runs } = gate([{ ...web, secretInputs: undefined }], { waivers: [waiver({ policy: "toy-marks" })] });
    expect([open, notRun]).toEqual([[], []]);
    expect(runs.find(({ id }) => id === "toy-marks")).toMatchObject({ state: "not-here", looked: {} });
  });
});

describe("a run stops a pipeline", () => {
  const open = server("web", { open: "on" });
  test("with an open mandatory finding, in every stage", () => {
    for (const stage of ["dev", "staging", "prod"] as const) expect(stops(gate([open], { stage })), stage).toBe(true);
  });

  test("not with what is advisory or waived", () => {
    expect(stops(gate([server("web", { days: 1 })]))).toBe(false);
    expect(stops(gate([open], { waivers: [waiver()] }))).toBe(false);
    expect(stops(gate([], { waivers: [waiver()] })), "stale").toBe(false);
  });

  test("with a waiver that is not as it must be, also where nothing else is found", () => {
    expect(stops(gate([], { waivers: [waiver({ reason: "" })] }))).toBe(true);
  });

  test("with a mandatory policy that did not run, in prod alone", () => {
    const broken = disk("data", { broken: true });
    expect(ids(gate([broken]).notRun)).toEqual(["toy-whole"]);
    expect(stops(gate([broken]))).toBe(true);
    expect(stops(gate([broken], { stage: "staging" }))).toBe(false);
    const overrides = { levels: { "toy-whole": { prod: "advisory" as const } }, parameters: {}, lowered: [] };
    expect(stops(gate([broken], { overrides, policies }))).toBe(false);
  });
});
