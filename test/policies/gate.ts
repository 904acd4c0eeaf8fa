import type { Policy, Resource, Stage } from "../../policies/model.ts";
import { noOverrides } from "../../policies/overrides.ts";
import { type Outcome, type RunOptions, runPolicies } from "../../policies/run.ts";
import type { Waiver } from "../../policies/waivers.ts";
import { resource } from "./cases.ts";

const everywhere = { dev: "mandatory", staging: "mandatory", prod: "mandatory" } as const;
const words = { title: "The input is as it should be", why: "Somebody is hurt.", fix: "Change the input, and look again.", references: ["OWN 1"] };

/** Policies of a gate that tests know whole: one of each kind. */
export const policies: readonly Policy[] = [
  {
    ...words,
    id: "toy-open",
    severity: "critical",
    types: ["toy:index:Server"],
    levels: everywhere,
    scope: "resource",
    check: ({ inputs }) => (inputs.open === undefined ? [] : [{ path: "open", is: `is "${String(inputs.open)}"` }]),
  },
  {
    ...words,
    id: "toy-days",
    severity: "low",
    types: ["toy:index:Server", "toy:index:Disk"],
    levels: { dev: "disabled", staging: "advisory", prod: "advisory" },
    parameters: { days: { meaning: "Days that it is kept", default: { dev: 1, staging: 7, prod: 35 }, minimum: 1, maximum: 100 } },
    scope: "resource",
    check: ({ inputs }, { parameter }) => (Number(inputs.days ?? 99) < parameter("days") ? [{ path: "days", is: `is ${String(inputs.days)}` }] : []),
  },
  {
    ...words,
    id: "toy-whole",
    severity: "high",
    types: ["toy:index:Disk"],
    levels: everywhere,
    scope: "stack",
    check: ({ ofType }) =>
      ofType("toy:index:Disk").flatMap((disk) => {
        if (disk.inputs.broken) throw new Error("no such disk");
        return disk.inputs.server ? [] : [{ resource: disk, path: "", is: "belongs to no server" }];
      }),
  },
  {
    ...words,
    id: "toy-marks",
    severity: "high",
    types: ["toy:index:Server"],
    levels: everywhere,
    needsSecretMarks: true,
    scope: "resource",
    check: ({ inputs, secretInputs }) =>
      inputs.password && !secretInputs?.includes("password") ? [{ path: "password", is: "is not marked secret" }] : [],
  },
  { ...words, id: "toy-idle", severity: "medium", types: ["toy:index:Nothing"], levels: everywhere, scope: "resource", check: () => [] },
];

export const server = (name: string, inputs: Record<string, unknown>, secretInputs?: readonly string[]): Resource =>
  resource("toy:index:Server", name, inputs, { secretInputs: secretInputs ?? [] });
export const disk = (name: string, inputs: Record<string, unknown>): Resource => resource("toy:index:Disk", name, inputs);

const today = "2026-11-28";

export const waiver = (over: Partial<Waiver> = {}): Waiver => ({
  id: "W-1",
  policy: "toy-open",
  urn: "*::web",
  stages: ["dev", "staging", "prod"],
  reason: "The machine stands in a room without a door.",
  owners: ["Ada", "Alan"],
  ticket: "T-1",
  expires: "2026-12-31",
  file: "policies/waivers.yaml",
  line: 4,
  ...over,
});

export const gate = (resources: readonly Resource[], over: Partial<RunOptions> & { readonly stage?: Stage } = {}): Outcome =>
  runPolicies({
    policies,
    resources,
    stage: "prod",
    waivers: [],
    overrides: noOverrides,
    subject: { project: "shop", stack: "shop-prod", program: "stacks/main.js" },
    day: today,
    ...over,
  });

/** One of everything that a report has to show. */
export const everything = (over: Partial<RunOptions> = {}): Outcome =>
  gate(
    [
      server("web", { open: "on", days: 3 }),
      server("api", { open: "100%, really: <b>|`x`|</b>\r\n::error::@all \u001b[31m" }),
      disk("data", {}),
      disk("old", { server: "api", days: 2 }),
      { ...server("odd", {}), inputs: new Proxy({}, { get: () => fail("cannot be read") }) },
    ],
    { waivers: [waiver(), waiver({ id: "W-2", expires: "2026-11-27", line: 12 }), waiver({ id: "W-3", urn: "*::gone", line: 20 })], ...over },
  );

function fail(message: string): never {
  throw new Error(message);
}
