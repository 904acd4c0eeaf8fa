import pc from "picocolors";
import { namespaceOf } from "../../preview/kubernetes.ts";
import { componentNames, requireComponent } from "../components.ts";
import { reachDaemon } from "../daemon.ts";
import { knownSecrets } from "../debug/secrets.ts";
import { reachCluster } from "../kubernetes/kubectl.ts";
import { dockerSources } from "../logs/docker-sources.ts";
import { followLogs, type LogSource, showLogs } from "../logs/follow.ts";
import { kubernetesSources } from "../logs/kubernetes-sources.ts";
import { type LogLine, shownText } from "../logs/lines.ts";
import { type EnvironmentProject, openProject } from "../project.ts";
import { awsLogs, byAws } from "../running/aws.ts";
import { dockerParts } from "../running/docker-parts.ts";
import { requireFound } from "../running/found.ts";
import { podParts } from "../running/kubernetes-parts.ts";
import { partsCalled } from "../running/parts.ts";
import { worthHiding } from "../secret-values.ts";

export interface LogsOptions {
  readonly env: string;
  readonly follow?: boolean;
  /** A moment, ISO 8601. */
  readonly since?: string;
  readonly tail?: number;
  readonly part?: string;
  readonly timestamps?: boolean;
}

/** What all containers of a component print. */
export async function logs(component: string, options: LogsOptions): Promise<void> {
  const project = openProject(options.env);
  const secrets = new Set<string>();
  const list = await lister(project, component, options, secrets);
  const window = { since: options.since, tail: options.tail };
  const show = shower((text) => shownText(text, [...secrets]), options.timestamps ?? false);
  // Whoever reads may stop reading.
  process.stdout.on("error", () => process.exit());
  if (options.follow) await followLogs(list, window, show);
  else await showLogs(await list(), window, show);
}

/** Finds the containers again each time it is asked, because they come and go. */
async function lister(
  project: EnvironmentProject,
  component: string,
  { part, follow }: LogsOptions,
  secrets: Set<string>,
): Promise<() => Promise<LogSource[]>> {
  const { prefix, settings } = project;
  if (settings.target === "docker") {
    const daemon = await reachDaemon();
    const first = await dockerParts(daemon, prefix);
    await requireFound(project, first, component);
    partsCalled(first, component, part);
    const seen = new Set<string>();
    return async () => dockerSources(daemon, chosen(await dockerParts(daemon, prefix), component, part), secrets, seen);
  }
  const { planOf } = await import("../plan.ts");
  const plan = await planOf(project);
  requireComponent(componentNames(plan), component, project.env);
  if (settings.target === "aws") throw byAws("logs", awsLogs(plan, component, settings, follow ?? false));
  const kubectl = await reachCluster(project, namespaceOf(plan));
  // Pods have them from Secrets, which are not asked for.
  for (const value of worthHiding(await knownSecrets(project, plan, process.env))) secrets.add(value);
  const first = await podParts(kubectl, prefix);
  await requireFound(project, first, component);
  partsCalled(first, component, part);
  return async () => kubernetesSources(kubectl, chosen(await podParts(kubectl, prefix), component, part));
}

/** The same as at the start, where a part that is away for a moment is no error. */
function chosen<P extends Parameters<typeof partsCalled>[0][number]>(parts: readonly P[], component: string, part: string | undefined): P[] {
  try {
    return partsCalled(parts, component, part);
  } catch {
    return [];
  }
}

const colours = [pc.cyan, pc.yellow, pc.green, pc.magenta, pc.blue];

/** Prints lines with the part in front, each part in a colour of its own. */
function shower(shown: (text: string) => string, timestamps: boolean): (line: LogLine) => void {
  const known: string[] = [];
  return ({ at, part, text }) => {
    if (!known.includes(part)) known.push(part);
    const width = Math.max(...known.map(({ length }) => length));
    const colour = colours[known.indexOf(part) % colours.length] ?? pc.cyan;
    console.log(`${colour(`${part.padEnd(width)} |`)} ${timestamps ? `${pc.dim(at)} ` : ""}${shown(text)}`);
  };
}
