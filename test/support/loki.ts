import { imageReference } from "../../src/core/images.ts";
import { runOnce } from "../../src/platforms/docker/run-once.ts";
import { mirror } from "./docker-tier.ts";
import { daemon } from "./stack.ts";
import type { TempProject } from "./temp-project.ts";

/** Lines with the same labels. */
export interface LogStream {
  readonly stream: Record<string, string>;
  readonly values: [string, string][];
}

/** What Loki has for a query, asked from inside its network, since it is not published. */
export async function logStreams(project: TempProject, query: string): Promise<LogStream[]> {
  const path = `/loki/api/v1/query_range?since=1h&limit=500&query=${encodeURIComponent(query)}`;
  const { code, output } = await runOnce(daemon, {
    image: imageReference({ table: "toolbox" }, mirror ? { mirror } : {}),
    command: ["wget", "-q", "-O", "-", `http://telemetry-loki:3100${path}`],
    networkMode: `${project.prefix}-telemetry-loki`,
    timeoutSeconds: 30,
  });
  if (code !== 0) throw new Error(`Loki does not answer: ${output}`);
  return (JSON.parse(output) as { data: { result: LogStream[] } }).data.result;
}

export const logLines = async (project: TempProject, query: string): Promise<string[]> =>
  (await logStreams(project, query)).flatMap(({ values }) => values.map(([, line]) => line));
