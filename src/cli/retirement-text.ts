import pc from "picocolors";
import { copyArguments, stateFolder } from "../core/naming.ts";
import type { ProtectedPart, Retirement } from "../preview/retirement.ts";
import { outlives } from "../preview/what-stays.ts";
import type { EnvironmentProject } from "./project.ts";
import type { Engine } from "./state.ts";
import { table } from "./table.ts";

/** A finding that stops the gate of this stage while the component is retired. */
export interface PolicyFound {
  readonly policy: string;
  readonly urn: string;
  /** People who must answer for a waiver of it in prod. */
  readonly owners: number;
}

export interface RetirementTold {
  readonly retirement: Retirement;
  readonly engine: Engine;
  /** What the stack file retires already. */
  readonly declared: readonly string[];
  /** Other environments of the same topology. */
  readonly siblings: readonly string[];
  /** Undefined when the files of the policies cannot be read. */
  readonly policies: readonly PolicyFound[] | undefined;
}

type Project = Pick<EnvironmentProject, "env" | "prefix" | "stack" | "settings">;

/** What is protected in a component, the two steps that take it out, what is lost by that and what stays. */
export function retirementText(project: Project, told: RetirementTold): string {
  const { retirement, engine } = told;
  const { parts, component, kind } = retirement;
  const { target } = project.settings;
  const head = `${pc.bold(component)} (${kind}) of ${project.prefix} on ${target}: ${parts.length} protected ${parts.length === 1 ? "part" : "parts"}`;
  if (parts.length === 0) return [head, "", ...nothingHeld(project, told)].join("\n");
  const rows = parts.map((part) => [
    part.name,
    part.type.split(":").at(-1) ?? part.type,
    part.held.join(", "),
    part.stays ?? (engine === "compose" && !isVolume(part) ? `stays in ${credentialsFile(project)}` : lost(part.type)),
  ]);
  return [
    head,
    "",
    table(["part", "type", "held by", "when it goes"], rows),
    "",
    ...bound(retirement, engine === "compose" ? "in step 1" : "in step 2"),
    ...(engine === "compose" ? withCompose(project, told) : [...stepOne(project, told), "", ...stepTwo(project, told)]),
    "",
    ...outcome(project, told),
  ].join("\n");
}

const lost = (type: string) => (type.endsWith(":PersistentVolumeClaim") ? "lost, unless its storage class retains volumes" : "lost");

const isVolume = ({ type }: ProtectedPart) => type === "docker:index/volume:Volume";

/** Where engine compose keeps passwords: no step of it takes them away. */
const credentialsFile = ({ stack }: Project) => `${stateFolder}/${stack}/credentials.json`;

const bound = ({ bound: clients }: Retirement, when: string): string[] =>
  clients.length === 0
    ? []
    : [
        `Bound to it: ${clients.map(({ component, bindings }) => `${component} (${bindings.join(", ")})`).join("; ")}. Their bindings go ${when}.`,
        "",
      ];

const commands = ({ env, settings }: Project): string[] => {
  const copy = copyArguments(env, settings.isolation);
  return [`  groundplan preview ${copy}`, `  groundplan up ${copy}`];
};

function stepOne(project: Project, { retirement: { component, stillHeld }, declared, policies }: RetirementTold): string[] {
  const file = `Pulumi.${project.env}.yaml`;
  const done = declared.includes(component);
  const list = done ? declared : [...declared, component];
  return [
    pc.bold("Step 1: give up its protection. It stays, and nothing is deleted."),
    ...(done
      ? [`  ${file} says so already; when it has not been deployed since:`]
      : [`  In ${file}, below config, groundplan:stack:`, "", `    retired: [${list.join(", ")}]`, "", "  Then:"]),
    "",
    ...commands(project),
    ...(stillHeld.length > 0 ? ["", `  Still protected after it, and not to be taken out: ${stillHeld.join(", ")}`] : []),
    ...waivers(project, policies, component),
  ];
}

function waivers({ env, settings }: Project, policies: readonly PolicyFound[] | undefined, component: string): string[] {
  if (!policies) return ["", `  The files of the policies cannot be read: groundplan policy ${env} says why`];
  if (policies.length === 0) return [];
  return [
    "",
    `  groundplan policy ${env} stops at what is not protected, until it is gone. In policies/waivers.yaml, below waivers:`,
    "",
    ...policies.flatMap(({ policy, urn, owners }, index) => [
      `    - id: retire-${component}-${index + 1}`,
      `      policy: ${policy}`,
      `      urn: "${urn}"`,
      `      stage: ${settings.profile.name}`,
      "      reason: <why it may go, in 20 characters or more>",
      `      owner: ${owners > 1 ? "[<name>, <second name>]" : "<name>"}`,
      "      ticket: <ticket>",
      "      expires: <YYYY-MM-DD, the day by which it is gone>",
    ]),
  ];
}

/** A waiver for something that is gone is a finding of its own. */
const unwaived = ({ policies = [], retirement: { component } }: RetirementTold): string[] =>
  policies.length === 0
    ? []
    : [
        "",
        `  In policies/waivers.yaml, take out again what step 1 added: ${policies.map((_, index) => `retire-${component}-${index + 1}`).join(", ")}`,
      ];

