import { type Problem, shownValue } from "../../core/problems.ts";
import { portOwner } from "../../platforms/docker/port-owner.ts";
import { containersOf } from "../../preview/containers.ts";
import type { Plan } from "../../preview/plan.ts";
import { machineProblems } from "../daemon.ts";
import { composeFolder } from "../engines/compose.ts";
import { type Check, notLookedAt, ok, problem, type Verdict } from "./check.ts";
import type { Examined } from "./examined.ts";

/** Which of the things that `up` looks for before it starts belong to which row. */
const rows = {
  ports: ({ path }: Problem) => path.startsWith("ports."),
  subnets: ({ path }: Problem) => path === "subnetPool",
  data: ({ path }: Problem) => path === "volume",
  owners: ({ path }: Problem) => ["container", "engine", "folder", "state"].includes(path),
} as const;

/** `wanted`: what is said when nothing stands in the way. */
export function judgeProblems(found: readonly Problem[], row: keyof typeof rows, wanted: string): Verdict {
  const own = found.filter(rows[row]);
  if (own.length === 0) return ok(wanted);
  const told = own.map(({ component, path, value, rule }) => `${component} ${path} = ${shownValue(path, value)}: ${rule}`);
  return problem(told.join("; "), [...new Set(own.map(({ fix }) => fix))].join("; "));
}

interface PlannedPort {
  readonly component: string;
  readonly port: number;
  readonly host: string;
}

const portsOf = (plan: Plan): PlannedPort[] =>
  containersOf(plan).flatMap(({ component, inputs }) => (inputs.ports ?? []).map(({ external, ip }) => ({ component, port: external, host: ip })));

/** Without a daemon: what of the planned ports another process has. */
async function portsByThemselves(ports: readonly PlannedPort[]): Promise<Verdict> {
  const owners = await Promise.all(ports.map(async (one) => ({ ...one, owner: await portOwner(one.host, one.port) })));
  const taken = owners.filter(({ owner }) => owner !== undefined);
  if (taken.length === 0) return ok(portText(ports));
  return problem(
    taken.map(({ component, port, owner }) => `${port} of ${component} is held by ${owner}`).join("; "),
    "stop it, set another port under ports of the stack file, or use --isolation NAME for a block of ports of its own",
  );
}

const portText = (ports: readonly PlannedPort[]) =>
  ports.length === 0 ? "none is published" : `free, or held by this environment: ${[...new Set(ports.map(({ port }) => port))].join(", ")}`;

const problemsOf = new WeakMap<Examined, Promise<Problem[]>>();

/** Asked once for all rows. */
function askedProblems(about: Examined): Promise<Problem[]> | undefined {
  const { project, plan, daemon, engine } = about;
  if (!project || !plan || !daemon) return undefined;
  const before = problemsOf.get(about);
  const asked = before ?? machineProblems(project, plan, engine, daemon, engine === "compose" ? composeFolder(project) : undefined);
  problemsOf.set(about, asked);
  return asked;
}

const compared =
  (row: keyof typeof rows, wanted: (plan: Plan) => string) =>
  async (about: Examined): Promise<Verdict> => {
    const { plan, project } = about;
    if (!plan || !project) return notLookedAt("there is no plan to compare with");
    if (project.settings.target !== "docker") return notLookedAt(`target ${project.settings.target} takes nothing of this machine`);
    const asked = askedProblems(about);
    if (asked) return judgeProblems(await asked, row, wanted(plan));
    return row === "ports" ? portsByThemselves(portsOf(plan)) : notLookedAt("no Docker daemon answers");
  };

export const machineChecks: readonly Check<Examined>[] = [
  { id: "ports", title: "Ports", look: compared("ports", (plan) => portText(portsOf(plan))) },
  { id: "subnets", title: "Subnets", look: compared("subnets", () => "no other network of Docker has them") },
  { id: "data", title: "Volumes of the plan", look: compared("data", () => "new, or of this environment in the planned format") },
  { id: "owners", title: "What runs already", look: compared("owners", () => "nothing of another project, engine or folder is in the way") },
];
