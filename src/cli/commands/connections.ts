import pc from "picocolors";
import { copyArguments } from "../../core/naming.ts";
import { type ConnectionRow, connectionsOf, withWord } from "../../preview/connections.ts";
import type { Plan } from "../../preview/plan.ts";
import { allVariables, serviceVariables } from "../../preview/service-variables.ts";
import { componentNames, requireComponent } from "../components.ts";
import { envFile, marker } from "../connections/env-file.ts";
import { gitTakes, writeOwn } from "../connections/write.ts";
import { notMadeYet, realCredentials, valuesOf } from "../engines/real-credentials.ts";
import { couldNotRun } from "../exit.ts";
import { planOf } from "../plan.ts";
import { type EnvironmentProject, openProject } from "../project.ts";
import { awsConnections, byAws } from "../running/aws.ts";
import { table } from "../table.ts";

export interface ConnectionsOptions {
  readonly format?: "table" | "env" | "json";
  readonly json?: boolean;
  /** A service, whose variables are wanted. */
  readonly for?: string;
  readonly showSecrets?: boolean;
  readonly output?: string;
}

/** How everything is reached. Passwords leave the process only when they are asked for. */
export async function connections(env: string, options: ConnectionsOptions): Promise<void> {
  const project = openProject(env);
  const secrets = options.showSecrets ?? false;
  if (project.settings.target === "aws") throw byAws("connections", awsConnections(project));
  const plan = await (secrets ? planOf(project, valuesOf(await requireCredentials(project)), "compare") : planOf(project));
  for (const name of notMadeYet(plan)) console.error(pc.yellow(`warning  ${name} is not made yet, the next groundplan up does that`));
  const text = textOf(project, plan, options, secrets);
  if (options.for !== undefined && serviceVariables(plan, options.for, []).length === 0)
    console.error(`nothing is bound to ${options.for}: no binding gives it a variable`);
  if (options.output === undefined) return console.log(text.trimEnd());
  writeOwn(options.output, text, (before) => before === "" || before.startsWith(marker) || before.startsWith(jsonStart));
  console.log(`${options.output} is written${secrets ? ", with passwords; only you can read it" : ""}`);
  if (secrets && (await gitTakes(options.output))) console.error(pc.yellow(`warning  git does not ignore ${options.output}: it holds passwords`));
}

/** How the JSON form begins, by which a file of it is known again. */
const jsonStart = '[\n  {\n    "component": ';

async function requireCredentials(project: EnvironmentProject) {
  const credentials = await realCredentials(project);
  if (credentials) return credentials;
  const copy = copyArguments(project.env, project.settings.isolation);
  throw couldNotRun(
    "GP403",
    `the passwords of ${project.stack} are not known here: it was not brought up from this folder, or its state cannot be read
  Start it: groundplan up ${copy}`,
  );
}

function textOf(project: EnvironmentProject, plan: Plan, options: ConnectionsOptions, secrets: boolean): string {
  const format = options.format ?? (options.json ? "json" : options.for || options.output ? "env" : "table");
  const rows = connectionsOf(plan, project.settings.kubernetes?.context);
  if (options.for !== undefined) requireComponent(componentNames(plan), options.for, project.env);
  if (format === "env") {
    const variables = options.for === undefined ? allVariables(rows) : serviceVariables(plan, options.for, rows);
    const whose = options.for === undefined ? "everything that is published" : `what ${options.for} is bound to`;
    return envFile(variables, `${project.prefix}, ${whose}, as this machine reaches it`, secrets);
  }
  const shown = options.for === undefined ? rows : boundRows(plan, options.for, rows);
  const told = shown.map((row) => (secrets ? (row.unknown ? withWord(row, "[not known here]") : row) : withWord(row, "[hidden]")));
  return format === "json" ? `${JSON.stringify(told.map(ordered), null, 2)}\n` : tableText(told, secrets);
}

/** Connections that a service is bound to. */
function boundRows(plan: Plan, service: string, rows: readonly ConnectionRow[]): ConnectionRow[] {
  const bound = new Set(serviceVariables(plan, service, rows).flatMap(({ to }) => (to ? [to] : [])));
  return rows.filter((row) => bound.has(row));
}

/** The component first, for who reads it and for `jsonStart`. */
const ordered = ({ component, ...rest }: ConnectionRow) => ({ component, ...rest });

function tableText(rows: readonly ConnectionRow[], secrets: boolean): string {
  const ways = [...new Set(rows.flatMap(({ way }) => way ?? []))];
  const lines = rows.map((row) => [
    row.component,
    row.name,
    row.scheme,
    `${row.inside.host}:${row.inside.port}`,
    row.outside ? `${row.outside.host}:${row.outside.port}` : "-",
    row.username ?? "-",
    row.database ?? "-",
    row.password ?? "-",
  ]);
  return [
    table(["component", "connection", "protocol", "inside", "from this machine", "user", "database", "password"], lines),
    ...(ways.length > 0 ? ["", "  From this machine after", ...ways.map((way) => `    ${way}`)] : []),
    ...(secrets ? [] : ["", "  --show-secrets shows passwords; --format env and --format json give whole URIs"]),
    "",
  ].join("\n");
}