/** What all components share, and is left over. */
function letGo(project: Project, { retirement: { shared } }: RetirementTold): string[] {
  const buckets = shared.filter((urn) => urn.includes("aws:s3/bucket:Bucket::"));
  const lines = (urns: readonly string[]) => urns.map((urn) => `  pulumi state unprotect '${urn}' --stack ${project.stack} --yes`);
  const keys = lines(shared.filter((urn) => !buckets.includes(urn)));
  return [
    ...(keys.length > 0
      ? ["  Nothing else uses these; they leave this stack and stay in the account, because snapshots may need them:", "", ...keys]
      : []),
    ...(buckets.length > 0
      ? ["  Nothing else uses these; they are deleted, which S3 refuses until you have emptied them, old versions too:", "", ...lines(buckets)]
      : []),
  ];
}

/** What the stack file and the topology lose. */
function removal(project: Project, { retirement: { component, bound: clients }, declared }: RetirementTold): string[] {
  const { env, settings } = project;
  const remaining = declared.filter((name) => name !== component);
  const ports = Object.keys(settings.ports).filter((port) => port.startsWith(`${component}.`));
  const stackFile = [
    remaining.length > 0 ? `${component} from retired (retired: [${remaining.join(", ")}] stays)` : `retired: [${component}]`,
    ...(settings.components[component] ? [`components.${component}`] : []),
    ...ports.map((port) => `ports.${port}`),
  ];
  const names = clients.map((client) => client.component);
  return [
    `  In the topology ${settings.topology}, remove the component "${component}"${names.length > 0 ? ` and what is bound to it in ${names.join(", ")}` : ""}.`,
    `  In Pulumi.${env}.yaml, remove: ${stackFile.join("; ")}.`,
  ];
}

const siblingsFirst = ({ settings }: Project, { siblings, retirement: { component } }: RetirementTold): string[] =>
  siblings.length === 0
    ? []
    : [
        `  ${settings.topology} is also the topology of ${siblings.join(", ")}: there the component goes with the same edit.`,
        `  Do step 1 first in each of them that is deployed: ${siblings.map((env) => `groundplan retire ${component} --env ${env}`).join("; ")}`,
        "",
      ];

function stepTwo(project: Project, told: RetirementTold): string[] {
  return [
    pc.bold("Step 2: take it out, with its data."),
    ...siblingsFirst(project, told),
    ...removal(project, told),
    ...letGo(project, told),
    ...unwaived(told),
    "",
    ...commands(project),
  ];
}

/** Compose deletes no volume of a component that left. */
function withCompose(project: Project, told: RetirementTold): string[] {
  const volumes = told.retirement.parts.filter(isVolume).map(({ name, physical }) => physical ?? name);
  return [
    "Engine compose deletes no data when a component goes, so nothing has to be given up first.",
    "",
    pc.bold("Step 1: take it out. Its containers go, its volumes stay."),
    ...siblingsFirst(project, told),
    ...removal(project, { ...told, declared: [] }).map((line) =>
      line.replace(`retired: [${told.retirement.component}]`, `what it says of ${told.retirement.component}`),
    ),
    "",
    ...commands(project),
    "",
    pc.bold("Step 2: delete its data."),
    "",
    `  docker volume rm ${volumes.join(" ")}`,
  ];
}

function outcome(project: Project, { retirement: { parts, component }, engine }: RetirementTold): string[] {
  const { settings, env } = project;
  const names = (of: readonly ProtectedPart[]) => of.map(({ name }) => name).join(", ");
  const kept = parts.filter(({ stays }) => stays !== undefined);
  const others = parts.filter(({ stays }) => stays === undefined);
  const gone = engine === "compose" ? others.filter(isVolume) : others;
  const credentials = others.filter((part) => !gone.includes(part));
  const copy = copyArguments(env, settings.isolation);
  const docker = settings.target === "docker";
  return [
    ...(gone.length > 0 ? [`Lost after step 2: ${names(gone)}.`] : []),
    ...(credentials.length > 0 ? [`Stays: ${names(credentials)}, in ${credentialsFile(project)}, until groundplan down ${copy} --volumes.`] : []),
    ...kept.map(({ name, stays }) => `Stays of ${name}: ${stays}.`),
    ...(kept.length === 0 ? ["No backup stays: copy what is still needed before step 2."] : []),
    engine === "compose"
      ? `Between the steps, putting ${component} back finds its data; groundplan down ${copy} keeps the volumes, --volumes deletes them.`
      : `Between the steps, taking it off retired again and up protects it as before; groundplan down ${copy} takes what is retired with it${docker ? ", volumes included; those of all others are kept" : ""}.`,
  ];
}

function nothingHeld(project: Project, told: RetirementTold): string[] {
  const { component, kind } = told.retirement;
  const declared = told.declared.includes(component);
  return [
    `Nothing of it is protected, so it can be taken out at once; ${outlives(kind, project.settings.target) ?? "what it stores goes with it"}.`,
    "",
    ...bound(told.retirement, "with it"),
    ...siblingsFirst(project, told).map((line) =>
      line.replace("Do step 1 first in each of them that is deployed", "See whether more is protected there"),
    ),
    ...removal(project, told).filter((line) => declared || !line.includes("remove: retired: [")),
    ...letGo(project, told),
    "",
    ...commands(project),
  ];
}
