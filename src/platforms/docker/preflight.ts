import type Docker from "dockerode";
import type { ProblemCode } from "../../core/errors.ts";
import { labelKeys } from "../../core/labels.ts";
import { copyArguments, stackName } from "../../core/naming.ts";
import type { Problem } from "../../core/problems.ts";
import type { PlanWants } from "./context.ts";
import { portOwner } from "./port-owner.ts";
import { overlap } from "./subnets.ts";

/** What a plan wants from the daemon, to be compared with what is there already. */
export interface Wanted extends PlanWants {
  readonly prefix: string;
  readonly engine: "pulumi" | "compose";
  /** Folder of the Compose project, when Compose deploys. */
  readonly folder?: string;
  /** The daemon runs on this machine, so its ports can be tried here. */
  readonly local: boolean;
  readonly env: string;
  readonly isolation: string;
  /** `.groundplan` remembers an earlier `up`; otherwise what runs is unknown to it. */
  readonly remembered: boolean;
}

/** Finds before anything starts what would fail halfway: taken ports, foreign volumes, names and subnets, another engine. */
export async function preflight(docker: Docker, wanted: Wanted): Promise<Problem[]> {
  const [containers, volumes, networks] = await Promise.all([docker.listContainers({ all: true }), docker.listVolumes(), docker.listNetworks()]);
  return [
    ...foreignContainers(containers, wanted),
    ...unknownToState(containers, networks, wanted),
    ...(await takenPorts(containers, wanted)),
    ...foreignVolumes(volumes.Volumes ?? [], wanted),
    ...takenSubnets(networks, wanted),
  ];
}

const problem = (code: ProblemCode, component: string, path: string, value: unknown, rule: string, fix: string): Problem => ({
  component,
  path,
  value,
  rule,
  fix,
  code,
});

function foreignContainers(
  containers: readonly Docker.ContainerInfo[],
  { prefix, engine, folder, containers: names, env, isolation }: Wanted,
): Problem[] {
  const ours = containers.filter((c) => c.Labels[labelKeys.stack] === prefix);
  const foreign = containers
    .filter((c) => c.Labels[labelKeys.stack] !== prefix && c.Names.some((n) => names.includes(n.slice(1))))
    .map((c) =>
      problem(
        "GP320",
        "docker",
        "container",
        c.Names[0]?.slice(1),
        "no container of this name that another project made",
        "remove it, or use --isolation with a name of your own",
      ),
    );
  const owner = ours.find((c) => c.Labels[labelKeys.engine] && c.Labels[labelKeys.engine] !== engine)?.Labels[labelKeys.engine];
  const engines = owner
    ? [
        problem(
          "GP201",
          "stack",
          "engine",
          engine,
          `${prefix} was started by engine ${owner}, and one environment belongs to one engine`,
          `go on with --engine ${owner}, or cross over: groundplan down ${copyArguments(env, isolation)} --engine ${owner}, then up again; data is kept`,
        ),
      ]
    : [];
  const elsewhere = folder ? ours.map((c) => c.Labels["com.docker.compose.project.working_dir"]).find((dir) => dir && dir !== folder) : undefined;
  const folders = elsewhere
    ? [
        problem(
          "GP208",
          "stack",
          "folder",
          folder,
          `${prefix} runs from ${elsewhere}`,
          "bring that copy down, or start this one beside it with --isolation NAME",
        ),
      ]
    : [];
  return [...foreign, ...engines, ...folders];
}

/** The engine would make again what its state does not hold, and fail halfway. Compose finds its own by their labels. */
function unknownToState(
  containers: readonly Docker.ContainerInfo[],
  networks: readonly Docker.NetworkInspectInfo[],
  { prefix, engine, env, isolation, remembered }: Wanted,
): Problem[] {
  const ours = [...containers, ...networks].filter(
    (c) => c.Labels?.[labelKeys.stack] === prefix && (c.Labels[labelKeys.engine] ?? engine) === engine,
  );
  if (engine !== "pulumi" || remembered || ours.length === 0) return [];
  const state = `.groundplan/${stackName(env, isolation)}`;
  return [
    problem(
      "GP207",
      "stack",
      "state",
      state,
      `the state of what runs; ${prefix} is up, and ${state} does not know it: it was deleted, or another checkout started ${prefix}`,
      `go on in that checkout, or groundplan down ${copyArguments(env, isolation)}, then up again; data is kept`,
    ),
  ];
}

async function takenPorts(containers: readonly Docker.ContainerInfo[], wanted: Wanted): Promise<Problem[]> {
  const taken = await Promise.all(
    wanted.ports.map(async ({ key, component, port, host }) => {
      const holder = containers.find((c) => c.State === "running" && c.Ports.some((p) => p.PublicPort === port));
      if (holder?.Labels[labelKeys.stack] === wanted.prefix) return undefined;
      const name = holder?.Names[0]?.slice(1);
      const owner = name ? `container ${name}` : wanted.local ? await portOwner(host, port) : undefined;
      if (!owner) return undefined;
      const fix = `stop it, set ports: { ${key}: <free port> } in the stack file, or use --isolation NAME for a block of ports of its own`;
      return problem("GP319", component, `ports.${key}`, port, `a free port; ${port} is held by ${owner}`, fix);
    }),
  );
  return taken.filter((p) => p !== undefined);
}

/** A volume is adopted only when its label says that it is this stack's, and its data has the planned format. */
function foreignVolumes(volumes: readonly Docker.VolumeInspectInfo[], { prefix, volumes: wanted }: Wanted): Problem[] {
  return wanted.flatMap(({ name, component, format }) => {
    const found = volumes.find((v) => v.Name === name);
    if (!found) return [];
    const labels = found.Labels ?? {};
    if (labels[labelKeys.stack] !== prefix) {
      return [
        problem(
          "GP320",
          component,
          "volume",
          name,
          "a volume that this stack made; this one has no such label, so its data is somebody else's",
          `rename or remove it: docker volume rm ${name}, or use --isolation NAME`,
        ),
      ];
    }
    const before = labels[labelKeys.format] ?? "";
    if (before === format) return [];
    return [
      problem(
        "GP322",
        component,
        "volume",
        name,
        `data in format ${format}; this volume holds ${before || "unknown"}`,
        `go back to the old version, or dump, remove the volume and restore: docker volume rm ${name}`,
      ),
    ];
  });
}

function takenSubnets(networks: readonly Docker.NetworkInspectInfo[], { prefix, networks: wanted }: Wanted): Problem[] {
  const foreign = networks.filter((n) => n.Labels?.[labelKeys.stack] !== prefix);
  return wanted.flatMap(({ name, subnet }) => {
    const other = foreign.find((n) => n.IPAM?.Config?.some((c) => c.Subnet && overlap(c.Subnet, subnet)));
    if (!other) return [];
    return [
      problem(
        "GP321",
        "docker",
        "subnetPool",
        subnet,
        `subnets that no other network has; ${other.Name} has ${other.IPAM?.Config?.[0]?.Subnet}`,
        `set subnetPool in the stack file to a free range, e.g. 10.214.0.0/16 (network ${name})`,
      ),
    ];
  });
}
