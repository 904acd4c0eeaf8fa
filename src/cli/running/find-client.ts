import { connectionsOf } from "../../preview/connections.ts";
import { realCredentials, valuesOf } from "../engines/real-credentials.ts";
import { planOf } from "../plan.ts";
import type { EnvironmentProject } from "../project.ts";
import { type Client, clientOf } from "./client.ts";

/** The client of a component with its real password; undefined when it has none, or the password cannot be read. */
export async function findClient(project: EnvironmentProject, component: string): Promise<Client | undefined> {
  const credentials = await realCredentials(project);
  return credentials && clientOf(connectionsOf(await planOf(project, valuesOf(credentials), "compare")), component);
}
